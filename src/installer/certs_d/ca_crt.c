/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PEM encoder and the comparison of PEM text with DER; see ca_crt.h.
 */
#include "installer/certs_d/ca_crt.h"

#include <string.h>

#include "common/base64.h"
#include "common/date.h"
#include "common/fingerprint.h"

#define PEM_LINE_OCTETS                                                        \
	(CA_CRT_COLUMNS / BASE64_GROUP_CHARS * BASE64_GROUP_OCTETS)

/* see ca_crt.h */
void ca_crt_open(struct ca_crt *e, char *text, size_t size)
{
	*e = (struct ca_crt){.text = text, .size = size};
}

/* see ca_crt.h */
void ca_crt_copy(struct ca_crt *e, struct bytes text)
{
	e->needed += text.len;
	if (text.len)
		e->last = text.data[text.len - 1];
	if (e->overflow || text.len > e->size - e->len) {
		e->overflow = true;
		return;
	}
	if (text.len)
		memcpy(e->text + e->len, text.data, text.len);
	e->len += text.len;
}

static void append_string(struct ca_crt *e, const char *text)
{
	ca_crt_copy(e, bytes_of(text));
}

/* see ca_crt.h */
void ca_crt_end_line(struct ca_crt *e)
{
	if (e->needed && e->last != '\n')
		append_string(e, "\n");
}

/* see ca_crt.h */
void ca_crt_note_service(struct ca_crt *e, const char *reference)
{
	append_string(e, CA_CRT_SERVICE);
	append_string(e, reference);
	append_string(e, "\n");
}

/* GnuTLS looks for `-----BEGIN` anywhere in a line. */
static void append_comment(struct ca_crt *e, const char *label,
			   struct bytes text)
{
	append_string(e, label);
	for (size_t i = 0; i < text.len; i++)
		if (i == 0 || text.data[i] != '-' || text.data[i - 1] != '-')
			ca_crt_copy(e, (struct bytes){&text.data[i], 1});
	append_string(e, "\n");
}

/* see ca_crt.h */
void ca_crt_append(struct ca_crt *e, const struct wire_certificate *c)
{
	char text[FINGERPRINT_TEXT_BYTES];
	char time[DATE_BYTES];
	uint8_t group[BASE64_GROUP_CHARS];
	struct fingerprint fp;

	fingerprint_of(c->der, &fp);
	fingerprint_encode(&fp, text);
	if (!(c->flags & WIRE_CERT_UNPARSED))
		append_comment(e, CA_CRT_SUBJECT, c->subject);
	append_string(e, CA_CRT_FINGERPRINT);
	append_string(e, text);
	if (!(c->flags & WIRE_CERT_UNPARSED)) {
		append_string(e, "\n" CA_CRT_VALID);
		date_encode(c->not_before, time);
		append_string(e, time);
		append_string(e, " to ");
		date_encode(c->not_after, time);
		append_string(e, time);
	}
	append_string(e, "\n" CA_CRT_BEGIN "\n");
	for (size_t at = 0; at < c->der.len; at += BASE64_GROUP_OCTETS) {
		base64_group(c->der, at, group);
		ca_crt_copy(e, (struct bytes){group, sizeof(group)});
		if (at % PEM_LINE_OCTETS ==
		    PEM_LINE_OCTETS - BASE64_GROUP_OCTETS)
			append_string(e, "\n");
	}
	ca_crt_end_line(e);
	append_string(e, CA_CRT_END "\n");
}

/* TEXT begins after a BEGIN boundary: is what follows DER and the END? Where
 * that END begins, or 0. */
static size_t find_end(struct bytes text, struct bytes der)
{
	uint8_t group[BASE64_GROUP_CHARS];
	struct bytes rest = text;

	for (size_t at = 0; at < der.len; at += BASE64_GROUP_OCTETS) {
		base64_group(der, at, group);
		for (size_t k = 0; k < BASE64_GROUP_CHARS; k++) {
			rest = bytes_skip_blanks(rest);
			if (!rest.len || *rest.data != group[k])
				return 0;
			rest = bytes_from(rest, 1);
		}
	}
	rest = bytes_skip_blanks(rest);
	return bytes_begin_with(rest, CA_CRT_END) ? text.len - rest.len : 0;
}

/* see ca_crt.h */
bool ca_crt_file_names(struct bytes file, struct bytes der)
{
	struct bytes rest = file;

	if (bytes_equal(file, der))
		return true;
	while (rest.len) {
		const uint8_t *begin = memmem(rest.data, rest.len, CA_CRT_BEGIN,
					      sizeof(CA_CRT_BEGIN) - 1);

		if (!begin)
			return false;
		begin += sizeof(CA_CRT_BEGIN) - 1;
		rest = bytes_from(rest, (size_t)(begin - rest.data));
		if (find_end(rest, der))
			return true;
	}
	return false;
}

/* Is it a line of BOUNDARY and blanks alone? */
static bool is_boundary(struct bytes line, const char *boundary)
{
	return bytes_begin_with(line, boundary) &&
	       !bytes_skip_blanks(bytes_from(line, strlen(boundary))).len;
}

/* LINE is a BEGIN boundary and the first of REST. */
static bool is_block_of(struct bytes rest, struct bytes line, struct bytes der)
{
	struct bytes body = bytes_from(rest, line.len);
	size_t end = find_end(body, der);

	return end && body.data[end - 1] == '\n' &&
	       is_boundary(bytes_line(bytes_from(body, end)), CA_CRT_END);
}

/* see ca_crt.h */
bool ca_crt_holds_behind(struct bytes text, struct bytes der, bool *is_open)
{
	while (text.len) {
		struct bytes line = bytes_line(text);

		if (!*is_open && is_boundary(line, CA_CRT_BEGIN) &&
		    is_block_of(text, line, der))
			return true;
		if (bytes_begin_with(line, "-----BEGIN "))
			*is_open = true;
		else if (bytes_begin_with(line, "-----END "))
			*is_open = false;
		text = bytes_from(text, line.len);
	}
	return false;
}

/* see ca_crt.h */
bool ca_crt_holds(struct bytes file, struct bytes der)
{
	bool is_open = false;

	return ca_crt_holds_behind(file, der, &is_open);
}
