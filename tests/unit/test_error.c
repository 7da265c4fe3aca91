/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever foreign bytes go in, printable ASCII of bounded length comes out.
 */
#include "support/unit.h"

#include <stdio.h>

#include "common/error.h"
#include "common/escape.h"

static bool is_printable(const char *text)
{
	for (; *text; text++)
		if (*text < 0x20 || *text > 0x7e)
			return false;
	return true;
}

static void every_byte_has_one_form(void **state)
{
	(void)state;
	for (unsigned byte = 0; byte < 256; byte++) {
		const unsigned char in = (unsigned char)byte;
		bool plain = byte >= 0x20 && byte <= 0x7e && byte != '\\';
		char expected[5];
		char out[8];

		snprintf(expected, sizeof(expected), plain ? "%c" : "\\x%02x",
			 byte);
		assert_int_equal(escape_text(out, sizeof(out), &in, 1),
				 strlen(expected));
		assert_string_equal(out, expected);
	}
}

static void escaping_is_cut_at_a_whole_escape(void **state)
{
	static const char *const cut[] = {
		"", "", "a", "a", "a", "a", "a\\x07", "a\\x07b", "a\\x07b"};

	(void)state;
	for (size_t size = 1; size < COUNT(cut); size++) {
		char out[16];

		memset(out, '#', sizeof(out));
		assert_int_equal(escape_text(out, size, "a\ab", 3),
				 strlen(cut[size]));
		assert_string_equal(out, cut[size]);
		assert_int_equal(out[size], '#');
	}
}

static void escaping_into_nothing_writes_nothing(void **state)
{
	char out = '#';

	(void)state;
	assert_int_equal(escape_text(&out, 0, "abc", 3), 0);
	assert_int_equal(out, '#');
	assert_int_equal(escape_text(&out, 1, NULL, 0), 0);
	assert_int_equal(out, '\0');
}

static void a_failure_keeps_its_class_and_its_words(void **state)
{
	struct failure f;

	(void)state;
	for (int code = ERR_OK; code < ERR_COUNT_; code++) {
		assert_int_equal(
			failure_set(&f, (enum err)code, "%s: %d", "a", code),
			code);
		assert_int_equal(f.code, code);
	}
	failure_set(&f, ERR_TLS, "%s", "");
	assert_string_equal(f.detail, "");
}

static void a_failure_is_printable_whatever_it_quotes(void **state)
{
	struct failure f;

	(void)state;
	failure_set(&f, ERR_TLS, "%s",
		    "a\x1b[2J\r\n\x7f\xff"
		    "b");
	assert_string_equal(f.detail, "a\\x1b[2J\\x0d\\x0a\\x7f\\xffb");
	/* Escaped already: not once more. */
	failure_set(&f, ERR_TLS, "%s", "\\x1b");
	assert_string_equal(f.detail, "\\x1b");
}

static void a_long_failure_is_cut_to_a_prefix(void **state)
{
	char text[2 * FAILURE_CHARS_MAX];
	struct failure f;

	(void)state;
	for (size_t escapes = 0; escapes < 8; escapes++) {
		size_t len = FAILURE_CHARS_MAX - 1 - escapes;
		size_t whole = escapes / 4 * 4;

		memset(text, 'a', sizeof(text) - 1);
		text[sizeof(text) - 1] = '\0';
		memset(text + len, '\n', escapes);
		failure_set(&f, ERR_TLS, "%s", text);
		assert_true(is_printable(f.detail));
		assert_int_equal(strspn(f.detail, "a"), len);
		assert_int_equal(strlen(f.detail), len + whole);
	}
}

static void a_word_for_a_shell_stays_one(void **state)
{
	static const char *const rows[][2] = {
		{"/etc/docker/certs.d", "/etc/docker/certs.d"},
		{"reg.test:5000", "reg.test:5000"},
		{"[2001:db8::1]:5000", "'[2001:db8::1]:5000'"},
		{"/srv/my certs", "'/srv/my certs'"},
		{"/$(id)/*", "'/$(id)/*'"},
		{"it's", "'it'\\''s'"},
		{"", "''"},
	};
	char out[32];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		escape_shell(out, sizeof(out), rows[i][0]);
		assert_string_equal(out, rows[i][1]);
	}
	for (size_t size = 1; size < 8; size++) {
		escape_shell(out, size, "a'b");
		assert_in_range(strlen(out), 0, size - 1);
		assert_memory_equal(out, "'a'\\''b'", strlen(out));
	}
}

/* An escape that does not fit ends the text: what follows would be read as if
 * nothing were missing. */
static void nothing_follows_where_a_failure_was_cut(void **state)
{
	char text[FAILURE_CHARS_MAX];
	struct failure f;

	(void)state;
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	memcpy(text + sizeof(text) - 4, "\nbb", 3);
	failure_set(&f, ERR_TLS, "%s", text);
	assert_int_equal(strlen(f.detail), sizeof(text) - 4);
	assert_null(strchr(f.detail, 'b'));
}

static void what_a_url_hides_is_not_shown(void **state)
{
	static const char *const rows[][2] = {
		{"https://u:p@h/x", "https://***@h/x"},
		{"u:p@h", "***@h"},
		{"p@h", "***@h"},
		{"https://u:p@q@h", "https://***@h"},
		{"u:p/q@h", "***@h"},
		{"u:p@sharepoint.test", "***@sharepoint.test"},
		{"https://h/x", "https://h/x"},
		{"h/x@sha256:ab", "h/x@sha256:ab"},
		{"u:p@h/x@sha256:ab", "***@h/x@sha256:ab"},
		{"", ""},
		{"@", "***@"},
	};
	char out[64];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(escape_masked(out, sizeof(out), rows[i][0],
					       strlen(rows[i][0])),
				 strlen(rows[i][1]));
		assert_string_equal(out, rows[i][1]);
	}
	escape_masked(out, 11, "https://u:p@h", 13);
	assert_string_equal(out, "https://**");
}

/* The last line of defence: whoever wrote the text. */
static void a_failure_hides_what_a_url_hides(void **state)
{
	static const char *const rows[][2] = {
		{"proxy http://u:p@h:1 said", "proxy http://***@h:1 said"},
		{"\"http://u:p@h\": a@b", "\"http://***@h\": a@b"},
		{"http://h http://u:p@h", "http://h http://***@h"},
		{"http://@h ://", "http://@h ://"},
		{"docker://h/x@sha256:ab", "docker://h/x@sha256:ab"},
		{"CN=a@b.test", "CN=a@b.test"},
	};
	struct failure f;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		failure_set(&f, ERR_USAGE, "%s", rows[i][0]);
		assert_string_equal(f.detail, rows[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_has_one_form),
		cmocka_unit_test(escaping_is_cut_at_a_whole_escape),
		cmocka_unit_test(a_word_for_a_shell_stays_one),
		cmocka_unit_test(escaping_into_nothing_writes_nothing),
		cmocka_unit_test(a_failure_keeps_its_class_and_its_words),
		cmocka_unit_test(a_failure_is_printable_whatever_it_quotes),
		cmocka_unit_test(a_long_failure_is_cut_to_a_prefix),
		cmocka_unit_test(nothing_follows_where_a_failure_was_cut),
		cmocka_unit_test(what_a_url_hides_is_not_shown),
		cmocka_unit_test(a_failure_hides_what_a_url_hides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
