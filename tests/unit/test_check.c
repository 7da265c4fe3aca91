/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --check, on facts of its own: the decision that a run would take, as the
 * state of what is there now.
 */
#include "support/turn.h"

#include "installer/check.h"

static enum report_exit look(void)
{
	check_registry(&options, &turn, &outcome, &facts, &report);
	return report_exit_of(&report);
}

static void start(void)
{
	turn_start();
	turn_list("leaf", WIRE_CERT_SENT);
	turn_list("root", WIRE_CERT_ANCHOR | WIRE_CERT_CHAINS);
}

static void refuse(enum wire_act act, enum verdict_code code)
{
	outcome.verdict[act].code = code;
	outcome.verdict[act].text = bytes_of("x509: no");
}

static void what_holds_and_docker_accepts_is_trusted(void **state)
{
	(void)state;
	start();
	turn_install("root", NULL);
	facts.policy.chains = true;
	assert_int_equal(look(), REPORT_EXIT_TRUSTED);
	assert_int_equal(report.state, REPORT_TRUSTED);
	/* The host's own store is enough. */
	start();
	facts.policy.host_trusts = true;
	assert_int_equal(look(), REPORT_EXIT_TRUSTED);
	assert_int_equal(report.state, REPORT_TRUSTED);
}

static void an_end_that_is_near_is_said(void **state)
{
	(void)state;
	start();
	turn_install("root", NULL);
	facts.policy.chains = true;
	outcome.certs[0].not_after = NOW + 86400;
	assert_int_equal(look(), REPORT_EXIT_TRUSTED);
	assert_int_equal(report.state, REPORT_EXPIRING);
	assert_true(report.warnings & REPORT_WARN_EXPIRY);
	assert_int_equal(report.ends, NOW + 86400);
}

static void nothing_installed_is_not_trusted(void **state)
{
	(void)state;
	start();
	refuse(WIRE_KEEP, VERDICT_UNKNOWN_AUTHORITY);
	assert_int_equal(look(), REPORT_EXIT_DOCKER);
	assert_int_equal(report.state, REPORT_UNTRUSTED);
}

static void files_without_a_certificate_are_unreadable(void **state)
{
	(void)state;
	start();
	turn_put(SURVEY_CA_FILE, bytes_of("<html>"));
	refuse(WIRE_KEEP, VERDICT_UNKNOWN_AUTHORITY);
	assert_int_equal(look(), REPORT_EXIT_DOCKER);
	assert_int_equal(report.state, REPORT_UNREADABLE);
	/* Also where a run would write nothing. */
	facts.policy.works = false;
	refuse(WIRE_ALONE, VERDICT_WRONG_NAME);
	assert_int_equal(look(), REPORT_EXIT_DOCKER);
	assert_int_equal(report.state, REPORT_UNREADABLE);
}

static void another_chain_has_changed(void **state)
{
	(void)state;
	start();
	turn_install("other", NULL);
	refuse(WIRE_KEEP, VERDICT_UNKNOWN_AUTHORITY);
	assert_int_equal(look(), REPORT_EXIT_REFUSED);
	assert_int_equal(report.state, REPORT_CHANGED);
	/* A new service has not: it was not there before. */
	turn_ask_service();
	facts.policy.new_service = true;
	assert_int_equal(look(), REPORT_EXIT_DOCKER);
	assert_int_equal(report.state, REPORT_UNTRUSTED);
}

/* The cause is that of what was refused, the words are of what is there. */
static void a_refusal_has_its_own_cause_and_todays_words(void **state)
{
	(void)state;
	start();
	turn_install("other", NULL);
	facts.policy.works = false;
	refuse(WIRE_KEEP, VERDICT_UNKNOWN_AUTHORITY);
	refuse(WIRE_ALONE, VERDICT_EXPIRED);
	outcome.verdict[WIRE_ALONE].text = bytes_of("x509: expired");
	assert_int_equal(look(), REPORT_EXIT_REFUSED);
	assert_int_equal(report.state, REPORT_REFUSED_BROKEN);
	assert_int_equal(report.verdict.code, VERDICT_EXPIRED);
	assert_true(bytes_equal(report.verdict.text, bytes_of("x509: no")));
}

static void who_has_proven_nothing_is_refused(void **state)
{
	(void)state;
	start();
	turn_install("root", NULL);
	facts.policy.chains = true;
	facts.policy.proven = false;
	assert_int_equal(look(), REPORT_EXIT_REFUSED);
	assert_int_equal(report.state, REPORT_REFUSED_UNPROVEN);
	/* The operator's own file is installed all the same; it is no trust. */
	facts.policy.vouch = POLICY_VOUCH_FILE;
	facts.policy.same = true;
	assert_int_equal(look(), REPORT_EXIT_DOCKER);
	assert_int_equal(report.state, REPORT_UNTRUSTED);
}

static void what_keeps_docker_away_is_no_trust(void **state)
{
	static const struct {
		unsigned warning;
		enum report_state state;
	} rows[] = {
		/* Docker's login and classic store read what is installed. */
		{REPORT_WARN_HOSTS_TOML, REPORT_TRUSTED},
		{REPORT_WARN_PORT_ALIAS, REPORT_TRUSTED},
		{REPORT_WARN_LONE_CERT, REPORT_SHADOWED},
		{REPORT_WARN_LONE_KEY, REPORT_SHADOWED},
		{REPORT_WARN_NO_CLASSIC_SUITE, REPORT_UNTRUSTED},
		{REPORT_WARN_OTHER_CRT, REPORT_TRUSTED},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		start();
		turn_install("root", NULL);
		facts.policy.chains = true;
		report.warnings = rows[i].warning;
		assert_int_equal(look(), rows[i].state == REPORT_TRUSTED
						 ? REPORT_EXIT_TRUSTED
						 : REPORT_EXIT_DOCKER);
		assert_int_equal(report.state, rows[i].state);
	}
}

static void what_the_operator_asked_for_is_asked_of_a_look_too(void **state)
{
	(void)state;
	start();
	turn_install("root", NULL);
	facts.policy.chains = true;
	facts.policy.vouch = POLICY_VOUCH_MISSED;
	assert_int_equal(look(), REPORT_EXIT_REFUSED);
	assert_int_equal(report.state, REPORT_REFUSED_VOUCH);
	facts.policy.vouch = POLICY_VOUCH_NONE;
	facts.policy.require_pin = true;
	assert_int_equal(look(), REPORT_EXIT_REFUSED);
	assert_int_equal(report.state, REPORT_REFUSED_NO_PIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_holds_and_docker_accepts_is_trusted),
		cmocka_unit_test(an_end_that_is_near_is_said),
		cmocka_unit_test(nothing_installed_is_not_trusted),
		cmocka_unit_test(files_without_a_certificate_are_unreadable),
		cmocka_unit_test(another_chain_has_changed),
		cmocka_unit_test(a_refusal_has_its_own_cause_and_todays_words),
		cmocka_unit_test(who_has_proven_nothing_is_refused),
		cmocka_unit_test(what_keeps_docker_away_is_no_trust),
		cmocka_unit_test(
			what_the_operator_asked_for_is_asked_of_a_look_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
