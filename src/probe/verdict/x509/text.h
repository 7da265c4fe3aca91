/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bounded text under construction, in the caller's buffer. Holds raw bytes
 * while Go would quote them again; text_close makes them printable ASCII.
 * Probe process. No heap, no format strings.
 */
#ifndef VERDICT_TEXT_H
#define VERDICT_TEXT_H

#include "common/bytes.h"

struct text {
	char *out;
	size_t size;
	size_t len;
	bool cut; /* something did not fit: text_close ends with "..." */
};

/* Start an empty text in OUT, SIZE bytes (at least 8). */
void text_open(struct text *t, char *out, size_t size);

/* Append. What does not fit is cut and remembered. */
void text_add(struct text *t, const char *s);
void text_add_bytes(struct text *t, struct bytes b);
void text_add_char(struct text *t, char c);
void text_add_number(struct text *t, int64_t n);
/* Two lower-case hexadecimal digits a byte, as Go's %x. */
void text_add_hex(struct text *t, struct bytes b);
/* At least DIGITS decimal digits of N, with leading zeros; N below 10^9. */
void text_add_padded(struct text *t, unsigned n, int digits);

/*
 * Append B as Go's %q prints a string: double quotes, backslash escapes,
 * \xNN for what is not UTF-8, \u and \U for what Go does not print.
 */
void text_add_quoted(struct text *t, struct bytes b);

/*
 * Copy T to OUT (SIZE bytes) as one line of printable ASCII with a final NUL:
 * other bytes become \xNN, a cut text ends with "...".
 */
void text_close(const struct text *t, char *out, size_t size);

/* Append MESSAGE, the reason of a refusal. Always false. */
static inline bool text_refuse(struct text *t, const char *message)
{
	text_add(t, message);
	return false;
}

/* What T holds, as a view. */
struct bytes text_bytes(const struct text *t);

#endif
