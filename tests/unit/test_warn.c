/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Warnings, each by the fact that is its reason and by no other.
 */
#include "support/turn.h"

#include "installer/warn.h"

static unsigned warnings(void)
{
	report.warnings = 0;
	warn_about(&turn, &outcome, &facts, &report);
	return report.warnings;
}

static void a_registry_like_others_has_none(void **state)
{
	(void)state;
	turn_start();
	assert_int_equal(warnings(), 0);
	assert_null(report.survey);
}

static void what_a_report_says_is_warned_of(void **state)
{
	static const struct {
		unsigned flag;
		unsigned warning;
	} rows[] = {
		{OUTCOME_CLIENT_CERT, REPORT_WARN_CLIENT_CERT},
		{OUTCOME_NO_CLASSIC_SUITE, REPORT_WARN_NO_CLASSIC_SUITE},
		{OUTCOME_NO_LANDLOCK, REPORT_WARN_NO_LANDLOCK},
		{OUTCOME_POSSESSION, 0},
		{OUTCOME_CHAINS, 0},
		{OUTCOME_HOST_TRUSTS, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		turn_start();
		outcome.flags = rows[i].flag;
		assert_int_equal(warnings(), rows[i].warning);
	}
}

static void names_that_docker_takes_otherwise_are_warned_of(void **state)
{
	static const struct registry loop = {"localhost:5000", "localhost",
					     5000, REGISTRY_NAME};
	static const struct registry hub = {"myregistry", "myregistry", 443,
					    REGISTRY_NAME};

	(void)state;
	turn_start();
	turn.registry = turn.job.target = &loop;
	assert_int_equal(warnings(), REPORT_WARN_LOOPBACK);
	turn_start();
	turn.registry = turn.job.target = &hub;
	assert_int_equal(warnings(), REPORT_WARN_HUB_PATH);
}

static void files_without_a_certificate_are_the_registrys(void **state)
{
	(void)state;
	turn_start();
	facts.void_files = 2;
	assert_int_equal(warnings(), REPORT_WARN_VOID_CRT);
	assert_ptr_equal(report.survey, &turn.survey);
	assert_int_equal(report.void_files, 2);
	/* Its token service has the same directory. */
	turn_start();
	turn_ask_service();
	facts.void_files = 2;
	assert_int_equal(warnings(), 0);
	assert_int_equal(report.void_files, 0);
}

/* The moment at which trust ends is that of the leaf or of the last anchor that
 * carries it, whichever comes first. */
static bool ends_at(int64_t when)
{
	report.warnings = 0;
	report.ends = 0;
	warn_of_end(&options, &turn, &outcome, &report);
	return when ? report.warnings == REPORT_WARN_EXPIRY &&
			       report.ends == when
		    : !report.warnings && !report.ends;
}

static void the_end_of_trust_is_warned_of_in_time(void **state)
{
	const int64_t soon = NOW + 86400;
	const int64_t later = NOW + 2 * 86400;

	(void)state;
	turn_start();
	turn_list("leaf", WIRE_CERT_SENT);
	turn_list("root", WIRE_CERT_CHAINS);
	turn_list("other", WIRE_CERT_CHAINS);
	turn_list("off path", WIRE_CERT_INSTALLED)->not_after = soon;
	assert_true(ends_at(0));
	outcome.certs[0].not_after = soon;
	assert_true(ends_at(soon));
	/* One anchor that lasts is enough. */
	outcome.certs[0].not_after = NOW + 365 * 86400;
	outcome.certs[1].not_after = soon;
	assert_true(ends_at(0));
	outcome.certs[2].not_after = later;
	assert_true(ends_at(later));
	/* Exactly at the limit there is time. */
	options.expiry_ms = 2 * 86400000LL;
	assert_true(ends_at(0));
	options.expiry_ms++;
	assert_true(ends_at(0));
	options.expiry_ms += 1000;
	assert_true(ends_at(later));
}

static void a_leaf_as_anchor_is_known(void **state)
{
	(void)state;
	turn_start();
	assert_false(warn_pins_a_leaf(&outcome));
	turn_list("leaf", WIRE_CERT_SENT | WIRE_CERT_ANCHOR);
	assert_true(warn_pins_a_leaf(&outcome));
	outcome.certs[0].flags = WIRE_CERT_SENT;
	turn_list("root", WIRE_CERT_SENT | WIRE_CERT_ANCHOR);
	assert_false(warn_pins_a_leaf(&outcome));
	/* A report may begin with what is installed. */
	outcome.certs[0].flags = WIRE_CERT_INSTALLED | WIRE_CERT_ANCHOR;
	assert_false(warn_pins_a_leaf(&outcome));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_registry_like_others_has_none),
		cmocka_unit_test(what_a_report_says_is_warned_of),
		cmocka_unit_test(
			names_that_docker_takes_otherwise_are_warned_of),
		cmocka_unit_test(files_without_a_certificate_are_the_registrys),
		cmocka_unit_test(the_end_of_trust_is_warned_of_in_time),
		cmocka_unit_test(a_leaf_as_anchor_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
