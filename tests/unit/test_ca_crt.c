/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text of ca.crt, byte for byte as openssl(1) and sha256sum(1) have it, and
 * what counts as the operator's file naming a certificate.
 */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "common/date.h"
#include "installer/certs_d/ca_crt.h"

#define BEGIN "-----BEGIN CERTIFICATE-----\n"
#define END   "-----END CERTIFICATE-----\n"

static char *encode(const struct wire_certificate *c, size_t size,
		    struct ca_crt *e)
{
	char *text = calloc(1, size + 1);

	assert_non_null(text);
	ca_crt_open(e, text, size);
	ca_crt_copy(e, bytes_of(CA_CRT_MARK));
	ca_crt_append(e, c);
	return text;
}

static void a_certificate_is_written_byte_for_byte(void **state)
{
	/* 50 bytes: a full line of 64 columns and one of 4. */
	static const char der[] =
		"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN";
	const struct wire_certificate c = {.der = bytes_of(der),
					   .subject = bytes_of("CN=reg, O=Org"),
					   .not_before = 0,
					   .not_after = 1795439480};
	struct ca_crt e;
	char *text = encode(&c, 4096, &e);

	(void)state;
	assert_string_equal(
		text,
		"# written by dtr-trust\n"
		"# subject: CN=reg, O=Org\n"
		"# fingerprint: "
		"sha256:edc195d32116c51f33d3354c7910d66b51989658e9"
		"48e547a2170bee50246685\n"
		"# valid: 1970-01-01T00:00:00Z to 2026-11-23T13:11:20Z\n" BEGIN
		"MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHl6QUJDREVGR0hJ"
		"SktM\nTU4=\n" END);
	assert_int_equal(e.len, strlen(text));
	assert_false(e.overflow);
	free(text);
}

/* Three bytes to four characters, by arithmetic on the whole group. */
static void base64_slowly(const uint8_t *in, size_t len, char *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmno"
				     "pqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < len; i += 3) {
		unsigned group = 0;
		size_t have = len - i < 3 ? len - i : 3;

		for (size_t k = 0; k < 3; k++)
			group = group * 256 + (k < have ? in[i + k] : 0);
		for (size_t k = 0; k < 4; k++) {
			out[3 - k] = 3 - k > have ? '=' : digits[group % 64];
			group /= 64;
		}
		out += 4;
	}
	*out = '\0';
}

static void every_length_is_wrapped_and_padded(void **state)
{
	uint8_t der[200];

	(void)state;
	for (size_t i = 0; i < sizeof(der); i++)
		der[i] = (uint8_t)(i * 37 + 11);
	for (size_t len = 1; len <= sizeof(der); len++) {
		const struct wire_certificate c = {.der = {der, len}};
		struct ca_crt e;
		char *text = encode(&c, 4096, &e);
		char expected[300];
		char *line = strstr(text, BEGIN) + strlen(BEGIN);
		size_t done = 0;

		base64_slowly(der, len, expected);
		for (; *line != '-'; line = strchr(line, '\n') + 1) {
			size_t n = strcspn(line, "\n");

			assert_in_range(n, 1, 64);
			assert_memory_equal(line, expected + done, n);
			done += n;
			check(n == 64 || done == strlen(expected),
			      "%zu bytes: a short line in the middle", len);
		}
		assert_int_equal(done, strlen(expected));
		assert_string_equal(line, END);
		free(text);
	}
}

static void what_does_not_fit_is_not_overrun(void **state)
{
	const struct wire_certificate c = {.der = bytes_of("0123456789"),
					   .subject = bytes_of("CN=reg")};
	struct ca_crt whole;
	char *text = encode(&c, 4096, &whole);

	(void)state;
	for (size_t size = 0; size <= whole.len; size++) {
		char *out = malloc(size ? size : 1);
		struct ca_crt e;

		ca_crt_open(&e, out, size);
		ca_crt_copy(&e, bytes_of(CA_CRT_MARK));
		ca_crt_append(&e, &c);
		assert_int_equal(e.overflow, size < whole.len);
		assert_int_equal(e.needed, whole.len);
		assert_in_range(e.len, 0, size);
		assert_memory_equal(out, text, e.len);
		free(out);
	}
	free(text);
}

