/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Failures and the escaping of foreign text. Both processes. Prints nothing.
 */
#include "common/error.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c <= 0x7e;
}

/* see error.h */
size_t text_escape(char *out, size_t size, const void *text, size_t len)
{
	static const char hex[] = "0123456789abcdef";
	const unsigned char *in = text;
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		bool plain = is_plain(in[i]) && in[i] != '\\';

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

/* see error.h */
enum err failure_set(struct failure *f, enum err code, const char *format, ...)
{
	char raw[FAILURE_CHARS_MAX];
	size_t n = 0;
	va_list args;

	va_start(args, format);
	vsnprintf(raw, sizeof(raw), format, args);
	va_end(args);
	f->code = code;
	/* A backslash stays: the arguments may be escaped already. */
	for (size_t i = 0; raw[i] && n + 1 < sizeof(f->detail); i++) {
		size_t start = n;

		if (is_plain((unsigned char)raw[i]))
			f->detail[n++] = raw[i];
		else
			n += text_escape(f->detail + n, sizeof(f->detail) - n,
					 &raw[i], 1);
		if (n == start)
			break;
	}
	f->detail[n] = '\0';
	return code;
}
