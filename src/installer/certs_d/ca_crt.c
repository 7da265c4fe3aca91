/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PEM encoder and the comparison of PEM text with DER; see ca_crt.h.
 */
#include "installer/certs_d/ca_crt.h"

#include <stdio.h>
#include <string.h>

#include "common/date.h"
#include "common/fingerprint.h"

#define PEM_BEGIN   "-----BEGIN CERTIFICATE-----"
#define PEM_END	    "-----END CERTIFICATE-----"
#define PEM_COLUMNS 64
#define NOTE	    "# token service: "

/* Base64 of a DER, one character at a time, so that a file of any size can be
 * compared without a copy. */
static char base64_at(struct bytes der, size_t index)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t first = index / 4 * 3;
	uint32_t group = 0;

	for (size_t i = 0; i < 3; i++)
		group = group << 8 |
			(first + i < der.len ? der.data[first + i] : 0U);
	if (first + index % 4 > der.len)
		return '=';
	return alphabet[group >> (18 - 6 * (index % 4)) & 63];
}

static size_t base64_len(struct bytes der)
{
	return (der.len + 2) / 3 * 4;
}

static void append(struct ca_crt *e, const char *text, size_t len)
{
	if (e->overflow || len > e->size - e->len) {
		e->overflow = true;
		return;
	}
	if (len)
		memcpy(e->text + e->len, text, len);
	e->len += len;
}

static void append_string(struct ca_crt *e, const char *text)
{
	append(e, text, strlen(text));
}

/* see ca_crt.h */
void ca_crt_begin(struct ca_crt *e, char *text, size_t size)
{
	*e = (struct ca_crt){text, size, 0, false};
	append_string(e, CA_CRT_MARK);
}

/* GnuTLS looks for `-----BEGIN` anywhere in a line. */
static void append_comment(struct ca_crt *e, const char *label,
			   struct bytes text)
{
	append_string(e, label);
	for (size_t i = 0; i < text.len; i++)
		if (i == 0 || text.data[i] != '-' || text.data[i - 1] != '-')
			append(e, (const char *)&text.data[i], 1);
	append_string(e, "\n");
}

/* see ca_crt.h */
void ca_crt_append(struct ca_crt *e, const struct wire_certificate *c)
{
	size_t len = base64_len(c->der);
	char text[FINGERPRINT_TEXT_BYTES];
	char time[DATE_BYTES];
	struct fingerprint fp;

	fingerprint_of(c->der, &fp);
	fingerprint_encode(&fp, text);
	if (!(c->flags & WIRE_CERT_UNPARSED))
		append_comment(e, "# subject: ", c->subject);
	append_string(e, "# fingerprint: ");
	append_string(e, text);
	if (!(c->flags & WIRE_CERT_UNPARSED)) {
		append_string(e, "\n# valid: ");
		date_encode(c->not_before, time);
		append_string(e, time);
		append_string(e, " to ");
		date_encode(c->not_after, time);
		append_string(e, time);
	}
	append_string(e, "\n" PEM_BEGIN "\n");
	for (size_t i = 0; i < len; i++) {
		char digit = base64_at(c->der, i);

		append(e, &digit, 1);
		if (i % PEM_COLUMNS == PEM_COLUMNS - 1 || i + 1 == len)
			append_string(e, "\n");
	}
	append_string(e, PEM_END "\n");
}

static bool is_space(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* TEXT begins after a BEGIN boundary: is what follows DER and the END? */
static bool block_is(struct bytes text, struct bytes der)
{
	size_t len = base64_len(der);
	size_t at = 0;
	size_t i = 0;

	while (i < text.len && at < len) {
		if (is_space(text.data[i])) {
			i++;
			continue;
		}
		if ((char)text.data[i++] != base64_at(der, at++))
			return false;
	}
	while (i < text.len && is_space(text.data[i]))
		i++;
	return at == len && text.len - i >= sizeof(PEM_END) - 1 &&
	       !memcmp(text.data + i, PEM_END, sizeof(PEM_END) - 1);
}

/* see ca_crt.h */
bool ca_crt_file_names(struct bytes file, struct bytes der)
{
	struct bytes rest = file;

	if (bytes_equal(file, der))
		return true;
	while (rest.len) {
		const uint8_t *begin = memmem(rest.data, rest.len, PEM_BEGIN,
					      sizeof(PEM_BEGIN) - 1);

		if (!begin)
			return false;
		begin += sizeof(PEM_BEGIN) - 1;
		rest.len -= (size_t)(begin - rest.data);
		rest.data = begin;
		if (block_is(rest, der))
			return true;
	}
	return false;
}

/* see ca_crt.h */
bool ca_crt_is_marked(struct bytes file)
{
	return file.len >= sizeof(CA_CRT_MARK) - 1 &&
	       !memcmp(file.data, CA_CRT_MARK, sizeof(CA_CRT_MARK) - 1);
}

/* Cut the next line, with its end, off REST, until it begins with NOTE. No
 * subject can make such a line: it is one line behind a label of its own. */
static struct bytes next_note(struct bytes *rest)
{
	while (rest->len) {
		const uint8_t *end = memchr(rest->data, '\n', rest->len);
		size_t len = end ? (size_t)(end - rest->data) + 1 : rest->len;
		struct bytes line = {rest->data, len};

		rest->data += len;
		rest->len -= len;
		if (end && len >= sizeof(NOTE) &&
		    !memcmp(line.data, NOTE, sizeof(NOTE) - 1))
			return line;
	}
	return (struct bytes){NULL, 0};
}

/* see ca_crt.h */
void ca_crt_note_service(struct ca_crt *e, const char *reference)
{
	append_string(e, NOTE);
	append_string(e, reference);
	append_string(e, "\n");
}

/* see ca_crt.h */
bool ca_crt_notes_service(struct bytes file, const char *reference)
{
	size_t len = strlen(reference);
	struct bytes rest = file;
	struct bytes line;

	if (!ca_crt_is_marked(file))
		return false;
	while ((line = next_note(&rest)).len)
		if (line.len == sizeof(NOTE) + len &&
		    !memcmp(line.data + sizeof(NOTE) - 1, reference, len))
			return true;
	return false;
}

/* see ca_crt.h */
void ca_crt_keep_notes(struct ca_crt *e, struct bytes file)
{
	struct bytes rest = file;
	struct bytes line;

	if (!ca_crt_is_marked(file))
		return;
	while ((line = next_note(&rest)).len)
		append(e, (const char *)line.data, line.len);
}
