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
	size_t len, end;

	if (strncmp(at, "://", 3) != 0)
		return 0;
	at += 3;
	len = strcspn(at, " \t\r\n\"'<>");
	end = escape_secret_end(at, len);
	return end == len ? 0 : end;
}

/* OUT of FAILURE_CHARS_MAX bytes. A backslash stays: the arguments may be
 * escaped already. */
__attribute__((format(printf, 2, 0))) static void
print(char *out, const char *format, va_list args)
{
	char raw[FAILURE_CHARS_MAX];
	size_t n = 0;

	vsnprintf(raw, sizeof(raw), format, args);
	for (size_t i = 0; raw[i] && n + 1 < FAILURE_CHARS_MAX; i++) {
		size_t room = FAILURE_CHARS_MAX - n;
		size_t secret = secret_len(raw + i);
		size_t start = n;

		if (secret) {
			n += escape_text(out + n, room, "://***", 6);
			i += 2 + secret;
			continue;
		}
		if (escape_is_plain((unsigned char)raw[i]))
			out[n++] = raw[i];
		else
			n += escape_text(out + n, room, &raw[i], 1);
		if (n == start)
			break;
	}
	out[n] = '\0';
}

/* see error.h */
enum err failure_set(struct failure *f, enum err code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print(f->detail, format, args);
	va_end(args);
	f->code = code;
	f->cause = 0;
	f->is_late = false;
	f->next[0] = '\0';
	return code;
}

/* see error.h */
enum err failure_advise(struct failure *f, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print(f->next, format, args);
	va_end(args);
	return f->code;
}
