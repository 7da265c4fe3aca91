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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_refusal_has_a_cause_and_a_remedy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
