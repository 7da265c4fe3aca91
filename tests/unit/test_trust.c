/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A run's act, on facts of its own: what is written, which verdict is told, and
 * what is warned of. The file system is not there: what would be written is
 * looked at.
 */
/* wrap: store_write store_clear */
#include "support/turn.h"

#include "installer/certs_d/edit.h"
#include "installer/trust.h"

static struct store_room room;

/* What the writer was asked for, and what it answers. */
static struct {
	unsigned writes, clears;
	char text[65536];
	size_t len;
	bool sets_aside;
	bool is_others;
	enum err err;
} store;

__typeof__(store_write) __wrap_store_write;
__typeof__(store_clear) __wrap_store_clear;

enum err __wrap_store_write(int root, const struct registry *registry,
			    const struct store_change *change,
			    struct store_room *in, struct store_result *out,
			    struct failure *f)
{
	(void)root;
	(void)in;
	assert_ptr_equal(registry, &reg);
	assert_ptr_equal(change->seen, &turn.survey);
	assert_true(change->content.len < sizeof(store.text));
	store.writes++;
	if (store.err != ERR_OK)
		return failure_set(f, store.err, "the disk is full");
	memcpy(store.text, change->content.data, change->content.len);
	store.len = change->content.len;
	store.sets_aside = change->sets_aside;
	out->is_others = store.is_others;
	out->changed = !store.is_others;
	if (store.sets_aside)
		strcpy(out->aside, "ca.crt.aside-1");
	return ERR_OK;
}

void __wrap_store_clear(int root, const struct registry *registry)
{
	(void)root;
	assert_ptr_equal(registry, &reg);
	store.clears++;
}

static void start(void)
{
	turn_start();
	memset(&store, 0, sizeof(store));
	turn_list("leaf", WIRE_CERT_SENT);
	turn_list("root", WIRE_CERT_SENT | WIRE_CERT_ANCHOR | WIRE_CERT_CHAINS |
				  WIRE_CERT_CA);
	/* Each verdict can be told from the others. */
	outcome.verdict[WIRE_KEEP].text = bytes_of("keep");
	outcome.verdict[WIRE_BESIDE].text = bytes_of("beside");
	outcome.verdict[WIRE_ALONE].text = bytes_of("alone");
}

static enum report_exit act(void)
{
	trust_registry(&options, -1, &turn, &outcome, &facts, &room, &report);
	return report_exit_of(&report);
}

static bool wrote(const char *der)
{
	return ca_crt_holds((struct bytes){(uint8_t *)store.text, store.len},
			    bytes_of(der));
}

static bool says(const char *verdict)
{
	return bytes_equal(report.verdict.text, bytes_of(verdict));
}

static void a_first_use_is_installed_and_said_to_be_one(void **state)
{
	(void)state;
	start();
	assert_int_equal(act(), REPORT_EXIT_TRUSTED);
	assert_int_equal(report.state, REPORT_INSTALLED);
	assert_true(store.writes == 1 && wrote("root") && !wrote("leaf"));
	assert_true(says("alone") && !store.sets_aside && !*report.aside);
	assert_int_equal(report.warnings, REPORT_WARN_FIRST_USE);
}

static void what_is_named_is_no_first_use(void **state)
{
	(void)state;
	start();
	facts.policy.vouch = POLICY_VOUCH_PIN;
	assert_int_equal(act(), REPORT_EXIT_TRUSTED);
	assert_int_equal(report.state, REPORT_INSTALLED);
	assert_int_equal(report.warnings, 0);
}

static void what_is_added_keeps_what_is_there(void **state)
{
	(void)state;
	start();
	turn_install("old", NULL);
	facts.policy.vouch = POLICY_VOUCH_PIN;
	assert_int_equal(act(), REPORT_EXIT_TRUSTED);
	assert_int_equal(report.state, REPORT_ADDED);
	assert_true(wrote("root") && wrote("old") && says("beside"));
}

