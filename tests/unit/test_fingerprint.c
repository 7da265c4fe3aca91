/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fingerprints: the digest of published vectors, and every way of writing a
 * pin that a tool prints.
 */
#include "support/unit.h"

#include "common/fingerprint.h"

/* FIPS 180-2, appendix B.1: the digest of "abc". */
#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define ABC_UPPER                                                              \
	"BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"
#define ABC_COLONS                                                             \
	"BA:78:16:BF:8F:01:CF:EA:41:41:40:DE:5D:AE:22:23:"                     \
	"B0:03:61:A3:96:17:7A:9C:B4:10:FF:61:F2:00:15:AD"
#define EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static struct fingerprint of(const char *text)
{
	struct fingerprint fp;

	fingerprint_of((struct bytes){(const uint8_t *)text, strlen(text)},
		       &fp);
	return fp;
}

static void digests_are_the_published_ones(void **state)
{
	char text[FINGERPRINT_TEXT_BYTES];
	struct fingerprint fp = of("abc");

	(void)state;
	fingerprint_encode(&fp, text);
	assert_string_equal(text, "sha256:" ABC);
	fp = of("");
	fingerprint_encode(&fp, text);
	assert_string_equal(text, "sha256:" EMPTY);
}

static void one_bit_makes_another(void **state)
{
	const struct fingerprint abc = of("abc");

	(void)state;
	assert_true(fingerprint_equal(&abc, &abc));
	for (size_t bit = 0; bit < 8 * FINGERPRINT_BYTES; bit++) {
		struct fingerprint other = abc;

		other.sha256[bit / 8] ^= (uint8_t)(1U << bit % 8);
		assert_false(fingerprint_equal(&abc, &other));
	}
}

static void all_that_tools_print_is_read(void **state)
{
	static const char *const pins[] = {
		ABC,
		ABC_UPPER,
		ABC_COLONS,
		"sha256:" ABC,
		"SHA256:" ABC,
		"sha256:" ABC_COLONS,
		"sha256 Fingerprint=" ABC_COLONS,
		"SHA256 Fingerprint=" ABC_COLONS,
	};
	const struct fingerprint abc = of("abc");

	(void)state;
	for (size_t i = 0; i < COUNT(pins); i++) {
		struct fingerprint fp;
		struct failure f = {0};

		check(fingerprint_parse(pins[i], strlen(pins[i]), &fp, &f) ==
			      ERR_OK,
		      "%s: %s", pins[i], f.detail);
		assert_true(fingerprint_equal(&fp, &abc));
	}
}

/* The text is a view: a following byte must not count, even a digit. */
static void the_length_ends_the_text(void **state)
{
	struct fingerprint fp;
	struct failure f;

	(void)state;
	assert_int_equal(fingerprint_parse(ABC "00", 64, &fp, &f), ERR_OK);
	assert_int_equal(fingerprint_parse(ABC, 63, &fp, &f), ERR_USAGE);
	assert_int_equal(fingerprint_parse("sha256:" ABC, 6, &fp, &f),
			 ERR_USAGE);
}

#define TEN "0123456789"

static void everything_else_is_refused_and_says_why(void **state)
{
	static const struct {
		const char *text;
		const char *why;
	} rows[] = {
		{"", "64 hexadecimal digits"},
		{"sha256:", "64 hexadecimal digits"},
		{"sha256:" TEN, "64 hexadecimal digits"},
		{TEN TEN TEN "01", "MD5"},
		{TEN TEN TEN TEN, "SHA-1"},
		{TEN TEN TEN TEN TEN TEN TEN TEN TEN "012345", "longer"},
		{ABC ABC, "longer"},
		{ABC "0", "64 hexadecimal digits"},
		{"sha1:" TEN TEN TEN TEN, "another digest"},
		{"md5:" ABC, "another digest"},
		{"SHA512 Fingerprint=" ABC, "another digest"},
		{"sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
		 "base64"},
		{"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "SPKI"},
		{"/etc/ca.pem", "--ca-file takes a file"},
		{"./ca.pem", "--ca-file takes a file"},
		{"-----BEGIN CERTIFICATE-----", "--ca-file takes one"},
		{"sha256:sha256:" ABC, "colons allowed"},
		{" " ABC, "colons allowed"},
		{ABC " ", "colons allowed"},
		{":" ABC, "colons allowed"},
		{ABC ":", "colons allowed"},
		{"b:a7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f2"
		 "0015ad",
		 "colons allowed"},
		{"ba::7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f"
		 "20015ad",
		 "colons allowed"},
		{"ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20"
		 "015ad",
		 "colons allowed"},
		{"reg.example.com=sha256:" ABC, "colons allowed"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t len = strlen(rows[i].text);
		struct fingerprint fp;
		struct failure f = {0};

		check(fingerprint_parse(rows[i].text, len, &fp, &f) ==
			      ERR_USAGE,
		      "\"%s\" is taken", rows[i].text);
		assert_int_equal(f.code, ERR_USAGE);
		check_contains(f.detail, rows[i].why);
		if (len < 100)
			check_contains(f.detail, rows[i].text);
	}
}

static void a_refused_pin_is_shown_escaped(void **state)
{
	struct fingerprint fp;
	struct failure f;

	(void)state;
	assert_int_equal(fingerprint_parse("\x1b[2J\0", 5, &fp, &f), ERR_USAGE);
	check_contains(f.detail, "\"\\x1b[2J\\x00\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digests_are_the_published_ones),
		cmocka_unit_test(one_bit_makes_another),
		cmocka_unit_test(all_that_tools_print_is_read),
		cmocka_unit_test(the_length_ends_the_text),
		cmocka_unit_test(everything_else_is_refused_and_says_why),
		cmocka_unit_test(a_refused_pin_is_shown_escaped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
