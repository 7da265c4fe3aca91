/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Our own form of a certificate, line by line; see block.h.
 */
#include "installer/certs_d/block.h"

#include <string.h>

#include "common/base64.h"
#include "common/date.h"
#include "common/fingerprint.h"
#include "installer/certs_d/ca_crt.h"

/* "1970-01-01T00:00:00Z" */
#define TIME_CHARS 20

/* Does LINE begin with LABEL, and have its line end? */
static bool is_labelled(struct bytes line, const char *label)
{
	return bytes_begin_with(line, label) && line.data[line.len - 1] == '\n';
}

/* The rest of LINE behind LABEL, without the line end. */
static struct bytes value_of(struct bytes line, const char *label)
{
	struct bytes value = bytes_from(line, strlen(label));

	value.len--;
	return value;
}

static bool is_fingerprint(struct bytes line)
{
	const size_t len = FINGERPRINT_TEXT_BYTES - 1;
	struct bytes value;

	if (!is_labelled(line, CA_CRT_FINGERPRINT))
		return false;
	value = value_of(line, CA_CRT_FINGERPRINT);
	if (value.len != len || !bytes_begin_with(value, "sha256:"))
		return false;
	for (size_t i = strlen("sha256:"); i < len; i++)
		if (!strchr("0123456789abcdef", value.data[i]) ||
		    !value.data[i])
			return false;
	return true;
}

static bool is_base64(struct bytes line)
{
	if (line.len < 2 || line.len > CA_CRT_COLUMNS + 1 ||
	    line.data[line.len - 1] != '\n')
		return false;
	for (size_t i = 0; i + 1 < line.len; i++)
		if (base64_value(line.data[i]) < 0 && line.data[i] != '=')
			return false;
	return true;
}

/* The length of BEGIN, lines of Base64 and END at the start of TEXT, or 0. */
static size_t pem_len(struct bytes text)
{
	struct bytes rest = text;
	struct bytes line = bytes_line(rest);
	size_t lines = 0;

	if (!bytes_begin_with(line, CA_CRT_BEGIN "\n"))
		return 0;
	do {
		rest = bytes_from(rest, line.len);
		line = bytes_line(rest);
		lines++;
	} while (is_base64(line));
	if (lines < 2 || !bytes_begin_with(line, CA_CRT_END) ||
	    line.len - (line.data[line.len - 1] == '\n') != strlen(CA_CRT_END))
		return 0;
	return text.len - rest.len + line.len;
}

/* see block.h */
bool block_parse(struct bytes text, struct block *out)
{
	struct bytes rest = text;
	struct bytes line = bytes_line(rest);
	size_t len;

	out->valid = (struct bytes){NULL, 0};
	if (is_labelled(line, CA_CRT_SUBJECT)) {
		rest = bytes_from(rest, line.len);
		line = bytes_line(rest);
	}
	if (!is_fingerprint(line))
		return false;
	rest = bytes_from(rest, line.len);
	line = bytes_line(rest);
	if (is_labelled(line, CA_CRT_VALID)) {
		out->valid = value_of(line, CA_CRT_VALID);
		rest = bytes_from(rest, line.len);
	}
	len = pem_len(rest);
	out->pem = (struct bytes){rest.data, len};
	out->text = (struct bytes){text.data, text.len - rest.len + len};
	return len > 0;
}

/* Is TEXT "2026-11-23T13:11:00Z", a moment that can be? Two of them compare as
 * their texts do. */
static bool is_time(struct bytes text)
{
	static const char form[] = "dddd-dd-ddTdd:dd:ddZ";
	static const char least[] = "0000-01-01T00:00:00Z";
	static const char most[] = "9999-12-31T23:59:60Z";

	for (size_t i = 0; i < TIME_CHARS; i++)
		if (form[i] == 'd' ? text.data[i] < '0' || text.data[i] > '9'
				   : text.data[i] != (uint8_t)form[i])
			return false;
	for (size_t i = 5; i < TIME_CHARS; i += 3)
		if (memcmp(text.data + i, least + i, 2) < 0 ||
		    memcmp(text.data + i, most + i, 2) > 0)
			return false;
	return true;
}

/* see block.h */
enum block_end block_end_of(const struct block *block, int64_t now)
{
	static const char to[] = " to ";
	struct bytes end;
	char text[DATE_BYTES];

	if (block->valid.len != 2 * TIME_CHARS + strlen(to))
		return BLOCK_END_UNKNOWN;
	end = bytes_from(block->valid, TIME_CHARS + strlen(to));
	date_encode(now, text);
	if (!is_time(block->valid) || !is_time(end) ||
	    !bytes_begin_with(bytes_from(block->valid, TIME_CHARS), to) ||
	    strlen(text) != TIME_CHARS)
		return BLOCK_END_UNKNOWN;
	return memcmp(end.data, text, TIME_CHARS) < 0 ? BLOCK_END_PASSED
						      : BLOCK_END_AHEAD;
}
