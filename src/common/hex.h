/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hexadecimal digits, read and written. Both processes. Pure.
 */
#ifndef COMMON_HEX_H
#define COMMON_HEX_H

/* The value of C, a digit in either case; -1 where it is none. */
static inline int hex_value(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The digit, in lower case, of the lowest four bits of VALUE. */
static inline char hex_digit(unsigned value)
{
	return "0123456789abcdef"[value & 15];
}

#endif
