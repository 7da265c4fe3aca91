/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The DER cursor refuses what Go's cryptobyte refuses.
 */
#include "probe/verdict/x509/der.h"
#include "support/unit.h"

#define B(literal)                                                             \
	((struct bytes){(const uint8_t *)(literal), sizeof(literal) - 1})

static void lengths_are_minimal(void **state)
{
	static const struct {
		struct bytes in;
		bool valid;
	} cases[] = {
		{{(const uint8_t *)"\x04\x00", 2}, true},
		{{(const uint8_t *)"\x04", 1}, false},
		{{(const uint8_t *)"\x04\x01", 2}, false},
		{{(const uint8_t *)"\x04\x80\x00\x00", 4}, false},
		{{(const uint8_t *)"\x04\x81\x01\x00", 4}, false},
		{{(const uint8_t *)"\x04\x82\x00\x80", 4}, false},
		{{(const uint8_t *)"\x04\x85\x00\x00\x00\x00\x01\x00", 8},
		 false},
		{{(const uint8_t *)"\x04\x84\xff\xff\xff\xff", 6}, false},
		{{(const uint8_t *)"\x1f\x01\x00", 3}, false},
		{{(const uint8_t *)"\x3f\x00", 2}, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bytes in = cases[i].in, content;
		uint8_t tag;

		assert_int_equal(der_read_any(&in, &tag, NULL, &content),
				 cases[i].valid);
	}
}

static void a_long_length_is_read(void **state)
{
	uint8_t data[3 + 200] = {0x30, 0x81, 200};
	struct bytes in = {data, sizeof(data)}, element, content;
	uint8_t tag;

	(void)state;
	assert_true(der_read_any(&in, &tag, &element, &content));
	assert_int_equal(element.len, 203);
	assert_int_equal(content.len, 200);
	assert_ptr_equal(content.data, data + 3);
	assert_int_equal(in.len, 0);
}

static void the_cursor_can_step_into_an_element(void **state)
{
	struct bytes in = B("\x30\x03\x02\x01\x05\xff");
	int64_t value = 0;

	(void)state;
	assert_true(der_read(&in, DER_SEQUENCE, &in));
	assert_int_equal(in.len, 3);
	assert_true(der_read_int64(&in, &value));
	assert_int_equal(value, 5);
}

static void integers_are_minimal(void **state)
{
	static const struct {
		struct bytes in;
		bool valid;
		int64_t value;
	} cases[] = {
		{{(const uint8_t *)"\x02\x00", 2}, false, 0},
		{{(const uint8_t *)"\x02\x01\x7f", 3}, true, 127},
		{{(const uint8_t *)"\x02\x01\x80", 3}, true, -128},
		{{(const uint8_t *)"\x02\x02\x00\x80", 4}, true, 128},
		{{(const uint8_t *)"\x02\x02\x00\x7f", 4}, false, 0},
		{{(const uint8_t *)"\x02\x02\xff\x80", 4}, false, 0},
		{{(const uint8_t *)"\x02\x02\xff\x7f", 4}, true, -129},
		{{(const uint8_t *)"\x02\x08\x80\0\0\0\0\0\0\0", 10},
		 true,
		 INT64_MIN},
		{{(const uint8_t *)"\x02\x09\x01\0\0\0\0\0\0\0\0", 11},
		 false,
		 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bytes in = cases[i].in;
		int64_t value = 0;

		assert_int_equal(der_read_int64(&in, &value), cases[i].valid);
		if (cases[i].valid)
			assert_int_equal(value, cases[i].value);
	}
}

static void booleans_are_00_or_ff(void **state)
{
	struct bytes yes = B("\x01\x01\xff"), no = B("\x01\x01\x00"),
		     odd = B("\x01\x01\x01");
	bool value = false;

	(void)state;
	assert_true(der_read_boolean(&yes, &value) && value);
	assert_true(der_read_boolean(&no, &value) && !value);
	assert_false(der_read_boolean(&odd, &value));
}

static void unused_bits_are_zero(void **state)
{
	struct bytes good = B("\x03\x02\x01\x86"), bad = B("\x03\x02\x01\x87"),
		     many = B("\x03\x02\x08\x00"), none = B("\x03\x00"),
		     empty = B("\x03\x01\x00"), odd = B("\x03\x01\x01");
	struct der_bits bits;

	(void)state;
	assert_true(der_read_bits(&good, &bits));
	assert_int_equal(bits.unused, 1);
	assert_false(der_read_bits(&bad, &bits));
	assert_false(der_read_bits(&many, &bits));
	assert_false(der_read_bits(&none, &bits));
	assert_true(der_read_bits(&empty, &bits));
	assert_false(der_read_bits(&odd, &bits));
}

static void arcs_fit_31_bits(void **state)
{
	struct bytes good = B("\x06\x05\x87\xff\xff\xff\x7f"),
		     big = B("\x06\x05\x88\x80\x80\x80\x00"),
		     open = B("\x06\x01\x80"), empty = B("\x06\x00"),
		     padded = B("\x06\x02\x80\x01"), padded_again = padded, id;

	(void)state;
	assert_true(der_read_oid(&good, true, &id));
	assert_false(der_read_oid(&big, true, &id));
	assert_false(der_read_oid(&open, true, &id));
	assert_false(der_read_oid(&empty, true, &id));
	assert_false(der_read_oid(&padded, true, &id));
	assert_true(der_read_oid(&padded_again, false, &id));
	assert_true(der_oid_is_minimal(B("\x88\x80\x80\x80\x00")));
	assert_false(der_oid_is_minimal(B("\x55\x80\x01")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lengths_are_minimal),
		cmocka_unit_test(a_long_length_is_read),
		cmocka_unit_test(the_cursor_can_step_into_an_element),
		cmocka_unit_test(integers_are_minimal),
		cmocka_unit_test(booleans_are_00_or_ff),
		cmocka_unit_test(unused_bits_are_zero),
		cmocka_unit_test(arcs_fit_31_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
