/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Go asks of a whole path, after each step of it was allowed.
 */
#include "probe/verdict/path/path.h"

#include "probe/verdict/path/policies.h"

static bool is_for_servers(const struct certificate *const *path, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (path[i]->forbids_server)
			return false;
	return true;
}

/* see path.h */
void path_judge(const struct certificate *const *path, size_t len,
		const struct chain_query *q, uint32_t *steps,
		struct path_tally *tally)
{
	enum policies_result policies = POLICIES_VALID;
	enum constraint_result constraint = CONSTRAINT_MET;
	struct constraint_fault fault = {.result = CONSTRAINT_MET};

	if (go_follows(q->release, GO_POLICIES))
		policies = policies_check(path, len, q->arena);
	if (policies == POLICIES_UNCHECKED)
		tally->unchecked = true;
	if (policies != POLICIES_VALID) {
		tally->bad_policies++;
		return;
	}
	if (!is_for_servers(path, len)) {
		tally->bad_usage++;
		return;
	}
	if (go_follows(q->release, GO_CONSTRAIN_LAST))
		constraint = constraints_check_chain(path, len, q->release,
						     q->arena, steps, &fault);
	if (constraint == CONSTRAINT_MET) {
		tally->accepted = true;
		return;
	}
	if (constraint == CONSTRAINT_UNCHECKED)
		tally->unchecked = true;
	if (!tally->bad_constraint)
		tally->constraint = fault;
	tally->bad_constraint = true;
}

/* see path.h */
void path_blame(const struct path_tally *tally, struct chain_fault *fault)
{
	*fault = (struct chain_fault){.bad_usage = tally->bad_usage,
				      .bad_policies = tally->bad_policies};
	if (tally->bad_constraint) {
		fault->reason.result = CHAIN_CONSTRAINT;
		fault->reason.constraint = tally->constraint;
	} else {
		fault->reason.result =
			tally->bad_policies ? CHAIN_POLICIES : CHAIN_KEY_USAGE;
	}
}
