/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The compiled tables, run by an interpreter of the few instructions that they
 * are made of: for both orders of bytes, of which a machine has only one.
 */
#include "support/unit.h"

#include <linux/audit.h>
#include <linux/seccomp.h>

#include "probe/sandbox/filter.h"

#define ARCH AUDIT_ARCH_X86_64
#define REST SECCOMP_RET_KILL_PROCESS

static const struct filter_rule rules[] = {
	{1, SECCOMP_RET_ALLOW, {{0}}},
	{2, SECCOMP_RET_ALLOW, {{FILTER_IS, 3, 0x4000}, {FILTER_IS, 4, 0}}},
	{3, SECCOMP_RET_ALLOW, {{FILTER_MOST, 1, 32}}},
	{4, SECCOMP_RET_ALLOW, {{FILTER_ONLY, 2, 0x3}}},
	{5, SECCOMP_RET_ALLOW, {{FILTER_IS, 0, 2}, {FILTER_ONLY, 1, 0x801}}},
	{5, SECCOMP_RET_ALLOW, {{FILTER_IS, 0, 10}, {FILTER_ONLY, 1, 0x802}}},
	{6, SECCOMP_RET_ERRNO | 13, {{FILTER_IS, 5, 7}}},
	{6,
	 SECCOMP_RET_ALLOW,
	 {{FILTER_IS, 0, 1}, {FILTER_IS, 1, 2}, {FILTER_IS, 2, 3}}},
};

static const struct filter_table table = {rules, COUNT(rules)};

static void store(uint8_t *to, uint64_t value, size_t size, bool is_big_endian)
{
	for (size_t i = 0; i < size; i++) {
		size_t at = is_big_endian ? size - 1 - i : i;

		to[at] = (uint8_t)(value >> 8 * i);
	}
}

static uint32_t word_at(const uint8_t *data, uint32_t offset,
			bool is_big_endian)
{
	uint32_t word = 0;

	assert_in_range(offset, 0, sizeof(struct seccomp_data) - 4);
	for (size_t i = 0; i < 4; i++) {
		size_t at = is_big_endian ? i : 3 - i;

		word = word << 8 | data[offset + at];
	}
	return word;
}

static bool jumps(const struct sock_filter *at, uint32_t a)
{
	switch (BPF_OP(at->code)) {
	case BPF_JEQ:
		return a == at->k;
	case BPF_JGT:
		return a > at->k;
	case BPF_JSET:
		return (a & at->k) != 0;
	}
	fail_msg("instruction %x", at->code);
	return false;
}

/* What CODE says of a call; the kernel loads words in its own order. */
static uint32_t run(const struct sock_filter *code, size_t len,
		    const uint8_t *data, bool is_big_endian)
{
	uint32_t a = 0;

	for (size_t i = 0; i < len; i++) {
		const struct sock_filter *at = &code[i];

		if (BPF_CLASS(at->code) == BPF_RET)
			return at->k;
		if (BPF_CLASS(at->code) == BPF_LD)
			a = word_at(data, at->k, is_big_endian);
		else
			i += jumps(at, a) ? at->jt : at->jf;
	}
	fail_msg("it runs over its end");
	return 0;
}

struct row {
	uint32_t nr;
	uint64_t args[6];
	uint32_t expected;
};