static void a_subject_cannot_forge_a_boundary(void **state)
{
	static const struct {
		const char *subject;
		const char *line;
	} rows[] = {
		{"-----BEGIN CERTIFICATE-----",
		 "# subject: -BEGIN CERTIFICATE-\n"},
		{"CN=a--b", "# subject: CN=a-b\n"},
		{"CN=a-b", "# subject: CN=a-b\n"},
		{"-", "# subject: -\n"},
		{"", "# subject: \n"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct wire_certificate c = {
			.der = bytes_of("x"),
			.subject = bytes_of(rows[i].subject)};
		struct ca_crt e;
		char *text = encode(&c, 4096, &e);

		check_contains(text, rows[i].line);
		assert_ptr_equal(strstr(text, "-----BEGIN"),
				 strstr(text, BEGIN));
		free(text);
	}
}

static void what_was_written_names_what_it_holds(void **state)
{
	struct wire_certificate c = {.subject = bytes_of("CN=reg")};
	uint8_t der[300];

	(void)state;
	for (size_t i = 0; i < sizeof(der); i++)
		der[i] = (uint8_t)(i * 59 + 7);
	for (size_t len = 2; len <= sizeof(der); len++) {
		struct bytes file;
		struct ca_crt e;
		char *text;

		c.der = (struct bytes){der, len};
		text = encode(&c, 4096, &e);
		file = (struct bytes){(const uint8_t *)text, e.len};
		assert_true(ca_crt_file_names(file, c.der));
		c.der.len--;
		assert_false(ca_crt_file_names(file, c.der));
		der[len - 1] ^= 1;
		c.der.len++;
		assert_false(ca_crt_file_names(file, c.der));
		der[len - 1] ^= 1;
		free(text);
	}
}

static void every_certificate_of_a_file_is_found(void **state)
{
	const struct wire_certificate certs[] = {
		{.der = bytes_of("first")},
		{.der = bytes_of("second, longer")},
		{.der = bytes_of("3")}};
	char text[4096];
	struct ca_crt e;
	struct bytes file;

	(void)state;
	ca_crt_open(&e, text, sizeof(text));
	ca_crt_copy(&e, bytes_of(CA_CRT_MARK));
	for (size_t i = 0; i < COUNT(certs); i++)
		ca_crt_append(&e, &certs[i]);
	file = (struct bytes){(const uint8_t *)text, e.len};
	for (size_t i = 0; i < COUNT(certs); i++)
		assert_true(ca_crt_file_names(file, certs[i].der));
	assert_false(ca_crt_file_names(file, bytes_of("4")));
	assert_false(ca_crt_file_names(file, bytes_of("firs")));
}

/* "reg" is cmVn in Base64, "reg0" is cmVnMA==. */
static void files_are_compared_as_their_readers_do(void **state)
{
	static const struct {
		const char *file;
		const char *der;
		bool named;
	} rows[] = {
		{"-----BEGIN CERTIFICATE-----\ncmVn\n" END, "reg", true},
		{"-----BEGIN CERTIFICATE-----\r\ncmVn\r\n"
		 "-----END CERTIFICATE-----\r\n",
		 "reg", true},
		{"-----BEGIN CERTIFICATE-----\n cm\tV\n\nn \n" END, "reg",
		 true},
		{BEGIN "cmVnMA==\n" END, "reg0", true},
		{"subject=reg\n" BEGIN "cmVn\n" END, "reg", true},
		{BEGIN "cmVn\n-----END CERTIFICATE-----", "reg", true},
		{BEGIN "!\n" END BEGIN "cmVn\n" END, "reg", true},
		{BEGIN BEGIN "cmVn\n" END, "reg", true},
		{"reg", "reg", true},
		{"reg\n", "reg", false},
		{"", "reg", false},
		{"cmVn", "reg", false},
		{BEGIN "cmVn\n", "reg", false},
		{BEGIN "cmVn", "reg", false},
		{BEGIN "cm\n", "reg", false},
		{BEGIN, "reg", false},
		{BEGIN "cmVn\n-----END CERTIFICATE----", "reg", false},
		{BEGIN "cmVnMA==\n" END, "reg", false},
		{BEGIN "cmVn\n" END, "reg0", false},
		{BEGIN "cmVnMA\n" END, "reg0", false},
		{BEGIN "cmVnMB==\n" END, "reg0", false},
		{BEGIN "cmVn\n-----END PRIVATE KEY-----\n", "reg", false},
		{"-----BEGIN PRIVATE KEY-----\ncmVn\n"
		 "-----END PRIVATE KEY-----\n",
		 "reg", false},
		{"-----BEGIN TRUSTED CERTIFICATE-----\ncmVn\n"
		 "-----END TRUSTED CERTIFICATE-----\n",
		 "reg", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t len = strlen(rows[i].file);
		uint8_t *exact = malloc(len ? len : 1);

		memcpy(exact, rows[i].file, len);
		check(ca_crt_file_names((struct bytes){exact, len},
					bytes_of(rows[i].der)) == rows[i].named,
		      "row %zu", i);
		free(exact);
	}
}

static void time_is_utc_and_never_overruns(void **state)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} rows[] = {
		{0, "1970-01-01T00:00:00Z"},
		{-1, "1969-12-31T23:59:59Z"},
		{951782400, "2000-02-29T00:00:00Z"},
		{4102444799, "2099-12-31T23:59:59Z"},
		{253402300799, "9999-12-31T23:59:59Z"},
	};
	char out[DATE_BYTES];

	(void)state;
	setenv("TZ", "EST5EDT", 1);
	for (size_t i = 0; i < COUNT(rows); i++) {
		date_encode(rows[i].seconds, out);
		assert_string_equal(out, rows[i].text);
	}
	/* A probe that was taken over may report any number. */
	date_encode(INT64_MAX, out);
	assert_int_not_equal(strlen(out), 0);
	date_encode(INT64_MIN, out);
	assert_int_not_equal(strlen(out), 0);
}

