/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Four digits at a time where nothing stands among them: 64 or 76 in a line.
 */
#include "probe/verdict/x509/base64.h"

/* What is no digit: passed over, padding, refused. Its bit is above a digit's.
 */
enum { BLANK = 64, PAD = 65, NONE = 127 };

static const uint8_t VALUES[256] = {
	NONE, NONE, NONE,  NONE, NONE, NONE, NONE, NONE, NONE, BLANK, BLANK,
	NONE, NONE, BLANK, NONE, NONE, NONE, NONE, NONE, NONE, NONE,  NONE,
	NONE, NONE, NONE,  NONE, NONE, NONE, NONE, NONE, NONE, NONE,  BLANK,
	NONE, NONE, NONE,  NONE, NONE, NONE, NONE, NONE, NONE, NONE,  62,
	NONE, NONE, NONE,  63,	 52,   53,   54,   55,	 56,   57,    58,
	59,   60,   61,	   NONE, NONE, NONE, PAD,  NONE, NONE, NONE,  0,
	1,    2,    3,	   4,	 5,    6,    7,	   8,	 9,    10,    11,
	12,   13,   14,	   15,	 16,   17,   18,   19,	 20,   21,    22,
	23,   24,   25,	   NONE, NONE, NONE, NONE, NONE, NONE, 26,    27,
	28,   29,   30,	   31,	 32,   33,   34,   35,	 36,   37,    38,
	39,   40,   41,	   42,	 43,   44,   45,   46,	 47,   48,    49,
	50,   51,   NONE,  NONE, NONE, NONE, NONE, NONE, NONE, NONE,  NONE,
	NONE, NONE, NONE,  NONE, NONE, NONE, NONE, NONE, NONE, NONE,  NONE,
	NONE, NONE, NONE,  NONE, NONE, NONE, NONE, NONE, NONE, NONE,  NONE,
	NONE, NONE, NONE,  NONE, NONE, NONE, NONE, NONE, NONE, NONE,  NONE,
	NONE, NONE, NONE,  NONE, NONE, NONE, NONE, NONE, NONE, NONE,  NONE,
	NONE, NONE, NONE,  NONE, NONE, NONE, NONE, NONE, NONE, NONE,  NONE,
	NONE, NONE, NONE,  NONE, NONE, NONE, NONE, NONE, NONE, NONE,  NONE,
	NONE, NONE, NONE,  NONE, NONE, NONE, NONE, NONE, NONE, NONE,  NONE,
	NONE, NONE, NONE,  NONE, NONE, NONE, NONE, NONE, NONE, NONE,  NONE,
	NONE, NONE, NONE,  NONE, NONE, NONE, NONE, NONE, NONE, NONE,  NONE,
	NONE, NONE, NONE,  NONE, NONE, NONE, NONE, NONE, NONE, NONE,  NONE,
	NONE, NONE, NONE,  NONE, NONE, NONE, NONE, NONE, NONE, NONE,  NONE,
	NONE, NONE, NONE,
};

/* Whatever is left once the groups do not stand alone any more: a digit at a
 * time, from *LEN bytes on. */
static bool decode_rest(struct bytes in, uint8_t *out, size_t size, size_t *len)
{
	uint32_t group = 0;
	size_t digits = 0, pads = 0;

	for (size_t i = 0; i < in.len; i++) {
		unsigned value = VALUES[in.data[i]];

		if (value == BLANK)
			continue;
		if (value == PAD && digits + pads >= 2 && pads < 2 &&
		    digits + pads < 4) {
			pads++;
			value = 0;
		} else if (value & 64 || pads) {
			return false;
		} else {
			digits++;
		}
		group = group << 6 | value;
		if (digits + pads < 4)
			continue;
		for (int shift = 16; shift >= 8 * (int)pads; shift -= 8) {
			if (*len == size)
				return false;
			out[(*len)++] = (uint8_t)(group >> shift);
		}
		group = 0;
		/* After padding only blanks may follow: digits stay at 4. */
		digits = pads ? 4 : 0;
	}
	return digits == 0 || (pads && digits == 4);
}

/* see base64.h */
bool base64_decode(struct bytes in, uint8_t *out, size_t size, size_t *len)
{
	const uint8_t *at = in.data, *end = in.data + in.len;
	uint8_t *to = out;

	while (end - at >= 4 && out + size - to >= 3) {
		unsigned a = VALUES[at[0]], b = VALUES[at[1]];
		unsigned c = VALUES[at[2]], d = VALUES[at[3]];

		if ((a | b | c | d) & 64) {
			if (a != BLANK)
				break;
			at++;
			continue;
		}
		to[0] = (uint8_t)(a << 2 | b >> 4);
		to[1] = (uint8_t)(b << 4 | c >> 2);
		to[2] = (uint8_t)(c << 6 | d);
		to += 3;
		at += 4;
	}
	*len = (size_t)(to - out);
	return decode_rest((struct bytes){at, (size_t)(end - at)}, out, size,
			   len);
}
