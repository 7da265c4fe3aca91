/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One certificate as the next of a path, as Go sees it: is it plausible as a
 * parent, is it in the path already, may it stand there. Probe process. Pure.
 */
#ifndef VERDICT_CANDIDATE_H
#define VERDICT_CANDIDATE_H

#include "probe/verdict/path/chain.h"

enum candidate_kind { CANDIDATE_INTERMEDIATE, CANDIDATE_ROOT };

/* Ranks from 0, the best, to this: no candidate at all. */
#define CANDIDATE_RANKS 3

/*
 * How plausible certificate I of POOL (LEN of them) is as the parent of CHILD.
 * Go looks at all of one rank before the next.
 */
int candidate_rank(const struct certificate *child,
		   const struct certificate *pool, size_t len, size_t i,
		   struct go_release release);

/* Go's alreadyInChain: is C, for Go RELEASE, one of the DEPTH of PATH? */
bool candidate_is_in_path(const struct certificate *c,
			  const struct certificate *const *path, size_t depth,
			  struct go_release release);

/*
 * Does Go RELEASE panic where it asks whether C is in PATH? It compares keys by
 * a method that those which it does not know, and DSA's, lack: 1.19 alone,
 * which MAY then panic after it has found a path that holds.
 */
bool candidate_panics(const struct certificate *c,
		      const struct certificate *const *path, size_t depth,
		      struct go_release release);
bool candidate_may_panic(struct go_release release);

/* CHAIN_VALID, CHAIN_NOT_YET_VALID or CHAIN_EXPIRED. */
enum chain_result candidate_check_dates(const struct certificate *c,
					int64_t now);

/*
 * Go's isValid for C above the DEPTH certificates of PATH. FAULT is filled for
 * CHAIN_CONSTRAINT; STEPS as in constraints.h.
 */
enum chain_result candidate_check(const struct certificate *c,
				  enum candidate_kind kind,
				  const struct certificate *const *path,
				  size_t depth, const struct chain_query *q,
				  uint32_t *steps,
				  struct constraint_fault *fault);

/* Of the above the CA flag of intermediates and the path length alone. */
bool candidate_may_stand(const struct certificate *c, enum candidate_kind kind,
			 size_t depth);

#endif
