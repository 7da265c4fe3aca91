/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a line ends, and where its content begins; see line.h.
 */
#include "probe/judge/line.h"

/* see line.h */
bool line_next(struct bytes *text, struct bytes *line)
{
	struct bytes first = bytes_line(*text);

	if (!bytes_end_with(first, "\n"))
		return false;
	*text = bytes_from(*text, first.len);
	*line = first;
	line->len -= bytes_end_with(*line, "\r\n") ? 2 : 1;
	return true;
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* A digit, a dot and a digit, as every release of Go asks or takes. */
static bool is_version(struct bytes v)
{
	return v.len == 8 && is_digit(v.data[5]) && v.data[6] == '.' &&
	       is_digit(v.data[7]);
}

/* TEXT up to its first blank, or all of it. */
static struct bytes until_blank(struct bytes text)
{
	const uint8_t *blank = memchr(text.data, ' ', text.len);

	return blank ? (struct bytes){text.data, (size_t)(blank - text.data)}
		     : text;
}

/* see line.h */
int line_status(struct bytes line)
{
	struct bytes version = until_blank(line), code;
	int status = 0;

	if (!bytes_begin_with(line, "HTTP/") || version.len == line.len ||
	    !memchr(version.data, '.', version.len))
		return LINE_REFUSED;
	line = bytes_from(line, version.len);
	while (line.len && *line.data == ' ')
		line = bytes_from(line, 1);
	code = until_blank(line);
	if (code.len != 3)
		return LINE_REFUSED;
	for (size_t i = 0; i < code.len; i++) {
		if (!is_digit(code.data[i]))
			return *code.data == '+' ? 0 : LINE_REFUSED;
		status = status * 10 + code.data[i] - '0';
	}
	return is_version(version) ? status : 0;
}

/* see line.h */
bool line_is_token(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z') || (c && strchr("!#$%&'*+-.^_`|~", c));
}

/* see line.h */
bool line_is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

/* see line.h */
struct bytes line_trim(struct bytes text)
{
	while (text.len && line_is_blank(*text.data))
		text = bytes_from(text, 1);
	while (text.len && line_is_blank(text.data[text.len - 1]))
		text.len--;
	return text;
}
