/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finished paths, leaf to anchor: policies, key purposes and, from Go 1.26 on,
 * name constraints. Probe process. Memory from the query's arena.
 */
#ifndef VERDICT_PATH_H
#define VERDICT_PATH_H

#include "probe/verdict/path/chain.h"

/* What came of the paths of one leaf so far. Start with {0}. */
struct path_tally {
	bool accepted, unchecked;
	unsigned bad_usage, bad_policies;
	bool bad_constraint;
	struct constraint_fault constraint; /* the first */
};

/* Judge PATH, of LEN certificates, and add to TALLY. STEPS counts down. */
void path_judge(const struct certificate *const *path, size_t len,
		const struct chain_query *q, uint32_t *steps,
		struct path_tally *tally);

/* What Go says when there were paths, and none of them would do. */
void path_blame(const struct path_tally *tally, struct chain_fault *fault);

#endif
