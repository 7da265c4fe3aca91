/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The values of options one by one; what options make of them is in
 * test_options.c.
 */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/limits.h"
#include "installer/options/lists.h"
#include "installer/options/values.h"

#define HOUR_MS 3600000LL
#define DAY_MS	86400000LL

static void durations_are_numbers_with_a_unit(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} rows[] = {
		{"0", 0},
		{"0s", 0},
		{"000", 0},
		{"1ms", 1},
		{"500ms", 500},
		{"20s", 20000},
		{"007s", 7000},
		{"5m", 300000},
		{"6h", 6 * HOUR_MS},
		{"30d", 30 * DAY_MS},
		{"720h", 30 * DAY_MS},
		{"2592000000ms", 30 * DAY_MS},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct failure f = {0};
		int64_t ms = -1;

		check(value_duration("--x", item_of(rows[i].text), 30 * DAY_MS,
				     &ms, &f) == ERR_OK,
		      "%s", f.detail);
		check(ms == rows[i].ms, "%s: %lld", rows[i].text,
		      (long long)ms);
	}
}

static void other_durations_are_refused(void **state)
{
	static const char *const texts[] = {"",
					    "s",
					    "1",
					    "20",
					    "-1s",
					    "+1s",
					    " 1s",
					    "1s ",
					    "1 s",
					    "1S",
					    "1sec",
					    "1.5s",
					    "1h30m",
					    "1e3ms",
					    "0x1s",
					    "31d",
					    "721h",
					    "2592000001ms",
					    "1w",
					    "1\ns",
					    "99999999999999999999s",
					    "9223372036854775807ms",
					    "18446744073709551617s",
					    "106751991167301d"};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct failure f = {0};
		int64_t ms = -1;

		check(value_duration("--x", item_of(texts[i]), 30 * DAY_MS, &ms,
				     &f) == ERR_USAGE,
		      "\"%s\" is %lld ms", texts[i], (long long)ms);
		assert_int_equal(f.code, ERR_USAGE);
		check_contains(f.detail, "--x: \"");
	}
}

static void switches_have_eight_words(void **state)
{
	static const char *const words[] = {"0", "false", "No",	 "OFF",
					    "1", "True",  "YES", "on"};
	static const char *const others[] = {"", "2", "y", "11", "yess", "tru"};
	struct failure f;
	bool on;

	(void)state;
	for (size_t i = 0; i < COUNT(words); i++) {
		on = i < 4;
		assert_int_equal(value_switch("X", item_of(words[i]), &on, &f),
				 ERR_OK);
		assert_int_equal(on, i >= 4);
	}
	for (size_t i = 0; i < COUNT(others); i++) {
		assert_int_equal(value_switch("X", item_of(others[i]), &on, &f),
				 ERR_USAGE);
		check_contains(f.detail, "X: \"");
	}
}

static void a_word_that_is_none_is_told_which_there_are(void **state)
{
	static const char *const words[] = {"one", "two", "three"};
	struct failure f;
	size_t index;

	(void)state;
	for (size_t i = 0; i < COUNT(words); i++) {
		assert_int_equal(value_word("--x", item_of(words[i]), words, 3,
					    &index, &f),
				 ERR_OK);
		assert_int_equal(index, i);
	}
	assert_int_equal(value_word("--x", item_of("tw"), words, 3, &index, &f),
			 ERR_USAGE);
	assert_string_equal(f.detail,
			    "--x: \"tw\" is none of: one, two, three");
}

#define HEX_A	 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HEX_B	 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define COLONS_8 "AA:AA:AA:AA:AA:AA:AA:AA"
#define COLONS	 COLONS_8 ":" COLONS_8 ":" COLONS_8 ":" COLONS_8

static struct options options;

