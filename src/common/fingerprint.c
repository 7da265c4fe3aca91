/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHA-256 fingerprints and their text. Both processes.
 */
#include "common/fingerprint.h"
#include "common/escape.h"
#include "common/hex.h"
#include "common/limits.h"

#include <mbedtls/sha256.h>
#include <string.h>
#include <strings.h>

/* see fingerprint.h */
void fingerprint_of(struct bytes der, struct fingerprint *out)
{
	/* Fails only where a hardware driver can. */
	if (mbedtls_sha256(der.data, der.len, out->sha256, 0))
		memset(out, 0, sizeof(*out));
}

/* see fingerprint.h */
bool fingerprint_equal(const struct fingerprint *a, const struct fingerprint *b)
{
	return !memcmp(a->sha256, b->sha256, sizeof(a->sha256));
}

/* see fingerprint.h */
bool fingerprint_is_among(struct bytes der, const struct fingerprint *list,
			  size_t count)
{
	struct fingerprint fp;

	fingerprint_of(der, &fp);
	for (size_t i = 0; i < count; i++)
		if (fingerprint_equal(&fp, &list[i]))
			return true;
	return false;
}

/* see fingerprint.h */
void fingerprint_encode(const struct fingerprint *fp,
			char out[static FINGERPRINT_TEXT_BYTES])
{
	char *next = out;

	memcpy(next, "sha256:", 7);
	next += 7;
	for (size_t i = 0; i < FINGERPRINT_BYTES; i++) {
		*next++ = hex_digit(fp->sha256[i] >> 4);
		*next++ = hex_digit(fp->sha256[i]);
	}
	*next = '\0';
}

static bool begins(const char *text, size_t len, const char *word)
{
	size_t n = strlen(word);

	return len >= n && !strncasecmp(text, word, n);
}

/* openssl 3 prints `sha256 Fingerprint=`, openssl 1.1 `SHA256 Fingerprint=`. */
static void skip_prefix(const char **text, size_t *len)
{
	static const char *const prefixes[] = {
		"sha256 fingerprint=", "sha256:", "sha256="};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		if (begins(*text, *len, prefixes[i])) {
			*text += strlen(prefixes[i]);
			*len -= strlen(prefixes[i]);
			return;
		}
	}
}

static enum err refuse(struct failure *f, const char *text, size_t len,
		       const char *why)
{
	char shown[SHOWN_BYTES];

	escape_masked(shown, sizeof(shown), text, len);
	return failure_set(f, ERR_USAGE, "\"%s\" is not a pin: %s", shown, why);
}

/* What LEN bytes of TEXT with a letter that is no hexadecimal digit are. */
static const char *explain(const char *text, size_t len)
{
	static const char *const others[] = {"sha1",   "md5",	 "sha224",
					     "sha384", "sha512", "sha-1"};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (begins(text, len, others[i]))
			return "it is another digest; give the SHA-256";
	if (begins(text, len, "-----BEGIN"))
		return "it is a certificate; --ca-file takes one";
	if (len && (*text == '/' || *text == '.'))
		return "it is a path; --ca-file takes a file";
	if (begins(text, len, "sha256/") || begins(text, len, "pin-sha256") ||
	    (len >= 43 && len <= 51 &&
	     (text[len - 1] == '=' || memchr(text, '+', len) ||
	      memchr(text, '/', len))))
		return "it is a hash in base64, as of a public key (SPKI); "
		       "give the SHA-256 of the certificate, as --show "
		       "prints it";
	return "expected sha256: and 64 hexadecimal digits, colons allowed";
}

static const char *check_count(size_t digits)
{
	switch (digits) {
	case 2 * FINGERPRINT_BYTES:
		return NULL;
	case 32:
		return "32 digits are an MD5 digest; give the SHA-256";
	case 40:
		return "40 digits are a SHA-1 digest; give the SHA-256";
	case 96:
	case 128:
		return "it is longer than a SHA-256 digest";
	default:
		return "a SHA-256 digest has 64 hexadecimal digits";
	}
}

/* see fingerprint.h */
enum err fingerprint_parse(const char *text, size_t len,
			   struct fingerprint *out, struct failure *f)
{
	const char *hex = text;
	size_t left = len;
	size_t digits = 0;
	const char *why;

	memset(out, 0, sizeof(*out));
	skip_prefix(&hex, &left);
	for (size_t i = 0; i < left; i++) {
		int value = hex_value((unsigned char)hex[i]);
		bool between = digits % 2 == 0 && i > 0 && i + 1 < left;

		if (hex[i] == ':' && between && hex[i - 1] != ':')
			continue;
		if (value < 0)
			return refuse(f, text, len, explain(text, len));
		if (digits < 2 * FINGERPRINT_BYTES)
			out->sha256[digits / 2] |=
				(uint8_t)(digits % 2 ? value : value << 4);
		digits++;
	}
	why = check_count(digits);
	return why ? refuse(f, text, len, why) : ERR_OK;
}
