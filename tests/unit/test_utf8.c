/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UTF-8 by RFC 3629, and hexadecimal digits.
 */
#include "support/unit.h"

#include "common/hex.h"
#include "common/utf8.h"

static const struct {
	const char *text;
	size_t len; /* 0: no UTF-8 */
	uint32_t code_point;
} rows[] = {
	{"a\x80", 1, 'a'},
	{"\x7f", 1, 0x7f},
	{"\xc2\x80", 2, 0x80},
	{"\xdf\xbf", 2, 0x7ff},
	{"\xe0\xa0\x80", 3, 0x800},
	{"\xed\x9f\xbf", 3, 0xd7ff},
	{"\xee\x80\x80", 3, 0xe000},
	{"\xf0\x90\x80\x80", 4, 0x10000},
	{"\xf4\x8f\xbf\xbf", 4, 0x10ffff},
	{"\x80", 0, 0},		    /* begins in the middle */
	{"\xc1\xbf", 0, 0},	    /* 0x7f in two bytes */
	{"\xe0\x9f\xbf", 0, 0},	    /* 0x7ff in three */
	{"\xf0\x8f\xbf\xbf", 0, 0}, /* 0xffff in four */
	{"\xed\xa0\x80", 0, 0},	    /* a surrogate */
	{"\xf4\x90\x80\x80", 0, 0}, /* above U+10FFFF */
	{"\xf5\x80\x80\x80", 0, 0},
	{"\xff", 0, 0},
	{"\xe2\x82", 0, 0}, /* cut */
	{"\xe2\x28\xac", 0, 0},
};

static void the_first_code_point_is_read_in_its_shortest_form(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint32_t found = 0;

		assert_int_equal(utf8_decode(bytes_of(rows[i].text), &found),
				 rows[i].len);
		if (rows[i].len)
			assert_int_equal(found, rows[i].code_point);
	}
}

static void one_bad_byte_makes_all_of_it_bad(void **state)
{
	(void)state;
	assert_true(utf8_is_valid(bytes_of("r\xc3\xa9g\xf0\x9f\x90\xb3")));
	assert_true(utf8_is_valid((struct bytes){NULL, 0}));
	assert_false(utf8_is_valid(bytes_of("reg\xa9istry")));
	assert_false(utf8_is_valid(bytes_of("registry\xc3")));
}

static void what_is_encoded_is_read_back(void **state)
{
	(void)state;
	for (uint32_t c = 0; c < 0x10000; c++) {
		uint8_t text[3];
		size_t len;
		uint32_t found;

		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		len = utf8_encode(c, text);
		assert_int_equal(utf8_decode((struct bytes){text, len}, &found),
				 len);
		assert_int_equal(found, c);
	}
}

static void a_digit_has_a_value_and_no_other_byte_has(void **state)
{
	static const char digits[] = "0123456789abcdefABCDEF";

	(void)state;
	for (int c = 0; c < 256; c++) {
		const char *at = c ? strchr(digits, c) : NULL;
		int value = at ? (int)(at - digits) : -1;

		assert_int_equal(hex_value((unsigned char)c),
				 value > 15 ? value - 6 : value);
	}
	for (unsigned value = 0; value < 16; value++)
		assert_int_equal(hex_digit(0xf0 | value), digits[value]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			the_first_code_point_is_read_in_its_shortest_form),
		cmocka_unit_test(one_bad_byte_makes_all_of_it_bad),
		cmocka_unit_test(what_is_encoded_is_read_back),
		cmocka_unit_test(a_digit_has_a_value_and_no_other_byte_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
