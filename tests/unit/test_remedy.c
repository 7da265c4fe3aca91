/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sentences about verdicts: none is missing.
 */
#include "support/unit.h"

#include "installer/report/remedy.h"

static void every_refusal_has_a_cause_and_a_remedy(void **state)
{
	(void)state;
	for (int code = VERDICT_ACCEPTED + 1; code < VERDICT_CODES_COUNT_;
	     code++) {
		const struct remedy *r =
			remedy_find((enum verdict_code)code, REMARK_NONE);

		assert_non_null(r->cause);
		assert_int_equal(r->cause[strlen(r->cause) - 1], '.');
		assert_int_equal(r->action[strlen(r->action) - 1], '.');
		assert_true(*remedy_actor_name(r->actor));
	}
	for (int found = 1; found < REMARK_COUNT_; found++)
		assert_non_null(remedy_find(VERDICT_ACCEPTED,
					    (enum verdict_remark)found)
					->cause);
}

static void a_sentence_may_be_about_another_host(void **state)
{
	static const char long_one[] = "registry registry";
	char whom[SENTENCE_CHARS_MAX], out[SENTENCE_CHARS_MAX];

	(void)state;
	remedy_write("The registry's; a Trusted Registry; registry",
		     "token service", out);
	assert_string_equal(
		out, "The token service's; a Trusted Registry; token service");
	remedy_write("", "x", out);
	assert_string_equal(out, "");
	memset(whom, 'x', sizeof(whom) - 1);
	whom[sizeof(whom) - 1] = '\0';
	remedy_write(long_one, whom, out);
	assert_string_equal(out, whom);
	remedy_write(whom, "y", out);
	assert_string_equal(out, whom);
	/* No sentence of the table comes near to that. */
	for (int code = 0; code < VERDICT_CODES_COUNT_; code++) {
		const struct remedy *r =
			remedy_find((enum verdict_code)code, REMARK_NONE);

		assert_true(strlen(r->cause) + 100 < SENTENCE_CHARS_MAX);
		assert_true(strlen(r->action) + 100 < SENTENCE_CHARS_MAX);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_refusal_has_a_cause_and_a_remedy),
		cmocka_unit_test(a_sentence_may_be_about_another_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
