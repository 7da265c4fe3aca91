/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Go's limit of 100 signature checks, to the check. Every other rule of paths
 * is in test_go_verdicts.
 */
#include "probe/verdict/verdict.h"
#include "support/cases.h"
#include "support/unit.h"

static struct case_line line;
static struct signature_cache cache;
static _Alignas(16) uint8_t room[JUDGE_ARENA_BYTES];

/*
 * The case with 120 intermediates of the right name and a wrong issuer, before
 * the right one: leave BOGUS of them.
 */
static enum verdict_code judge(size_t bogus, size_t arena_bytes)
{
	struct arena arena = {room, arena_bytes, 0};
	struct bytes sent[122];
	struct verdict_query q = {.sent = sent,
				  .sent_len = bogus + 2,
				  .release = go_newest(),
				  .cache = &cache,
				  .arena = &arena};
	struct case_file file;
	struct verdict v;

	cases_open(&file, CASES_MEASURED);
	cases_find(&file, "270 ", &line);
	assert_int_equal(line.sent_len, 122);
	memcpy(sent, line.sent, (bogus + 1) * sizeof(*sent));
	sent[bogus + 1] = line.sent[121];
	q.pool = line.pool;
	q.pool_len = line.pool_len;
	q.now = line.now;
	cache.used = 0;
	verdict_reach(&q, &v);
	cases_close(&file);
	return v.code;
}

static void the_hundredth_check_is_made(void **state)
{
	(void)state;
	/* 49 whose own issuer is unknown take two each; Go agrees. */
	assert_int_equal(judge(49, sizeof(room)), VERDICT_ACCEPTED);
}

static void the_next_one_is_not(void **state)
{
	(void)state;
	assert_int_equal(judge(50, sizeof(room)), VERDICT_TOO_MANY_CHECKS);
}

static void a_full_arena_is_never_acceptance(void **state)
{
	(void)state;
	/* What ten certificates take is nearly all pointers. */
	for (size_t bytes = 0; bytes < 512 * sizeof(void *); bytes += 256)
		assert_int_equal(judge(10, bytes), VERDICT_UNCHECKED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_hundredth_check_is_made),
		cmocka_unit_test(the_next_one_is_not),
		cmocka_unit_test(a_full_arena_is_never_acceptance),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
