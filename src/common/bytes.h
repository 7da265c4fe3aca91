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

struct bytes {
	const uint8_t *data;
	size_t len;
};

static inline bool bytes_equal(struct bytes a, struct bytes b)
{
	return a.len == b.len && (a.len == 0 || !memcmp(a.data, b.data, a.len));
}

/* B without its first N bytes; there must be so many. */
static inline struct bytes bytes_from(struct bytes b, size_t n)
{
	return (struct bytes){b.data + n, b.len - n};
}

#endif
