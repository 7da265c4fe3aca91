/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a decision to an edit, and whether there is anything to write.
 */
/* wrap: store_write */
#include "support/turn.h"

#include "installer/change.h"

static struct store_room room;
static struct store_change asked;
static unsigned writes;

__typeof__(store_write) __wrap_store_write;

enum err __wrap_store_write(int root, const struct registry *registry,
			    const struct store_change *change,
			    struct store_room *in, struct store_result *out,
			    struct failure *f)
{
	(void)root;
	(void)registry;
	(void)in;
	(void)out;
	(void)f;
	asked = *change;
	writes++;
	return ERR_OK;
}

static void each_decision_has_its_edit(void **state)
{
	(void)state;
	turn_start();
	turn_list("root", WIRE_CERT_ANCHOR);
	for (int d = 0; d < POLICY_DECISIONS_; d++) {
		struct edit edit = change_edit(&turn, &outcome,
					       (enum policy_decision)d, false);
		enum edit_act act = d == POLICY_INSTALL		 ? EDIT_REPLACE
				    : d == POLICY_INSTALL_BESIDE ? EDIT_ADD
								 : EDIT_KEEP;

		assert_int_equal(edit.act, act);
		assert_ptr_equal(edit.certs, outcome.certs);
		assert_int_equal(edit.cert_count, 1);
		assert_int_equal(edit.now, NOW);
	}
}

static void only_a_service_is_noted(void **state)
{
	(void)state;
	turn_start();
	assert_null(
		change_edit(&turn, &outcome, POLICY_INSTALL, false).service);
	turn_ask_service();
	assert_string_equal(
		change_edit(&turn, &outcome, POLICY_INSTALL, false).service,
		"auth.test");
}

static enum err write_it(bool is_void)
{
	struct edit edit =
		change_edit(&turn, &outcome, POLICY_INSTALL_BESIDE, is_void);
	struct store_result done = {.changed = false};
	struct failure f;

	writes = 0;
	return change_write(-1, &turn, &edit, &room, &done, &f);
}

static void what_is_there_already_is_not_written(void **state)
{
	(void)state;
	turn_start();
	turn_install("root", NULL);
	turn_list("root", WIRE_CERT_ANCHOR);
	assert_int_equal(write_it(false), ERR_OK);
	assert_int_equal(writes, 0);
	turn_list("new", WIRE_CERT_ANCHOR);
	assert_int_equal(write_it(false), ERR_OK);
	assert_true(writes == 1 && !asked.sets_aside);
	assert_ptr_equal(asked.seen, &turn.survey);
	assert_true(ca_crt_holds(asked.content, bytes_of("root")));
	assert_true(ca_crt_holds(asked.content, bytes_of("new")));
}

static void what_is_void_is_set_aside_whole(void **state)
{
	(void)state;
	turn_start();
	turn_put(SURVEY_CA_FILE, bytes_of("<html>\n"));
	turn_list("root", WIRE_CERT_ANCHOR);
	assert_int_equal(write_it(true), ERR_OK);
	assert_true(writes == 1 && asked.sets_aside);
	assert_null(memmem(asked.content.data, asked.content.len, "html", 4));
	/* Otherwise its text stays above ours. */
	assert_int_equal(write_it(false), ERR_OK);
	assert_true(writes == 1 && !asked.sets_aside);
	assert_int_equal(memcmp(asked.content.data, "<html>\n", 7), 0);
	/* Where there is nothing, nothing is moved. */
	turn_start();
	turn_list("root", WIRE_CERT_ANCHOR);
	assert_int_equal(write_it(true), ERR_OK);
	assert_true(writes == 1 && !asked.sets_aside);
}

static void without_an_anchor_there_is_nothing_to_write(void **state)
{
	(void)state;
	turn_start();
	turn_list("leaf", WIRE_CERT_SENT);
	assert_int_equal(write_it(false), ERR_PROBE);
	assert_int_equal(writes, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_decision_has_its_edit),
		cmocka_unit_test(only_a_service_is_noted),
		cmocka_unit_test(what_is_there_already_is_not_written),
		cmocka_unit_test(what_is_void_is_set_aside_whole),
		cmocka_unit_test(without_an_anchor_there_is_nothing_to_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
