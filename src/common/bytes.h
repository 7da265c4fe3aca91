/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A view of bytes that somebody else owns. Valid as long as the owner is;
 * never freed through the view. Used on both sides of the trust boundary.
 */
#ifndef COMMON_BYTES_H
#define COMMON_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

struct bytes {
	const uint8_t *data;
	size_t len;
};

static inline bool bytes_equal(struct bytes a, struct bytes b)
{
	return a.len == b.len && (a.len == 0 || !memcmp(a.data, b.data, a.len));
}

/* TEXT up to its NUL. */
static inline struct bytes bytes_of(const char *text)
{
	return (struct bytes){(const uint8_t *)text, strlen(text)};
}

/* B without its first N bytes; there must be so many. */
static inline struct bytes bytes_from(struct bytes b, size_t n)
{
	return (struct bytes){b.data + n, b.len - n};
}

/* Does B begin with TEXT? */
static inline bool bytes_begin_with(struct bytes b, const char *text)
{
	size_t len = strlen(text);

	return b.len >= len && !memcmp(b.data, text, len);
}

/* Does B end with TEXT? */
static inline bool bytes_end_with(struct bytes b, const char *text)
{
	size_t len = strlen(text);

	return b.len >= len && !memcmp(b.data + (b.len - len), text, len);
}

/* Does B begin with TEXT, whatever the case of ASCII letters? */
static inline bool bytes_begin_alike(struct bytes b, const char *text)
{
	size_t len = strlen(text);

	return b.len >= len && !strncasecmp((const char *)b.data, text, len);
}

/* Is B exactly TEXT, whatever the case of ASCII letters? */
static inline bool bytes_are_alike(struct bytes b, const char *text)
{
	return b.len == strlen(text) && bytes_begin_alike(b, text);
}

/* Does TEXT stand anywhere in B? */
static inline bool bytes_hold(struct bytes b, const char *text)
{
	return b.len && memmem(b.data, b.len, text, strlen(text));
}

/* Space, tab, CR or LF: what readers of PEM and of JSON pass over. */
static inline bool bytes_is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* B without the blanks that it begins with. */
struct bytes bytes_skip_blanks(struct bytes b);

/* Is B text in UTF-16, by its byte order mark or by how PEM begins in it? */
bool bytes_are_utf16(struct bytes b);

/* The first line of B with its LF, or all of B where it has none. */
struct bytes bytes_line(struct bytes b);

/* The length of the HTTP header that begins B, with the empty line behind it; 0
 * where that has not come. LF ends a line as well as CRLF (RFC 9112 2.2). */
size_t bytes_header(struct bytes b);

#endif
