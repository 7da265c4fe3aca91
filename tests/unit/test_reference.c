/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What operators write in a registry's place: the registry that is named in the
 * refusal, and what is never shown in it. With the words that are compared and
 * the ASCII form of other letters.
 */
#include "support/unit.h"

#include "installer/options/near.h"
#include "installer/options/punycode.h"
#include "installer/options/reference.h"

static void the_registry_that_was_meant_is_named(void **state)
{
	static const struct {
		const char *text;
		const char *parts[2]; /* that the refusal contains */
	} rows[] = {
		{"reg.test/team/app:1.2",
		 {"is an image", "its registry is reg.test: give that"}},
		{"reg.test:5000/app@sha256:ab",
		 {"@sha256:ab\" is an image", "registry is reg.test:5000"}},
		{"localhost/app", {"its registry is localhost"}},
		{"[::1]:5000/app", {"its registry is [::1]:5000"}},
		{"team/app:1.2", {"image of Docker Hub", "host[:port]"}},
		{"app/", {"has a path", "give app"}},
		{"reg.test/", {"has a path", "give reg.test"}},
		{"docker://reg.test/team/app:1", {"registry is reg.test: "}},
		{"DOCKER://reg.test:5000", {"transport", "give reg.test:5000"}},
		{"oci://reg.test/charts", {"its registry is reg.test"}},
		{"docker-daemon:app:1.2", {"on this machine", "host[:port]"}},
		{"containers-storage:x", {"on this machine"}},
		{"oci:/tmp/x:1", {"on this machine"}},
		{"reg.test.", {"ends in a dot", "give reg.test"}},
		{"reg.test.:5000", {"ends in a dot", "give reg.test:5000"}},
		{"https://reg.test./v2/", {"ends in a dot", "give reg.test"}},
		{"reg.test..", {"is not a registry"}},
		{"b\xc3\xbc"
		 "cher.test",
		 {"\"b\\xc3\\xbc"
		  "cher.test\" has letters",
		  "give xn--bcher-kva.test"}},
		{"https://reg.b\xc3\xbc"
		 "cher.test:5000/v2/",
		 {"give reg.xn--bcher-kva.test:5000"}},
		{"b\xfc"
		 "cher.test",
		 {"is not a registry"}},
		{"reg_5000_", {"for containerd", "give reg:5000"}},
		{"reg.test_443_", {"for containerd", "give reg.test:443"}},
		{"_5000_", {"is not a registry"}},
		{"*.reg.test", {"wildcard"}},
		{"http://reg.test", {"plain http"}},
		{"user:secret@reg.test", {"\"***@reg.test\"", "give reg.test"}},
		{"https://u:secret@reg.test:5000/x",
		 {"https://***@reg.test:5000/x", "give reg.test:5000"}},
		{"token@reg.test", {"\"***@reg.test\"", "give reg.test"}},
		{"user:secret@", {"\"***@\"", "host[:port]"}},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct failure f = {0};
		struct registry r;

		check(reference_read(item_of(rows[i].text), &r, &f) ==
			      ERR_USAGE,
		      "%s is taken", rows[i].text);
		check_contains(f.detail, rows[i].parts[0]);
		if (rows[i].parts[1])
			check_contains(f.detail, rows[i].parts[1]);
		check(!strstr(f.detail, "secret"), "%s", f.detail);
	}
}