static void what_is_replaced_is_gone(void **state)
{
	(void)state;
	start();
	turn_install("old", NULL);
	facts.policy.on_change = POLICY_REPLACE;
	assert_int_equal(act(), REPORT_EXIT_TRUSTED);
	assert_int_equal(report.state, REPORT_INSTALLED);
	assert_true(wrote("root") && !wrote("old") && says("alone"));
}

static void a_refusal_writes_nothing(void **state)
{
	static const struct {
		struct policy_facts facts;
		enum report_state state;
		enum report_exit exit;
		const char *verdict;
	} rows[] = {
		{{.installed = true, .proven = true, .works = true},
		 REPORT_REFUSED_CHANGED,
		 REPORT_EXIT_REFUSED,
		 "keep"},
		{{.installed = true, .proven = true},
		 REPORT_REFUSED_BROKEN,
		 REPORT_EXIT_REFUSED,
		 "alone"},
		{{.installed = true,
		  .proven = true,
		  .works = true,
		  .incomplete = true},
		 REPORT_REFUSED_BROKEN,
		 REPORT_EXIT_REFUSED,
		 "keep"},
		{{.proven = true},
		 REPORT_REFUSED_USELESS,
		 REPORT_EXIT_DOCKER,
		 "alone"},
		{{.works = true},
		 REPORT_REFUSED_UNPROVEN,
		 REPORT_EXIT_REFUSED,
		 "keep"},
		{{.proven = true, .works = true, .vouch = POLICY_VOUCH_MISSED},
		 REPORT_REFUSED_VOUCH,
		 REPORT_EXIT_REFUSED,
		 "keep"},
		{{.proven = true, .works = true, .require_pin = true},
		 REPORT_REFUSED_NO_PIN,
		 REPORT_EXIT_REFUSED,
		 "keep"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		start();
		if (rows[i].facts.installed)
			turn_install("old", NULL);
		facts.policy = rows[i].facts;
		check(act() == rows[i].exit && report.state == rows[i].state &&
			      says(rows[i].verdict),
		      "row %zu: state %d", i, (int)report.state);
		assert_int_equal(store.writes, 0);
		assert_int_equal(report.warnings & REPORT_WARN_FIRST_USE, 0);
	}
}

/* Whatever an unproven server shows is no trust, though a file is installed. */
static void a_file_is_installed_ahead_of_its_server(void **state)
{
	(void)state;
	start();
	facts.policy.vouch = POLICY_VOUCH_FILE;
	facts.policy.proven = false;
	assert_int_equal(act(), REPORT_EXIT_DOCKER);
	assert_int_equal(report.state, REPORT_INSTALLED);
	assert_true(store.writes == 1 && report.is_unproven);
}

static void a_void_file_is_moved_aside_by_what_installs_alone(void **state)
{
	(void)state;
	start();
	turn_put(SURVEY_CA_FILE, bytes_of("<html>\n"));
	facts.ca_is_void = true;
	assert_int_equal(act(), REPORT_EXIT_TRUSTED);
	assert_true(store.sets_aside);
	assert_string_equal(report.aside, "ca.crt.aside-1");
	assert_null(memmem(store.text, store.len, "<html>", 6));
	start();
	turn_put(SURVEY_CA_FILE, bytes_of("<html>\n"));
	facts.ca_is_void = true;
	facts.policy.host_trusts = true;
	assert_int_equal(act(), REPORT_EXIT_TRUSTED);
	assert_int_equal(report.state, REPORT_NOT_NEEDED);
	assert_int_equal(store.writes, 0);
}

static void what_changes_nothing_is_unchanged(void **state)
{
	(void)state;
	start();
	turn_install("root", NULL);
	facts.policy.vouch = POLICY_VOUCH_PIN;
	facts.policy.on_change = POLICY_ADD;
	assert_int_equal(act(), REPORT_EXIT_TRUSTED);
	assert_int_equal(report.state, REPORT_UNCHANGED);
	assert_true(store.writes == 0 && says("keep"));
}

static void what_another_has_just_written_is_judged_as_ours(void **state)
{
	(void)state;
	start();
	store.is_others = true;
	assert_int_equal(act(), REPORT_EXIT_TRUSTED);
	assert_int_equal(report.state, REPORT_UNCHANGED);
	assert_true(says("alone"));
}

static void a_service_that_holds_is_noted_once(void **state)
{
	(void)state;
	start();
	turn_install("old", NULL);
	turn_ask_service();
	facts.policy.chains = true;
	assert_int_equal(act(), REPORT_EXIT_TRUSTED);
	assert_int_equal(report.state, REPORT_RENEWED);
	assert_true(store.writes == 1 && wrote("old") && !wrote("root"));
	assert_non_null(memmem(store.text, store.len,
			       CA_CRT_SERVICE "auth.test\n", 27));
	start();
	turn_install("old", "auth.test");
	turn_ask_service();
	facts.policy.chains = true;
	act();
	assert_int_equal(store.writes, 0);
}

static void litter_is_cleared_where_nothing_is_written(void **state)
{
	(void)state;
	start();
	turn_install("root", NULL);
	facts.policy.chains = true;
	turn.survey.litter = true;
	act();
	assert_true(store.clears == 1 && store.writes == 0);
}

static void a_report_without_an_anchor_is_a_failure(void **state)
{
	(void)state;
	start();
	outcome.cert_count = 1;
	assert_int_equal(act(), REPORT_EXIT_UNREACHED);
	assert_int_equal(report.failure.code, ERR_PROBE);
	assert_int_equal(store.writes, 0);
}

static void what_could_not_be_written_is_not_installed(void **state)
{
	(void)state;
	start();
	store.err = ERR_STORE;
	assert_int_equal(act(), REPORT_EXIT_STORE);
	assert_int_equal(report.state, REPORT_FAILED);
	check_contains(report.failure.detail, "the disk is full");
}

static void names_of_another_server_are_a_default_certificate(void **state)
{
	struct wire_verdict v;

	(void)state;
	start();
	facts.policy = (struct policy_facts){.installed = true};
	outcome.verdict[WIRE_ALONE].code = VERDICT_WRONG_NAME;
	v = trust_verdict(&outcome, &facts, POLICY_REFUSE_BROKEN);
	assert_int_equal(v.remark, REMARK_DEFAULT_CERTIFICATE);
	/* Not where its own name is in it, where Docker no longer reads it. */
	outcome.verdict[WIRE_ALONE].code = VERDICT_ONLY_CN;
	v = trust_verdict(&outcome, &facts, POLICY_REFUSE_BROKEN);
	assert_int_equal(v.remark, REMARK_NONE);
	outcome.verdict[WIRE_ALONE].code = VERDICT_WRONG_NAME;
	/* Not where nothing is installed, nor of another cause. */
	v = trust_verdict(&outcome, &facts, POLICY_REFUSE_USELESS);
	assert_int_equal(v.remark, REMARK_NONE);
	outcome.verdict[WIRE_ALONE].code = VERDICT_EXPIRED;
	v = trust_verdict(&outcome, &facts, POLICY_REFUSE_BROKEN);
	assert_int_equal(v.remark, REMARK_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_first_use_is_installed_and_said_to_be_one),
		cmocka_unit_test(what_is_named_is_no_first_use),
		cmocka_unit_test(what_is_added_keeps_what_is_there),
		cmocka_unit_test(what_is_replaced_is_gone),
		cmocka_unit_test(a_refusal_writes_nothing),
		cmocka_unit_test(a_file_is_installed_ahead_of_its_server),
		cmocka_unit_test(
			a_void_file_is_moved_aside_by_what_installs_alone),
		cmocka_unit_test(what_changes_nothing_is_unchanged),
		cmocka_unit_test(
			what_another_has_just_written_is_judged_as_ours),
		cmocka_unit_test(a_service_that_holds_is_noted_once),
		cmocka_unit_test(litter_is_cleared_where_nothing_is_written),
		cmocka_unit_test(a_report_without_an_anchor_is_a_failure),
		cmocka_unit_test(what_could_not_be_written_is_not_installed),
		cmocka_unit_test(
			names_of_another_server_are_a_default_certificate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