static const struct row rows[] = {
	{1, {9, 9, 9, 9, 9, 9}, SECCOMP_RET_ALLOW},
	{2, {0, 0, 0, 0x4000, 0}, SECCOMP_RET_ALLOW},
	{2, {0, 0, 0, 0x4001, 0}, REST},
	{2, {0, 0, 0, 0, 0}, REST},
	{2, {0, 0, 0, 0x4000, 1}, REST},
	{2, {0, 0, 0, 0x4000, 1ULL << 32}, REST},
	{2, {0, 0, 0, 1ULL << 32 | 0x4000, 0}, REST},
	{2, {0, 0, 0, 0x4000ULL << 32, 0}, REST},
	{3, {0, 0}, SECCOMP_RET_ALLOW},
	{3, {0, 32}, SECCOMP_RET_ALLOW},
	{3, {0, 33}, REST},
	{3, {0, UINT64_MAX}, REST},
	{3, {0, 1ULL << 32}, REST},
	{4, {0, 0, 0}, SECCOMP_RET_ALLOW},
	{4, {0, 0, 3}, SECCOMP_RET_ALLOW},
	{4, {0, 0, 4}, REST},
	{4, {0, 0, 0x80000001}, REST},
	{4, {0, 0, 3ULL << 32}, REST},
	{5, {2, 0x801}, SECCOMP_RET_ALLOW},
	{5, {2, 0x802}, REST},
	{5, {10, 0x802}, SECCOMP_RET_ALLOW},
	{5, {10, 0x801}, REST},
	{5, {16, 0}, REST},
	{6, {0, 0, 0, 0, 0, 7}, SECCOMP_RET_ERRNO | 13},
	{6, {1, 2, 3, 0, 0, 7}, SECCOMP_RET_ERRNO | 13},
	{6, {1, 2, 3, 0, 0, 8}, SECCOMP_RET_ALLOW},
	{6, {1, 2, 4}, REST},
	{0, {0}, REST},
	{7, {0}, REST},
	{0x40000001, {0}, REST},
	{UINT32_MAX, {0}, REST},
};

static void check_row(const struct row *row, uint32_t arch, bool is_big_endian,
		      uint32_t expected)
{
	struct sock_filter code[FILTER_CODE_MAX];
	size_t len = filter_compile(
		&table, 1, REST, (struct filter_machine){ARCH, is_big_endian},
		code);
	uint8_t data[sizeof(struct seccomp_data)] = {0};
	uint32_t got;

	store(data + offsetof(struct seccomp_data, nr), row->nr, 4,
	      is_big_endian);
	store(data + offsetof(struct seccomp_data, arch), arch, 4,
	      is_big_endian);
	for (size_t i = 0; i < 6; i++)
		store(data + offsetof(struct seccomp_data, args) + 8 * i,
		      row->args[i], 8, is_big_endian);
	assert_in_range(len, 1, FILTER_CODE_MAX);
	got = run(code, len, data, is_big_endian);
	check(got == expected, "row %zu, big endian %d: %x",
	      (size_t)(row - rows), is_big_endian, got);
}

static void each_row_says_what_it_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		check_row(&rows[i], ARCH, false, rows[i].expected);
		check_row(&rows[i], ARCH, true, rows[i].expected);
	}
}

static void a_call_of_another_architecture_kills(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		check_row(&rows[i], AUDIT_ARCH_I386, false,
			  SECCOMP_RET_KILL_PROCESS);
		check_row(&rows[i], 0, true, SECCOMP_RET_KILL_PROCESS);
	}
}

static void tables_follow_each_other_and_the_first_row_decides(void **state)
{
	static const struct filter_rule first[] = {
		{1, SECCOMP_RET_ERRNO | 1, {{0}}}};
	const struct filter_table both[] = {{first, 1}, table};
	struct sock_filter code[FILTER_CODE_MAX];
	size_t len = filter_compile(both, 2, REST,
				    (struct filter_machine){ARCH, false}, code);
	uint8_t data[sizeof(struct seccomp_data)] = {1};

	(void)state;
	store(data + offsetof(struct seccomp_data, arch), ARCH, 4, false);
	assert_int_equal(run(code, len, data, false), SECCOMP_RET_ERRNO | 1);
	data[0] = 3;
	assert_int_equal(run(code, len, data, false), SECCOMP_RET_ALLOW);
}

static void a_table_that_does_not_fit_is_refused(void **state)
{
	static struct filter_rule many[FILTER_CODE_MAX];
	struct sock_filter code[FILTER_CODE_MAX];
	struct filter_table all = {many, 0};
	size_t len = 1;

	(void)state;
	for (all.count = 0; all.count < COUNT(many); all.count++) {
		len = filter_compile(&all, 1, REST,
				     (struct filter_machine){ARCH, false},
				     code);
		if (!len)
			break;
	}
	assert_int_equal(len, 0);
	assert_in_range(all.count, FILTER_CODE_MAX / 2 - 20,
			FILTER_CODE_MAX / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row_says_what_it_says),
		cmocka_unit_test(a_call_of_another_architecture_kills),
		cmocka_unit_test(
			tables_follow_each_other_and_the_first_row_decides),
		cmocka_unit_test(a_table_that_does_not_fit_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
