/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a line ends, and where its content begins; see line.h.
 */
#include "probe/judge/line.h"

/* see line.h */
bool line_next(struct bytes *text, struct bytes *line)
{
	const uint8_t *end =
		text->len ? memchr(text->data, '\n', text->len) : NULL;

	if (!end)
		return false;
	*line = (struct bytes){text->data, (size_t)(end - text->data)};
	*text = bytes_from(*text, line->len + 1);
	if (line->len && line->data[line->len - 1] == '\r')
		line->len--;
	return true;
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
