/* SPDX-License-Identifier: Apache-2.0 */
#include "common/utf8.h"

/* see utf8.h */
size_t utf8_decode(struct bytes b, uint32_t *code_point)
{
	uint8_t first = b.data[0];
	size_t n = first < 0x80	  ? 1
		   : first < 0xc2 ? 0
		   : first < 0xe0 ? 2
		   : first < 0xf0 ? 3
		   : first < 0xf5 ? 4
				  : 0;
	uint32_t c = n > 1 ? first & (0xffu >> (n + 1)) : first;

	if (n == 0 || b.len < n)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((b.data[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (b.data[i] & 0x3f);
	}
	if ((n == 3 && c < 0x800) || (n == 4 && c < 0x10000) || c > 0x10ffff ||
	    (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*code_point = c;
	return n;
}

/* see utf8.h */
bool utf8_is_valid(struct bytes b)
{
	uint32_t c;

	while (b.len) {
		size_t n = utf8_decode(b, &c);

		if (!n)
			return false;
		b = bytes_from(b, n);
	}
	return true;
}

/* see utf8.h */
size_t utf8_encode(uint32_t c, uint8_t out[3])
{
	if (c < 0x80) {
		out[0] = (uint8_t)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (uint8_t)(0xc0 | c >> 6);
		out[1] = (uint8_t)(0x80 | (c & 0x3f));
		return 2;
	}
	out[0] = (uint8_t)(0xe0 | c >> 12);
	out[1] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
	out[2] = (uint8_t)(0x80 | (c & 0x3f));
	return 3;
}

/* see utf8.h */
bool utf8_is_printable(uint32_t c)
{
	static const struct {
		uint32_t first, last;
	} unprintable[] = {
		{0x7f, 0xa0},	  {0xad, 0xad},	      {0x1680, 0x1680},
		{0x180e, 0x180e}, {0x2000, 0x200f},   {0x2028, 0x202f},
		{0x205f, 0x206f}, {0x3000, 0x3000},   {0xd800, 0xf8ff},
		{0xfdd0, 0xfdef}, {0xfeff, 0xfeff},   {0xfff0, 0xfffb},
		{0xfffe, 0xffff}, {0xe0000, 0xe00ff}, {0xf0000, 0x10ffff},
	};

	for (size_t i = 0; i < sizeof(unprintable) / sizeof(*unprintable); i++)
		if (c >= unprintable[i].first && c <= unprintable[i].last)
			return false;
	return true;
}
