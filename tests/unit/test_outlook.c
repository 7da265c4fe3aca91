/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The verdict of one Docker release beside all others, in words.
 */
#include "probe/judge/outlook.h"
#include "support/cases.h"
#include "support/unit.h"

static struct case_line line;
static struct signature_cache cache;
static _Alignas(16) uint8_t room[JUDGE_ARENA_BYTES];
static struct outlook outlook;

static void judge(const char *id, struct go_release release)
{
	struct arena arena = {room, sizeof(room), 0};
	struct case_file file;
	struct verdict_query q = {
		.release = release, .cache = &cache, .arena = &arena};

	cases_open(&file, CASES_MEASURED);
	cases_find(&file, id, &line);
	q.pool = line.pool;
	q.pool_len = line.pool_len;
	q.sent = line.sent;
	q.sent_len = line.sent_len;
	q.host = (struct bytes){(const uint8_t *)line.host, strlen(line.host)};
	q.now = line.now;
	cache.used = 0;
	outlook_judge(&q, &outlook);
	assert_int_equal(arena.used, 0);
	cases_close(&file);
}

static void a_plain_chain_is_accepted_by_all(void **state)
{
	(void)state;
	judge("000 baseline", go_newest());
	assert_int_equal(outlook.verdict.code, VERDICT_ACCEPTED);
	assert_string_equal(outlook.others, "");
}

static void others_are_named_with_what_they_do(void **state)
{
	(void)state;
	judge("118 CA RSA-1023", go_newest());
	assert_int_equal(outlook.verdict.code, VERDICT_SMALL_KEY);
	assert_string_equal(outlook.others,
			    "Docker 20.10.24 to 28.4.0 accept it; Docker "
			    "20.10.0 to 20.10.23 cannot be checked here");
	judge("062 IPv6 zone host", go_newest());
	assert_string_equal(outlook.others,
			    "Docker 20.10.0 to 29.7.2 refuse it");
	assert_true(outlook.differs);
}

/* SHA-1 was refused from Go 1.18 on, says who has read it; 1.15 accepts,
 * as 1.13 did, and 1.19 refuses, say those that were run. */
static void what_was_never_run_is_not_said_to_accept(void **state)
{
	(void)state;
	judge("106 leaf signed ec-sha1", go_newest());
	assert_int_equal(outlook.verdict.code, VERDICT_INSECURE_ALGORITHM);
	assert_string_equal(outlook.others,
			    "Docker 20.10.0 to 20.10.7 accept it; Docker "
			    "20.10.8 to 20.10.23 cannot be checked here");
	assert_true(outlook.differs);
	judge("106 leaf signed ec-sha1",
	      (struct go_release){GO_VERSION(17, 11), 17});
	assert_int_equal(outlook.verdict.code, VERDICT_UNCHECKED);
	assert_string_equal(outlook.others, "");
	assert_true(*outlook.verdict.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plain_chain_is_accepted_by_all),
		cmocka_unit_test(others_are_named_with_what_they_do),
		cmocka_unit_test(what_was_never_run_is_not_said_to_accept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
