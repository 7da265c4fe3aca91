/* SPDX-License-Identifier: Apache-2.0 */
/*
 * URL.String.
 */
#include "probe/verdict/x509/uri_parts.h"

/* Where the user part of an authority lies; empty if there is none. */
static struct bytes find_user(struct bytes rest)
{
	size_t end;

	if (rest.len < 3 || memcmp(rest.data, "://", 3))
		return (struct bytes){rest.data, 0};
	rest = bytes_from(rest, 3);
	rest.len = uri_find(rest, '#');
	rest.len = uri_find(rest, '?');
	rest.len = uri_find(rest, '/');
	end = uri_find_last(rest, '@');
	return (struct bytes){rest.data, end < rest.len ? end : 0};
}

/* see uri.h */
void uri_print(struct text *t, struct bytes uri)
{
	struct bytes user;
	size_t scheme;

	if (!uri_find_scheme(uri, &scheme))
		scheme = 0;
	user = find_user(bytes_from(uri, scheme));
	for (size_t i = 0; i < uri.len; i++) {
		uint8_t c = uri.data[i];

		if (i < scheme && c >= 'A' && c <= 'Z')
			c |= 0x20;
		if (c == '@' && uri.data + i >= user.data &&
		    uri.data + i < user.data + user.len)
			text_add(t, "%40");
		else
			text_add_char(t, (char)c);
	}
}