static void registries_and_pasted_urls_are_taken(void **state)
{
	static const char *const rows[][2] = {
		{"reg.test", "reg.test"},
		{"reg.test:5000", "reg.test:5000"},
		{"https://reg.test:5000/v2/team/app?x", "reg.test:5000"},
		{"HTTPS://reg.test", "reg.test"},
		{"dir:443", "dir:443"},
		{"oci:5000", "oci:5000"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct failure f = {0};
		struct registry r;

		check(reference_read(item_of(rows[i][0]), &r, &f) == ERR_OK,
		      "%s", f.detail);
		assert_string_equal(r.reference, rows[i][1]);
	}
}

/* RFC 3492 section 7.1, in its letters' lower case, and short ones. */
static void other_letters_have_an_ascii_form(void **state)
{
	static const char *const rows[][2] = {
		{"b\xc3\xbc"
		 "cher",
		 "xn--bcher-kva"},
		{"B\xc3\xbc"
		 "CHER.Test",
		 "xn--bcher-kva.Test"},
		{"\xc3\xbc", "xn--tda"},
		{"\xe4\xbb\x96\xe4\xbb\xac\xe4\xb8\xba\xe4\xbb\x80\xe4\xb9\x88"
		 "\xe4\xb8\x8d\xe8\xaf\xb4\xe4\xb8\xad\xe6\x96\x87",
		 "xn--ihqwcrb4cv8a8dqg056pqjye"},
		{"3\xe5\xb9\xb4"
		 "b\xe7\xb5\x84\xe9\x87\x91\xe5\x85\xab\xe5\x85\x88"
		 "\xe7\x94\x9f",
		 "xn--3b-ww4c5e180e575a65lsy2b"},
		{"\xf0\x9f\x90\xb3", "xn--7o8h"},
		{"reg.test:5000", "reg.test:5000"},
		{"", ""},
		{"a..b", "a..b"},
	};
	char out[256];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		check(punycode_host(rows[i][0], strlen(rows[i][0]), out,
				    sizeof(out)),
		      "%s", rows[i][1]);
		assert_string_equal(out, rows[i][1]);
	}
}

static void what_is_no_utf8_has_no_ascii_form(void **state)
{
	static const char *const rows[] = {"\x80",
					   "\xc3",
					   "\xc3(",
					   "\xc0\xaf",
					   "\xe0\x80\xaf",
					   "\xed\xa0\x80",
					   "\xf4\x90\x80\x80",
					   "\xff",
					   "a.\xfe.b",
					   "\xf8\x88\x80\x80\x80"};
	char text[600], out[600];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check(!punycode_host(rows[i], strlen(rows[i]), out,
				     sizeof(out)),
		      "row %zu: %s", i, out);
	/* Too long: a label, and the room. */
	for (size_t i = 0; i < sizeof(text); i += 2)
		memcpy(text + i, "\xc3\xbc", 2);
	assert_false(punycode_host(text, sizeof(text), out, sizeof(out)));
	assert_false(punycode_host("\xc3\xbc", 2, out, 7));
	assert_true(punycode_host("\xc3\xbc", 2, out, 8));
	assert_false(punycode_host("a", 1, out, 0));
}

static void distances_count_what_hands_do(void **state)
{
	static const struct {
		const char *text;
		const char *word;
		size_t distance;
	} rows[] = {
		{"check", "check", 0},
		{"CHECK", "check", 0},
		{"chekc", "check", 1},
		{"cheeck", "check", 1},
		{"chck", "check", 1},
		{"chexk", "check", 1},
		{"hceck", "check", 1},
		{"hcekc", "check", 2},
		{"", "pin", NEAR_FAR},
		{"", "ab", 2},
		{"abc", "", NEAR_FAR},
		{"show", "check", NEAR_FAR},
		{"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
		 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 0},
		{"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
		 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", NEAR_FAR},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check(near_distance(rows[i].text, strlen(rows[i].text),
				    rows[i].word) == rows[i].distance,
		      "%s, %s", rows[i].text, rows[i].word);
}

static void items_lose_what_came_with_them(void **state)
{
	static const char *const rows[][2] = {
		{"", ""},
		{" ", ""},
		{"\"", "\""},
		{"\"\"", ""},
		{"\"a\"", "a"},
		{"'a b'\n", "a b"},
		{"\" a \"", "a"},
		{"'a\"", "'a\""},
		{"\xef\xbb\xbf"
		 "a",
		 "a"},
		{"\xc2\xa0"
		 "a\xe3\x80\x80\r\n",
		 "a"},
		{"a\xc2", "a\xc2"},
		{"\x80", "\x80"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct item item = item_clean(item_of(rows[i][0]));

		check(item.len == strlen(rows[i][1]) &&
			      !memcmp(item.text, rows[i][1], item.len),
		      "row %zu: %.*s", i, (int)item.len, item.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_registry_that_was_meant_is_named),
		cmocka_unit_test(registries_and_pasted_urls_are_taken),
		cmocka_unit_test(other_letters_have_an_ascii_form),
		cmocka_unit_test(what_is_no_utf8_has_no_ascii_form),
		cmocka_unit_test(distances_count_what_hands_do),
		cmocka_unit_test(items_lose_what_came_with_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
