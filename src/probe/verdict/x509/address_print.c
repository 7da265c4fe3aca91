/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses compared and printed, as net.IP.
 */
#include "probe/verdict/x509/address.h"

#include "common/hex.h"

/* see address.h */
bool address_is_mapped(struct bytes b)
{
	static const uint8_t prefix[12] = {0, 0, 0, 0, 0,    0,
					   0, 0, 0, 0, 0xff, 0xff};

	return b.len == 16 && !memcmp(b.data, prefix, sizeof(prefix));
}

/* see address.h */
bool address_equal(struct bytes a, struct bytes b)
{
	if (address_is_mapped(a))
		a = bytes_from(a, 12);
	if (address_is_mapped(b))
		b = bytes_from(b, 12);
	return bytes_equal(a, b);
}

static unsigned group_of(struct bytes b, unsigned i)
{
	return (unsigned)(b.data[2 * i] << 8 | b.data[2 * i + 1]);
}

/* The longest run (two or more, the first of them) of zero groups. */
static void find_zeros(struct bytes b, unsigned *first, unsigned *end)
{
	*first = *end = 8;
	for (unsigned i = 0; i < 8; i++) {
		unsigned j = i;

		while (j < 8 && group_of(b, j) == 0)
			j++;
		if (j - i >= 2 && j - i > *end - *first) {
			*first = i;
			*end = j;
		}
	}
}

static void print_group(struct text *t, unsigned value)
{
	int shift = 12;

	while (shift && value >> shift == 0)
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		text_add_char(t, hex_digit(value >> shift));
}

/* see address.h */
void address_print(struct text *t, struct bytes b)
{
	unsigned first, end;

	if (address_is_mapped(b))
		b = bytes_from(b, 12);
	if (b.len == 4) {
		for (size_t i = 0; i < 4; i++) {
			if (i)
				text_add_char(t, '.');
			text_add_number(t, b.data[i]);
		}
		return;
	}
	find_zeros(b, &first, &end);
	for (unsigned i = 0; i < 8; i++) {
		if (i == first) {
			text_add(t, "::");
			i = end;
			if (i >= 8)
				break;
		} else if (i > 0) {
			text_add_char(t, ':');
		}
		print_group(t, group_of(b, i));
	}
}
