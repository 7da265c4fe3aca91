/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which Go release judges for a Docker release, and which rules it follows.
 */
#include "probe/verdict/x509/go_release.h"

#include <stdio.h>

#include "support/unit.h"

static uint16_t go_of(const char *docker)
{
	struct go_release r = {0, 0};

	if (!go_of_docker(
		    (struct bytes){(const uint8_t *)docker, strlen(docker)},
		    &r))
		return 0;
	return (uint16_t)(r.version / 100);
}

static void docker_releases_have_their_go(void **state)
{
	static const struct {
		const char *docker;
		uint16_t minor;
	} cases[] = {
		{"20.10.0", 13},  {"20.10.7", 13}, {"20.10.8", 16},
		{"20.10.17", 17}, {"20.10", 19},   {"23.0.6", 19},
		{"24.0.2", 20},	  {"25", 21},	   {"27.2.0", 21},
		{"27.2.1", 22},	  {"28.0.1", 23},  {"28.4", 24},
		{"28.5.1", 24},	  {"29.1", 25},	   {"29.3", 25},
		{"29.4", 26},	  {"29.7", 26},	   {"29.7.2", 26},
		{"29", 26},	  {"31.0.0", 26},  {"19.03.1", 0},
		{"", 0},	  {"x", 0},	   {"29.", 0},
		{"25.0.6", 21},	  {"25.0.7", 0},   {"25.0.16", 0},
		{"23.0.18", 0},	  {"20.10.27", 0}, {"24", 20},
		{"23.0", 19},	  {"29.1.5", 25},  {"29.6.3", 26},
		{"29.7.9", 26},	  {"29.7.2.1", 0}, {"29.7x", 0},
		{"1000", 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (go_of(cases[i].docker) != cases[i].minor)
			fail_msg("%s: go1.%u", cases[i].docker,
				 go_of(cases[i].docker));
}

static void a_release_that_is_too_new_is_told(void **state)
{
	static const char *const known[] = {"29.7.2", "29.6", "28.5.2", "24",
					    "20.10.0"};
	static const char *const newer[] = {"29",   "29.7", "29.7.3",
					    "29.8", "30",   "31.0.0",
					    "99.1", "999",  "999.1"};

	(void)state;
	for (size_t i = 0; i < COUNT(known); i++)
		check(!go_docker_before(bytes_of(known[i])), "%s", known[i]);
	for (size_t i = 0; i < COUNT(newer); i++) {
		const char *as = go_docker_before(bytes_of(newer[i]));

		check(as && !strcmp(as, "29.7.2"), "%s", newer[i]);
		assert_int_equal(go_of(newer[i]), go_of(as));
	}
}

static void only_some_minors_were_measured(void **state)
{
	struct go_release around[2];

	(void)state;
	assert_int_equal(
		go_measured_around((struct go_release){GO_VERSION(24, 7), 23},
				   around),
		0);
	assert_int_equal(
		go_measured_around((struct go_release){GO_VERSION(20, 13), 18},
				   around),
		2);
	assert_int_equal(around[0].version, GO_VERSION(19, 8));
	assert_int_equal(around[1].version, GO_VERSION(21, 13));
	assert_int_equal(
		go_measured_around((struct go_release){GO_VERSION(17, 11), 17},
				   around),
		2);
	assert_int_equal(around[0].version, GO_VERSION(15, 15));
	assert_int_equal(around[1].version, GO_VERSION(19, 8));
	assert_int_equal(
		go_measured_around((struct go_release){GO_VERSION(13, 15), 13},
				   around),
		1);
	assert_int_equal(around[0].version, GO_VERSION(15, 15));
}

static bool follows(unsigned minor, unsigned patch, unsigned line,
		    enum go_rule rule)
{
	struct go_release r = {GO_VERSION(minor, patch), (uint16_t)line};

	return go_follows(r, rule);
}

static void rules_begin_with_a_release(void **state)
{
	(void)state;
	assert_false(follows(17, 11, 17, GO_REFUSE_SHA1));
	assert_true(follows(18, 0, 18, GO_REFUSE_SHA1));
	assert_true(follows(27, 0, 27, GO_REFUSE_SHA1));
}

static void patches_count_in_their_own_minor(void **state)
{
	(void)state;
	assert_false(follows(24, 10, 24, GO_EXCLUDE_WILDCARD));
	assert_true(follows(24, 11, 24, GO_EXCLUDE_WILDCARD));
	assert_false(follows(25, 4, 25, GO_EXCLUDE_WILDCARD));
	assert_true(follows(25, 5, 25, GO_EXCLUDE_WILDCARD));
	assert_true(follows(26, 0, 26, GO_EXCLUDE_WILDCARD));
	assert_false(follows(23, 99, 23, GO_EXCLUDE_WILDCARD));
}

static void the_go_line_selects_defaults(void **state)
{
	(void)state;
	/* Docker 28.0.0: Go 1.23.6, go line 1.22. */
	assert_false(follows(23, 6, 22, GO_REFUSE_NEGATIVE));
	assert_true(follows(23, 6, 23, GO_REFUSE_NEGATIVE));
	assert_true(follows(23, 6, 0, GO_REFUSE_NEGATIVE));
	assert_true(follows(23, 6, 22, GO_REFUSE_BARE_STAR));
}

/* 29.4.1 as 29004001, and 29.4, which ends with its last patch, as 29004999. */
static unsigned number_of(const char *docker)
{
	unsigned major, minor, patch = 999;

	assert_true(sscanf(docker, "%u.%u.%u", &major, &minor, &patch) >= 2);
	return (major * 1000 + minor) * 1000 + patch;
}

static void the_table_is_in_order(void **state)
{
	const char *first, *last;
	unsigned before = 0;
	struct go_release r;
	size_t n = 0;

	(void)state;
	for (; go_docker_row(n, &first, &last, &r); n++) {
		assert_int_equal(go_of(first), r.version / 100);
		assert_int_equal(go_of(last), r.version / 100);
		check(before < number_of(first) &&
			      number_of(first) <= number_of(last),
		      "%s to %s", first, last);
		before = number_of(last);
	}
	assert_true(n > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(docker_releases_have_their_go),
		cmocka_unit_test(a_release_that_is_too_new_is_told),
		cmocka_unit_test(only_some_minors_were_measured),
		cmocka_unit_test(rules_begin_with_a_release),
		cmocka_unit_test(patches_count_in_their_own_minor),
		cmocka_unit_test(the_go_line_selects_defaults),
		cmocka_unit_test(the_table_is_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
