/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Escaping; see escape.h.
 */
#include "common/escape.h"

/* see escape.h */
bool escape_is_plain(unsigned char c)
{
	return c >= 0x20 && c <= 0x7e;
}

/* see escape.h */
size_t escape_text(char *out, size_t size, const void *text, size_t len)
{
	static const char hex[] = "0123456789abcdef";
	const unsigned char *in = text;
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		bool plain = escape_is_plain(in[i]) && in[i] != '\\';

		if (n + (plain ? 1 : 4) >= size)
			break;
		if (plain) {
			out[n++] = (char)in[i];
			continue;
		}
		out[n++] = '\\';
		out[n++] = 'x';
		out[n++] = hex[in[i] >> 4];
		out[n++] = hex[in[i] & 15];
	}
	if (size)
		out[n] = '\0';
	return n;
}
