/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Name constraints as Go from 1.26 on checks them: over a finished chain.
 */
#include "probe/verdict/path/constraint_set.h"

struct check {
	struct go_release release;
	struct constraint_budget budget;
	struct constraint_fault *fault;
};

/* The constraints of one kind in one CA; addresses by family. */
struct limits {
	struct constraint_set permitted[2], excluded[2];
};

static void limits_open(struct check *c, struct limits *l,
			const struct certificate *ca, uint8_t kind)
{
	for (size_t i = 0; i < 2; i++) {
		size_t address_len = kind != GENERAL_NAME_IP ? 0
				     : i == 0		     ? 4
							     : 16;

		l->permitted[i] = (struct constraint_set){.tag = kind};
		l->excluded[i] =
			(struct constraint_set){.tag = kind, .excluded = true};
		constraint_set_open(&l->permitted[i], ca->permitted,
				    address_len, c->release, &c->budget);
		constraint_set_open(&l->excluded[i], ca->excluded, address_len,
				    c->release, &c->budget);
		if (kind != GENERAL_NAME_IP)
			return;
	}
}

static enum constraint_result check_name(struct check *c,
					 const struct limits *l,
					 const struct certificate *ca,
					 uint8_t tag, struct bytes value)
{
	size_t family = tag == GENERAL_NAME_IP && value.len == 16;
	struct constrained_name name;
	enum constraint_result result =
		constraint_name_open(tag, value, c->release, &name);

	c->fault->tag = tag;
	c->fault->name = value;
	if (result != CONSTRAINT_MET)
		return result;
	if (l->permitted[family].present &&
	    !constraint_set_meets(&l->permitted[family], ca->permitted, &name,
				  c->release, &c->budget,
				  &c->fault->constraint))
		return CONSTRAINT_NOT_PERMITTED;
	if (l->excluded[family].present &&
	    constraint_set_meets(&l->excluded[family], ca->excluded, &name,
				 c->release, &c->budget, &c->fault->constraint))
		return CONSTRAINT_EXCLUDED;
	return CONSTRAINT_MET;
}

/* All names of one kind of NAMED against one CA. */
static enum constraint_result check_kind(struct check *c,
					 const struct certificate *ca,
					 const struct certificate *named,
					 uint8_t kind)
{
	struct bytes names = certificate_names(named), value;
	enum constraint_result result = CONSTRAINT_MET;
	struct limits limits;
	uint8_t tag;

	limits_open(c, &limits, ca, kind);
	while (result == CONSTRAINT_MET && !c->budget.spent &&
	       certificate_next_name(&names, &tag, &value)) {
		constraint_step(&c->budget);
		if (tag == kind)
			result = check_name(c, &limits, ca, tag, value);
	}
	return c->budget.spent ? CONSTRAINT_UNCHECKED : result;
}

/* URIs and mailboxes must be ones that can be compared, before all else. */
static enum constraint_result
check_forms(struct check *c, const struct certificate *named, uint8_t kind)
{
	struct bytes names = certificate_names(named), value;
	struct constrained_name name;
	uint8_t tag;

	while (certificate_next_name(&names, &tag, &value)) {
		enum constraint_result result;

		if (tag != kind)
			continue;
		result = constraint_name_open(tag, value, c->release, &name);
		if (result == CONSTRAINT_MET || result == CONSTRAINT_URI_BROKEN)
			continue;
		c->fault->tag = tag;
		c->fault->name = value;
		return result;
	}
	return CONSTRAINT_MET;
}

static enum constraint_result check_names(struct check *c,
					  const struct certificate *ca,
					  const struct certificate *named)
{
	/* In Go's order. */
	static const uint8_t kinds[] = {GENERAL_NAME_IP, GENERAL_NAME_DNS,
					GENERAL_NAME_URI, GENERAL_NAME_EMAIL};
	enum constraint_result result = CONSTRAINT_MET;

	for (size_t i = 0; i < sizeof(kinds) && result == CONSTRAINT_MET; i++) {
		size_t used = c->budget.arena->used;

		result = check_kind(c, ca, named, kinds[i]);
		c->budget.arena->used = used;
	}
	return result;
}

/* Certificate I of the chain against the constraints above it. */
static enum constraint_result check_one(struct check *c,
					const struct certificate *const *chain,
					size_t len, size_t i)
{
	enum constraint_result result;
	bool constrained = false;

	for (size_t j = i + 1; j < len; j++)
		constrained = constrained || chain[j]->has_constraints;
	if (!chain[i]->has_san || !constrained)
		return CONSTRAINT_MET;
	result = check_forms(c, chain[i], GENERAL_NAME_URI);
	if (result == CONSTRAINT_MET)
		result = check_forms(c, chain[i], GENERAL_NAME_EMAIL);
	for (size_t j = i + 1; j < len && result == CONSTRAINT_MET; j++)
		if (chain[j]->has_constraints)
			result = check_names(c, chain[j], chain[i]);
	return result;
}

/* see constraints.h */
enum constraint_result
constraints_check_chain(const struct certificate *const *chain, size_t len,
			struct go_release release, struct arena *arena,
			uint32_t *steps, struct constraint_fault *fault)
{
	struct check c = {.release = release,
			  .budget = {arena, steps, false},
			  .fault = fault};
	enum constraint_result result = CONSTRAINT_MET;

	for (size_t i = 0; i < len && result == CONSTRAINT_MET; i++)
		result = check_one(&c, chain, len, i);
	fault->result = result;
	return result;
}
