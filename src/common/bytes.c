/* SPDX-License-Identifier: Apache-2.0 */
#include "common/bytes.h"

/* see bytes.h */
struct bytes bytes_skip_blanks(struct bytes b)
{
	while (b.len && bytes_is_blank(*b.data))
		b = bytes_from(b, 1);
	return b;
}

/* see bytes.h */
struct bytes bytes_line(struct bytes b)
{
	const uint8_t *end = b.len ? memchr(b.data, '\n', b.len) : NULL;

	if (end)
		b.len = (size_t)(end - b.data) + 1;
	return b;
}

/* see bytes.h */
size_t bytes_header(struct bytes b)
{
	size_t len = bytes_line(b).len;

	while (len < b.len) {
		struct bytes line = bytes_line(bytes_from(b, len));

		len += line.len;
		if (bytes_are_alike(line, "\n") ||
		    bytes_are_alike(line, "\r\n"))
			return len;
	}
	return 0;
}

/* see bytes.h */
bool bytes_are_utf16(struct bytes b)
{
	return bytes_begin_with(b, "\xff\xfe") ||
	       bytes_begin_with(b, "\xfe\xff") ||
	       (b.len > 3 && !memcmp(b.data, "-\0-", 4)) ||
	       (b.len > 3 && !memcmp(b.data, "\0-\0-", 4));
}
