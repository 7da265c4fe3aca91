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

/* see line.h */
int line_status(struct bytes line)
{
	const uint8_t *d = line.data;
	int status = 0;

	if (!bytes_begin_with(line, "HTTP/1.") || line.len < 12 ||
	    d[8] != ' ' || (line.len > 12 && d[12] != ' '))
		return 0;
	for (int i = 9; i < 12; i++) {
		if (d[i] < '0' || d[i] > '9')
			return 0;
		status = status * 10 + d[i] - '0';
	}
	return status;
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