/* A prime step meets every day of the week, month and era. */
static void dates_are_those_of_libc(void **state)
{
	const int64_t last = 253402300799; /* 9999-12-31T23:59:59Z */

	(void)state;
	for (int64_t at = -62135596800; at <= last; at += 10007 * 997) {
		char out[DATE_BYTES];
		char expected[DATE_BYTES];
		time_t seconds = (time_t)at;
		struct tm tm;

		assert_non_null(gmtime_r(&seconds, &tm));
		snprintf(expected, sizeof(expected),
			 "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
			 tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
			 tm.tm_sec);
		date_encode(at, out);
		assert_string_equal(out, expected);
	}
}

/* What every reader finds; operators' files are taken with more patience. */
static void a_file_holds_what_every_reader_finds_in_it(void **state)
{
	static const struct {
		const char *file;
		bool held;
	} rows[] = {
		{BEGIN "cmVn\n" END, true},
		{BEGIN "cmVn\n-----END CERTIFICATE-----", true},
		{"-----BEGIN CERTIFICATE-----\r\ncmVn\r\n"
		 "-----END CERTIFICATE-----\r\n",
		 true},
		{BEGIN "cm\nVn\n" END, true},
		{"-----BEGIN CERTIFICATE----- \t\ncmVn\n" END, true},
		{"text\n" BEGIN "cmVn\n" END "text\n", true},
		{BEGIN "!\n" END BEGIN "cmVn\n" END, true},
		{"-----BEGIN X-----\n-----END X-----\n" BEGIN "cmVn\n" END,
		 true},
		/* In doubt, or not at all. */
		{"reg", false},
		{" " BEGIN "cmVn\n" END, false},
		{"\xef\xbb\xbf" BEGIN "cmVn\n" END, false},
		{"-----BEGIN CERTIFICATE-----cmVn\n" END, false},
		{BEGIN "cmVn" END, false},
		{BEGIN "cmVn\n" END "-", true},
		{BEGIN "cmVn\n-----END CERTIFICATE------\n", false},
		{BEGIN "cmVn\n-----END CERTIFICATE----- x\n", false},
		{BEGIN BEGIN "cmVn\n" END, false},
		{"-----BEGIN X-----\n" BEGIN "cmVn\n" END, false},
		{BEGIN "cmVnMA==\n" END, false},
		{"", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t len = strlen(rows[i].file);
		uint8_t *exact = malloc(len ? len : 1);

		memcpy(exact, rows[i].file, len);
		check(ca_crt_holds((struct bytes){exact, len},
				   bytes_of("reg")) == rows[i].held,
		      "row %zu", i);
		free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_certificate_is_written_byte_for_byte),
		cmocka_unit_test(every_length_is_wrapped_and_padded),
		cmocka_unit_test(what_does_not_fit_is_not_overrun),
		cmocka_unit_test(a_subject_cannot_forge_a_boundary),
		cmocka_unit_test(what_was_written_names_what_it_holds),
		cmocka_unit_test(every_certificate_of_a_file_is_found),
		cmocka_unit_test(files_are_compared_as_their_readers_do),
		cmocka_unit_test(time_is_utc_and_never_overruns),
		cmocka_unit_test(dates_are_those_of_libc),
		cmocka_unit_test(a_file_holds_what_every_reader_finds_in_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
