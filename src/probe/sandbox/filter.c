/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The classic BPF that seccomp takes; see filter.h.
 */
#include "probe/sandbox/filter.h"

#include <linux/seccomp.h>

#define ROW_MAX (3 + 4 * FILTER_CONDITIONS_MAX)

struct program {
	struct sock_filter *code;
	size_t len;
};

static void put(struct program *p, unsigned code, uint32_t k, size_t jt,
		size_t jf)
{
	p->code[p->len++] = (struct sock_filter){(uint16_t)code, (uint8_t)jt,
						 (uint8_t)jf, k};
}

static void load(struct program *p, size_t offset)
{
	put(p, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

/* Go on where the lower half, just loaded, is as C says; else to FAIL
 * instructions further on. */
static void put_test(struct program *p, const struct filter_condition *c,
		     size_t fail)
{
	switch ((enum filter_test)c->test) {
	case FILTER_NONE:
		break;
	case FILTER_IS:
		put(p, BPF_JMP | BPF_JEQ | BPF_K, c->value, 0, fail);
		break;
	case FILTER_MOST:
		put(p, BPF_JMP | BPF_JGT | BPF_K, c->value, fail, 0);
		break;
	case FILTER_ONLY:
		put(p, BPF_JMP | BPF_JSET | BPF_K, ~c->value, fail, 0);
		break;
	}
}

static size_t conditions_of(const struct filter_rule *rule)
{
	size_t n = 0;

	while (n < FILTER_CONDITIONS_MAX && rule->when[n].test != FILTER_NONE)
		n++;
	return n;
}

/* The number of the call is in the accumulator where a row begins, and must be
 * there again where the next one does. */
static void put_row(struct program *p, const struct filter_rule *rule,
		    size_t low_half)
{
	size_t n = conditions_of(rule);
	size_t behind = p->len + 2 + (n ? 4 * n + 1 : 0);

	put(p, BPF_JMP | BPF_JEQ | BPF_K, rule->call, 0, behind - p->len - 1);
	for (size_t i = 0; i < n; i++) {
		const struct filter_condition *c = &rule->when[i];
		size_t at = offsetof(struct seccomp_data, args) +
			    c->arg * sizeof(uint64_t);

		load(p, at + 4 - low_half);
		put(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 0, behind - p->len - 2);
		load(p, at + low_half);
		put_test(p, c, behind - p->len - 2);
	}
	put(p, BPF_RET | BPF_K, rule->action, 0, 0);
	if (n)
		load(p, offsetof(struct seccomp_data, nr));
}

static bool put_table(struct program *p, const struct filter_table *table,
		      size_t low_half)
{
	for (size_t i = 0; i < table->count; i++) {
		if (p->len + ROW_MAX + 1 > FILTER_CODE_MAX)
			return false;
		put_row(p, &table->rules[i], low_half);
	}
	return true;
}

/* see filter.h */
size_t filter_compile(const struct filter_table *tables, size_t count,
		      uint32_t rest, struct filter_machine machine,
		      struct sock_filter code[static FILTER_CODE_MAX])
{
	struct program p = {.code = code};

	load(&p, offsetof(struct seccomp_data, arch));
	put(&p, BPF_JMP | BPF_JEQ | BPF_K, machine.arch, 1, 0);
	put(&p, BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS, 0, 0);
	load(&p, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < count; i++)
		if (!put_table(&p, &tables[i], machine.is_big_endian ? 4 : 0))
			return 0;
	put(&p, BPF_RET | BPF_K, rest, 0, 0);
	return p.len;
}
