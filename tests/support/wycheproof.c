/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One signature a line, for test_wycheproof.py: kind of key, hash, "pss" or
 * "-", SubjectPublicKeyInfo, message and signature in hexadecimal ("-": empty).
 * Prints a line each: "valid", "invalid", or "key" where the key is refused.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/verdict/path/signature.h"

#define FIELD_BYTES_MAX 8192

struct field {
	size_t len;
	uint8_t data[FIELD_BYTES_MAX];
};

static const char *const KEYS[] = {
	[KEY_RSA] = "rsa", [KEY_ECDSA] = "ecdsa", [KEY_ED25519] = "ed25519"};
static const char *const HASHES[] = {[HASH_NONE] = "-",
				     [HASH_SHA1] = "SHA-1",
				     [HASH_SHA256] = "SHA-256",
				     [HASH_SHA384] = "SHA-384",
				     [HASH_SHA512] = "SHA-512"};

static size_t find(const char *const names[], size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (names[i] && !strcmp(names[i], name))
			return i;
	exit(2);
}

static struct bytes read_hex(const char *hex, struct field *out)
{
	out->len = 0;
	if (!strcmp(hex, "-"))
		return (struct bytes){out->data, 0};
	for (; hex[0] && hex[1]; hex += 2) {
		char octet[3] = {hex[0], hex[1], '\0'};

		if (out->len == sizeof(out->data))
			exit(2);
		out->data[out->len++] = (uint8_t)strtoul(octet, NULL, 16);
	}
	return (struct bytes){out->data, out->len};
}

static const char *check(char *fields[6])
{
	static struct field spki, message, signature;
	const struct signature_algorithm a = {
		"",
		(enum key_kind)find(KEYS, sizeof(KEYS) / sizeof(*KEYS),
				    fields[0]),
		(enum hash_kind)find(HASHES, sizeof(HASHES) / sizeof(*HASHES),
				     fields[1]),
		!strcmp(fields[2], "pss")};
	char buffer[256];
	struct text why;
	struct key key;

	text_open(&why, buffer, sizeof(buffer));
	if (!key_parse(read_hex(fields[3], &spki), go_newest(), &key, &why) ||
	    key.kind != a.key)
		return "key";
	return signature_verify(&a, &key, read_hex(fields[4], &message),
				read_hex(fields[5], &signature))
		       ? "valid"
		       : "invalid";
}

int main(void)
{
	static char line[6 * (2 * FIELD_BYTES_MAX + 2)];

	while (fgets(line, sizeof(line), stdin)) {
		char *fields[6], *rest = line;

		for (size_t i = 0; i < 6; i++) {
			fields[i] = strsep(&rest, " \n");
			if (!fields[i] || !*fields[i])
				return 2;
		}
		puts(check(fields));
	}
	return 0;
}
