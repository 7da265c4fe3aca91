/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Digits of Base64 (RFC 4648 section 4), read and written. Both processes.
 * Pure.
 */
#ifndef COMMON_BASE64_H
#define COMMON_BASE64_H

#include "common/bytes.h"

#define BASE64_GROUP_OCTETS 3
#define BASE64_GROUP_CHARS  4

/* The value of the digit C; -1 where it is none, as the padding. */
static inline int base64_value(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* The digits of the group of IN that begins at AT, padded where IN ends, so
 * that bytes of any number can be written and compared without a copy. */
static inline void base64_group(struct bytes in, size_t at,
				uint8_t out[static BASE64_GROUP_CHARS])
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t have = in.len - at;
	uint32_t group = 0;

	for (size_t i = 0; i < BASE64_GROUP_OCTETS; i++)
		group = group << 8 | (i < have ? in.data[at + i] : 0U);
	for (size_t i = 0; i < BASE64_GROUP_CHARS; i++)
		out[i] = i > have ? '='
				  : (uint8_t)digits[group >> (18 - 6 * i) & 63];
}

#endif
