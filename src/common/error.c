/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Failures. Both processes. Prints nothing.
 */
#include "common/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/escape.h"

/* A URL in a text ends at white space or a quote. What it hides of itself, with
 * the scheme, is at AT; 0 where that is no URL with user information. */
static size_t secret_len(const char *at)
{
	size_t len;

	if (strncmp(at, "://", 3) != 0)
		return 0;
	at += 3;
	len = strcspn(at, " \t\r\n\"'<>");
	return escape_secret_end(at, len) == len ? 0
						 : escape_secret_end(at, len);
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
	f->cause = 0;
	/* A backslash stays: the arguments may be escaped already. */
	for (size_t i = 0; raw[i] && n + 1 < sizeof(f->detail); i++) {
		size_t start = n;
		size_t secret = secret_len(raw + i);

		if (secret) {
			n += escape_text(f->detail + n, sizeof(f->detail) - n,
					 "://***", 6);
			i += 2 + secret;
			continue;
		}
		if (escape_is_plain((unsigned char)raw[i]))
			f->detail[n++] = raw[i];
		else
			n += escape_text(f->detail + n, sizeof(f->detail) - n,
					 &raw[i], 1);
		if (n == start)
			break;
	}
	f->detail[n] = '\0';
	return code;
}
