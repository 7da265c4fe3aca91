/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The constraints of one kind and polarity in one CA, sorted and pruned, as
 * Go from 1.26 on keeps them. Probe process. Memory from the arena.
 */
#ifndef VERDICT_CONSTRAINT_SET_H
#define VERDICT_CONSTRAINT_SET_H

#include "probe/verdict/path/constraint_name.h"

/* What the work of one chain has left. */
struct constraint_budget {
	struct arena *arena;
	uint32_t *steps;
	bool spent; /* out of steps or arena: no answer counts */
};

struct constraint_set {
	struct bytes *item;
	size_t len;
	uint8_t tag;
	bool all;     /* an empty domain: it matches everything */
	bool present; /* the certificate has such constraints at all */
	bool excluded;
};

/* Take one step, or set SPENT. */
static inline void constraint_step(struct constraint_budget *b)
{
	if (*b->steps == 0)
		b->spent = true;
	else
		--*b->steps;
}

/*
 * Fill S, whose tag and polarity are set, from SUBTREES. Mailboxes stay out:
 * they are compared one by one. ADDRESS_LEN: of IP addresses, else 0.
 */
void constraint_set_open(struct constraint_set *s, struct bytes subtrees,
			 size_t address_len, struct go_release release,
			 struct constraint_budget *b);

/* Does NAME meet one of S, made of SUBTREES? FOUND gets it, as Go names it. */
bool constraint_set_meets(const struct constraint_set *s, struct bytes subtrees,
			  const struct constrained_name *name,
			  struct go_release release,
			  struct constraint_budget *b, struct bytes *found);

#endif