static void pins_are_read_with_and_without_a_registry(void **state)
{
	static const struct {
		const char *text;
		size_t count;
		const char *references[3];
		const char *first_bytes; /* of each fingerprint */
	} rows[] = {
		{"sha256:" HEX_A, 1, {""}, "\xaa"},
		{"sha256:" HEX_A ",sha256:" HEX_B, 2, {"", ""}, "\xaa\xbb"},
		{" sha256:" HEX_A " , sha256:" HEX_B "\n",
		 2,
		 {"", ""},
		 "\xaa\xbb"},
		{"sha256=" HEX_A, 1, {""}, "\xaa"},
		{"reg=sha256:" HEX_A, 1, {"reg"}, "\xaa"},
		{"reg:5000=sha256:" HEX_A " [::1]=sha256:" HEX_B,
		 2,
		 {"reg:5000", "[::1]"},
		 "\xaa\xbb"},
		{"https://reg:5000/=" HEX_A, 1, {"reg:5000"}, "\xaa"},
		{"sha256 Fingerprint=" COLONS, 1, {""}, "\xaa"},
		{"sha256 Fingerprint=" COLONS ",sha256:" HEX_B,
		 2,
		 {"", ""},
		 "\xaa\xbb"},
		{"reg=sha256 Fingerprint=" COLONS " " HEX_B,
		 2,
		 {"reg", ""},
		 "\xaa\xbb"},
		{"a=" HEX_A " b=" HEX_B " " HEX_A,
		 3,
		 {"a", "b", ""},
		 "\xaa\xbb\xaa"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct failure f = {0};

		options.pin_count = 0;
		check(list_pins(item_of(rows[i].text), NULL, &options, &f) ==
			      ERR_OK,
		      "%s: %s", rows[i].text, f.detail);
		check(options.pin_count == rows[i].count, "%s: %zu pins",
		      rows[i].text, options.pin_count);
		for (size_t k = 0; k < options.pin_count; k++) {
			assert_string_equal(options.pins[k].reference,
					    rows[i].references[k]);
			assert_int_equal(options.pins[k].fingerprint.sha256[31],
					 (uint8_t)rows[i].first_bytes[k]);
		}
	}
}

static void other_pins_are_refused(void **state)
{
	static const char *const texts[] = {"",
					    " ",
					    ",",
					    "sha256:",
					    "reg=",
					    "=sha256:" HEX_A,
					    "re_g=" HEX_A,
					    "reg= " HEX_A,
					    HEX_A ";" HEX_B,
					    "reg=other=" HEX_A,
					    HEX_A " nonsense",
					    "sha512:" HEX_A HEX_B,
					    "47DEQpj8HBSa+/TImW+5JCeuQeRkm5N"
					    "MpJWZG3hSuFU=",
					    "reg/path=" HEX_A};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct failure f = {0};

		options.pin_count = 0;
		check(list_pins(item_of(texts[i]), NULL, &options, &f) ==
			      ERR_USAGE,
		      "\"%s\" is taken", texts[i]);
		assert_int_not_equal(strlen(f.detail), 0);
	}
}

static void pins_are_bounded_in_number(void **state)
{
	static const struct registry one = {.reference = "reg"};
	struct item pin = item_of(HEX_A);
	struct failure f;

	(void)state;
	options.pin_count = 0;
	for (size_t i = 0; i < PINS_ALL_MAX; i++)
		assert_int_equal(list_pins(pin, NULL, &options, &f), ERR_OK);
	assert_int_equal(list_pins(pin, NULL, &options, &f), ERR_USAGE);
	check_contains(f.detail, "more than 128 pins");
	for (size_t i = 0; i < PINS_ONE_MAX; i++)
		assert_int_equal(list_pins(pin, &one, &options, &f), ERR_OK);
	assert_int_equal(list_pins(pin, &one, &options, &f), ERR_USAGE);
	check_contains(f.detail, "more than 64 pins for reg");
	assert_int_equal(options.pin_count, PINS_ALL_MAX + PINS_ONE_MAX);
	/* What one registry and its token service have fits into a job. */
	assert_in_range(PINS_ALL_MAX + 2 * PINS_ONE_MAX, 0, PINS_MAX);
}

static void registries_are_appended_each_once(void **state)
{
	static struct registry list[REGISTRIES_MAX];
	struct failure f;

	(void)state;
	options.registries = list;
	assert_int_equal(list_registries(item_of(" a,,b a"), &options, &f),
			 ERR_OK);
	assert_int_equal(list_registries(item_of("b,c"), &options, &f), ERR_OK);
	assert_int_equal(options.registry_count, 3);
	assert_string_equal(list[0].reference, "a");
	assert_string_equal(list[1].reference, "b");
	assert_string_equal(list[2].reference, "c");
	assert_int_equal(list_registries(item_of("a b_"), &options, &f),
			 ERR_USAGE);
	assert_int_equal(list_registries(item_of(""), &options, &f), ERR_USAGE);
	assert_int_equal(options.registry_count, 3);
}

static int free_pins(void **state)
{
	(void)state;
	free(options.pins);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(durations_are_numbers_with_a_unit),
		cmocka_unit_test(other_durations_are_refused),
		cmocka_unit_test(switches_have_eight_words),
		cmocka_unit_test(a_word_that_is_none_is_told_which_there_are),
		cmocka_unit_test(pins_are_read_with_and_without_a_registry),
		cmocka_unit_test(other_pins_are_refused),
		cmocka_unit_test(pins_are_bounded_in_number),
		cmocka_unit_test(registries_are_appended_each_once),
	};

	return cmocka_run_group_tests(tests, NULL, free_pins);
}
