/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Octets of published vectors, which stand in hexadecimal.
 */
#ifndef SUPPORT_HEX_H
#define SUPPORT_HEX_H

#include <string.h>

#include "common/bytes.h"
#include "common/hex.h"

/* HEX, an even number of digits, into OUT, which has room; the view of it. */
static inline struct bytes hex_read(const char *hex, uint8_t *out)
{
	size_t len = strlen(hex) / 2;

	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)(hex_value((uint8_t)hex[2 * i]) << 4 |
				   hex_value((uint8_t)hex[2 * i + 1]));
	return (struct bytes){out, len};
}

#endif
