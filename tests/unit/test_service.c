/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules for token services: who is one, who speaks for it, what it may
 * bring, and whose failure it is.
 */
#include "support/turn.h"

#include "installer/service.h"

static void one_is_asked_where_the_target_is_another(void **state)
{
	(void)state;
	turn_start();
	assert_false(service_is_asked(&turn));
	turn_ask_service();
	assert_true(service_is_asked(&turn));
}

static void it_is_known_by_a_note_of_ours_alone(void **state)
{
	(void)state;
	turn_start();
	turn_ask_service();
	assert_false(service_is_known(&turn) || service_lacks_note(&turn));
	/* Text of another hand is no note. */
	turn_put(SURVEY_CA_FILE, bytes_of("# token service: auth.test\n"));
	assert_false(service_is_known(&turn) || service_lacks_note(&turn));
	turn_start();
	turn_ask_service();
	turn_install("anchor", NULL);
	assert_false(service_is_known(&turn));
	assert_true(service_lacks_note(&turn));
	turn_start();
	turn_ask_service();
	turn_install("anchor", "auth.test");
	assert_true(service_is_known(&turn));
	assert_false(service_lacks_note(&turn));
	/* That of another service is none of this one. */
	turn_start();
	turn_ask_service();
	turn_install("anchor", "auth.test:8443");
	assert_false(service_is_known(&turn));
	assert_true(service_lacks_note(&turn));
}

static bool is_followed(void)
{
	return service_is_followed(&options, &turn, bytes_of("auth.test"));
}

static void it_is_followed_where_the_operator_speaks_for_it(void **state)
{
	static struct pin pin = {.reference = "auth.test"};

	(void)state;
	turn_start();
	options.mode = OPTIONS_TRUST;
	assert_false(is_followed());
	options.trust_token_host = true;
	assert_true(is_followed());
	options.mode = OPTIONS_CHECK;
	assert_true(is_followed());
	options.mode = OPTIONS_SHOW;
	assert_false(is_followed());
	turn_start();
	turn.job.pin_count = 1;
	assert_true(is_followed());
	turn_start();
	turn.job.operator_file = bytes_of("-----BEGIN CERTIFICATE-----");
	assert_true(is_followed());
	turn_start();
	options.pins = &pin;
	options.pin_count = 1;
	assert_true(is_followed());
	strcpy(pin.reference, "other.test");
	assert_false(is_followed());
}

static void its_anchors_join_and_replace_nothing(void **state)
{
	struct policy_facts p = {
		.on_change = POLICY_REPLACE, .incomplete = true, .same = true};
	static struct outcome o;

	(void)state;
	turn_start();
	service_adjust(&turn, &o, &p);
	assert_int_equal(p.on_change, POLICY_REPLACE);
	assert_true(p.incomplete && !p.exact);
	turn_ask_service();
	service_adjust(&turn, &o, &p);
	assert_int_equal(p.on_change, POLICY_ADD);
	assert_true(p.exact && !p.incomplete);
	/* Without a section of ours there is nothing that it is new to. */
	assert_false(p.new_service);
	turn_install("anchor", NULL);
	service_adjust(&turn, &o, &p);
	assert_true(p.new_service);
	p.on_change = POLICY_REFUSE;
	service_adjust(&turn, &o, &p);
	assert_int_equal(p.on_change, POLICY_REFUSE);
}

static void one_of_which_no_anchor_holds_is_over(void **state)
{
	struct policy_facts p = {.over = false};
	static struct outcome o;

	(void)state;
	turn_start();
	turn.job.now = 100;
	service_adjust(&turn, &o, &p);
	assert_false(p.over);
	turn_ask_service();
	o.cert_count = 2;
	o.certs[0].flags = o.certs[1].flags = WIRE_CERT_ANCHOR;
	o.certs[0].not_after = 99;
	o.certs[1].not_after = 100;
	service_adjust(&turn, &o, &p);
	assert_false(p.over);
	o.certs[1].flags = WIRE_CERT_SENT;
	service_adjust(&turn, &o, &p);
	assert_true(p.over);
}

