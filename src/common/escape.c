/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Escaping, and what must not be shown at all; see escape.h.
 */
#include "common/escape.h"

#include <stdio.h>
#include <string.h>

#include "common/hex.h"

/* see escape.h */
bool escape_is_plain(unsigned char c)
{
	return c >= 0x20 && c <= 0x7e;
}

/* see escape.h */
size_t escape_text(char *out, size_t size, const void *text, size_t len)
{
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
		out[n++] = hex_digit(in[i] >> 4);
		out[n++] = hex_digit(in[i]);
	}
	if (size)
		out[n] = '\0';
	return n;
}

/* see escape.h */
void escape_shell(char *out, size_t size, const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789/._:-+=@,";
	const char *quote = *text && !text[strspn(text, plain)] ? "" : "'";
	size_t len = (size_t)snprintf(out, size, "%s", quote);

	for (; *text && len < size; text++)
		len += (size_t)snprintf(out + len, size - len,
					*text == '\'' ? "'\\''" : "%c", *text);
	if (len < size)
		snprintf(out + len, size - len, "%s", quote);
}

static bool begins_digest(const char *text, size_t len)
{
	return len >= 7 &&
	       (!memcmp(text, "sha256:", 7) || !memcmp(text, "sha512:", 7));
}

/* see escape.h */
size_t escape_secret_end(const char *text, size_t len)
{
	for (size_t i = len; i > 0; i--)
		if (text[i - 1] == '@' && !begins_digest(text + i, len - i))
			return i - 1;
	return len;
}

/* see escape.h */
size_t escape_masked(char *out, size_t size, const void *text, size_t len)
{
	size_t end = escape_secret_end(text, len);
	const char *host = len ? memmem(text, end, "://", 3) : NULL;
	size_t start = host ? (size_t)(host + 3 - (const char *)text) : 0;
	size_t n;

	if (end == len)
		return escape_text(out, size, text, len);
	n = escape_text(out, size, text, start);
	n += escape_text(out + n, size - n, "***", 3);
	return n + escape_text(out + n, size - n, (const char *)text + end,
			       len - end);
}
