/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which certificate becomes the anchor, what chains to what is installed, and
 * what an operator is told; on the measured chains.
 */
#include "probe/verdict/anchor.h"
#include "probe/verdict/remark.h"
#include "support/cases.h"
#include "support/unit.h"

static struct case_file file;
static struct case_line line;
static struct signature_cache cache;
static _Alignas(16) uint8_t room[JUDGE_ARENA_BYTES];
static struct arena arena = {room, sizeof(room), 0};
static struct verdict_query query;

/* Open the case whose id starts with ID as QUERY; close with end. */
static void start(const char *id)
{
	cases_open(&file, CASES_MEASURED);
	cases_find(&file, id, &line);
	cache.used = 0;
	query = (struct verdict_query){
		.pool = line.pool,
		.pool_len = line.pool_len,
		.sent = line.sent,
		.sent_len = line.sent_len,
		.host = {(const uint8_t *)line.host, strlen(line.host)},
		.now = line.now,
		.release = go_newest(),
		.cache = &cache,
		.arena = &arena,
	};
}

static void end(void)
{
	assert_int_equal(arena.used, 0);
	cases_close(&file);
}

static void choose(const char *id, struct anchor *out)
{
	start(id);
	anchor_choose(&query, out);
	end();
}

static void the_highest_ca_that_docker_accepts_is_chosen(void **state)
{
	struct anchor a;

	(void)state;
	choose("000 baseline", &a); /* leaf, intermediate */
	assert_int_equal(a.kind, ANCHOR_CA);
	assert_int_equal(a.index, 1);
	assert_true(a.accepted);
	choose("317 root sent", &a);
	assert_int_equal(a.kind, ANCHOR_CA);
	assert_int_equal(a.index, line.sent_len - 1);
	assert_true(a.accepted);
	choose("316 chain out of order", &a);
	assert_int_equal(a.kind, ANCHOR_CA);
	assert_true(a.accepted);
}

static void the_order_of_a_chain_does_not_matter(void **state)
{
	struct bytes shuffled[3];
	struct anchor a;

	(void)state;
	start("317 root sent");
	assert_int_equal(line.sent_len, 3);
	shuffled[0] = line.sent[0];
	shuffled[1] = line.sent[2];
	shuffled[2] = line.sent[1];
	query.sent = shuffled;
	anchor_choose(&query, &a);
	assert_int_equal(a.index, 1);
	assert_true(a.accepted);
	end();
}

static void an_expired_ca_gives_way_to_the_next_lower(void **state)
{
	struct anchor a;
	struct bytes sent[3];

	(void)state;
	start("020 expired root in pool");
	assert_int_equal(line.sent_len, 2);
	sent[0] = line.sent[0];
	sent[1] = line.sent[1];
	sent[2] = line.pool[0];
	query.sent = sent;
	query.sent_len = 3;
	anchor_choose(&query, &a);
	assert_int_equal(a.kind, ANCHOR_CA);
	assert_int_equal(a.index, 1);
	assert_true(a.accepted);
	end();
}

static void without_a_ca_the_leaf_is_pinned(void **state)
{
	struct anchor a;

	(void)state;
	choose("001 baseline root direct", &a);
	assert_int_equal(a.kind, ANCHOR_LEAF);
	assert_int_equal(a.index, 0);
	assert_true(a.accepted);
	choose("013 self-signed leaf CA:TRUE", &a);
	assert_int_equal(a.kind, ANCHOR_LEAF);
	assert_true(a.accepted);
}

static void what_docker_refuses_anyway_is_said(void **state)
{
	struct anchor a;

	(void)state;
	choose("300 order: expired+mismatch", &a);
	assert_false(a.accepted);
	choose("115 leaf key on brainpool", &a);
	assert_int_equal(a.kind, ANCHOR_NONE);
}

static void nothing_sent_chooses_nothing(void **state)
{
	struct anchor a;

	(void)state;
	start("000");
	query.sent_len = 0;
	anchor_choose(&query, &a);
	assert_int_equal(a.kind, ANCHOR_NONE);
	assert_false(anchor_chains(&query));
	end();
}

static void a_pin_needs_a_path_of_signatures(void **state)
{
	struct bytes sent[3];

	(void)state;
	start("000");
	sent[0] = line.sent[0];
	sent[1] = line.sent[1];
	/* A CA that has nothing to do with it: it comes later in the file. */
	cases_find(&file, "110 Ed25519 CA", &line);
	sent[2] = line.pool[0];
	query.sent = sent;
	query.sent_len = 3;
	assert_true(anchor_chains_to(&query, 0));
	assert_true(anchor_chains_to(&query, 1));
	assert_false(anchor_chains_to(&query, 2));
	assert_false(anchor_chains_to(&query, 3));
	end();
}

static void a_renewed_leaf_continues_what_is_installed(void **state)
{
	static const struct {
		const char *id;
		bool chains;
	} cases[] = {
		{"000 baseline", true},
		{"002 missing intermediate", false},
		{"003 nothing in pool", false},
		{"004 wrong root", false},
		{"010 leaf (CA-issued) in pool", true},
		{"014 self-signed leaf NOT in pool", false},
		{"017 intermediate only in pool", true},
		{"020 expired root in pool", false},
		{"021 expired root + valid", true},
		{"022 expired intermediate sent", true},
		{"025 leaf expired", true},
		{"019 expired leaf, exact leaf", false},
		{"052 SAN mismatch", true},
		{"034 v3 root without Basic", false},
		{"039 v3 intermediate without BC", false},
		{"045 root pathlen 0 with one", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		bool chains;

		start(cases[i].id);
		chains = anchor_chains(&query);
		if (chains != cases[i].chains)
			fail_msg("%s", cases[i].id);
		end();
	}
}

static enum verdict_remark look(enum verdict_code wanted)
{
	struct verdict v;

	verdict_reach(&query, &v);
	assert_int_equal(v.code, wanted);
	return remark_find(&query, &v);
}

static void the_cases_of_a_trusted_registry_are_named(void **state)
{
	struct bytes swapped[2];

	(void)state;
	start("002 missing intermediate");
	assert_int_equal(look(VERDICT_UNKNOWN_AUTHORITY),
			 REMARK_NO_INTERMEDIATE);
	end();
	start("000");
	assert_int_equal(look(VERDICT_ACCEPTED), REMARK_NONE);
	swapped[0] = line.sent[1];
	swapped[1] = line.sent[0];
	query.sent = swapped;
	assert_int_equal(look(VERDICT_NO_NAME), REMARK_WRONG_ORDER);
	end();
	start("052 SAN mismatch");
	assert_int_equal(look(VERDICT_WRONG_NAME), REMARK_NONE);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_highest_ca_that_docker_accepts_is_chosen),
		cmocka_unit_test(the_order_of_a_chain_does_not_matter),
		cmocka_unit_test(an_expired_ca_gives_way_to_the_next_lower),
		cmocka_unit_test(without_a_ca_the_leaf_is_pinned),
		cmocka_unit_test(what_docker_refuses_anyway_is_said),
		cmocka_unit_test(nothing_sent_chooses_nothing),
		cmocka_unit_test(a_pin_needs_a_path_of_signatures),
		cmocka_unit_test(a_renewed_leaf_continues_what_is_installed),
		cmocka_unit_test(the_cases_of_a_trusted_registry_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