static void conclude(enum report_state how, enum verdict_code code)
{
	report.state = how;
	report.verdict = (struct wire_verdict){.reached = true, .code = code};
	service_conclude(&options, &report);
}

static void what_nobody_asked_for_is_no_failure(void **state)
{
	static const struct {
		enum report_state state, concluded;
	} rows[] = {
		{REPORT_FAILED, REPORT_SERVICE_UNSEEN},
		{REPORT_REFUSED_VOUCH, REPORT_SERVICE_LEFT},
		/* These a pin or file has named: to say that none does would be
		 * untrue. */
		{REPORT_REFUSED_UNPROVEN, REPORT_REFUSED_UNPROVEN},
		{REPORT_CHANGED, REPORT_CHANGED},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		turn_start();
		report.failure.code = ERR_CONNECT;
		/* Of the registry it is. */
		conclude(rows[i].state, VERDICT_ACCEPTED);
		assert_int_equal(report.state, rows[i].state);
		/* Of a service where it was asked for. */
		turn_ask_service();
		options.trust_token_host = true;
		conclude(rows[i].state, VERDICT_ACCEPTED);
		assert_int_equal(report.state, rows[i].state);
		options.trust_token_host = false;
		conclude(rows[i].state, VERDICT_ACCEPTED);
		assert_int_equal(report.state, rows[i].concluded);
		assert_int_equal(report.warnings, 0);
		if (rows[i].concluded != rows[i].state)
			assert_int_equal(report_exit_of(&report),
					 REPORT_EXIT_TRUSTED);
	}
}

/* Only where its CA is what is missing: one that has ended, say, is not mended
 * by the option that the warning names. */
static void the_option_is_named_where_it_helps(void **state)
{
	(void)state;
	turn_start();
	turn_ask_service();
	for (int code = 0; code < VERDICT_CODES_COUNT_; code++) {
		bool helps = code == VERDICT_UNKNOWN_AUTHORITY ||
			     code == VERDICT_WRONG_SIGNATURE;

		report.warnings = 0;
		conclude(REPORT_REFUSED_VOUCH, (enum verdict_code)code);
		assert_int_equal(report.state, REPORT_SERVICE_LEFT);
		assert_int_equal(report.warnings,
				 helps ? REPORT_WARN_TOKEN_SERVICE : 0);
	}
}

/* A run says 5 of it; so does a look: "no pin names its CA" would be untrue. */
static void what_docker_refuses_though_it_is_named_stays_said(void **state)
{
	static const enum report_state rows[] = {REPORT_UNCHANGED, REPORT_ADDED,
						 REPORT_UNTRUSTED};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		turn_start();
		turn_ask_service();
		conclude(rows[i], VERDICT_WRONG_NAME);
		assert_int_equal(report.state, rows[i]);
		assert_int_equal(report_exit_of(&report), REPORT_EXIT_DOCKER);
	}
}

static void what_could_not_be_written_is_a_failure(void **state)
{
	(void)state;
	turn_start();
	turn_ask_service();
	report.failure.code = ERR_STORE;
	conclude(REPORT_FAILED, VERDICT_ACCEPTED);
	assert_int_equal(report_exit_of(&report), REPORT_EXIT_STORE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_is_asked_where_the_target_is_another),
		cmocka_unit_test(it_is_known_by_a_note_of_ours_alone),
		cmocka_unit_test(
			it_is_followed_where_the_operator_speaks_for_it),
		cmocka_unit_test(its_anchors_join_and_replace_nothing),
		cmocka_unit_test(one_of_which_no_anchor_holds_is_over),
		cmocka_unit_test(what_nobody_asked_for_is_no_failure),
		cmocka_unit_test(the_option_is_named_where_it_helps),
		cmocka_unit_test(
			what_docker_refuses_though_it_is_named_stays_said),
		cmocka_unit_test(what_could_not_be_written_is_a_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
