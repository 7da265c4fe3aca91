/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Paths from a leaf to a pool, built and judged as Go's Certificate.Verify.
 * Probe process. No heap of ours; recursion is bounded by SIGNATURE_CHECKS_MAX.
 */
#ifndef VERDICT_CHAIN_H
#define VERDICT_CHAIN_H

#include "common/limits.h"
#include "probe/verdict/path/arena.h"
#include "probe/verdict/path/constraints.h"
#include "probe/verdict/path/signature.h"

/* The leaf and one certificate for each check. */
#define PATH_MAX_CERTIFICATES (SIGNATURE_CHECKS_MAX + 1)

/* Why a path, or all paths, failed. */
enum chain_result {
	CHAIN_VALID,
	CHAIN_CRITICAL_EXTENSION,
	CHAIN_NOT_YET_VALID,
	CHAIN_EXPIRED,
	CHAIN_WRONG_ISSUER, /* names do not chain; Go before 1.16 only */
	CHAIN_NOT_A_CA,
	CHAIN_PATH_LENGTH,
	CHAIN_CONSTRAINT,
	CHAIN_SIGNATURE,	 /* only as a hint */
	CHAIN_UNKNOWN_AUTHORITY, /* perhaps with a hint */
	CHAIN_TOO_MANY_CHECKS,
	CHAIN_KEY_USAGE,
	CHAIN_POLICIES,
	CHAIN_UNCHECKED, /* cannot be told here */
};

struct chain_reason {
	enum chain_result result;
	const struct certificate *at;	 /* the certificate at fault */
	const struct certificate *child; /* CHAIN_SIGNATURE: what it signed */
	enum signature_result signature;
	struct constraint_fault constraint;
};

struct chain_fault {
	struct chain_reason reason;
	struct chain_reason hint; /* with CHAIN_UNKNOWN_AUTHORITY */
	bool has_hint;
	/* CHAIN_KEY_USAGE, CHAIN_POLICIES: how many paths failed by which. */
	unsigned bad_usage, bad_policies;
};

/* What a leaf is judged against. */
struct chain_query {
	struct go_release release;
	int64_t now; /* seconds since 1970 UTC */
	/* Without duplicates, in the order in which Go's pools got them. */
	const struct certificate *roots, *intermediates;
	size_t roots_len, intermediates_len;
	struct signature_cache *cache; /* or NULL */
	struct arena *arena;	       /* scratch, given back */
};

/* Go's isValid for a leaf: critical extensions, then dates. */
enum chain_result chain_check_leaf(const struct certificate *leaf,
				   const struct chain_query *q,
				   struct chain_fault *fault);

/*
 * Is there a path from LEAF to one of the roots that Go accepts? The leaf's own
 * dates and names are not looked at. Work is bounded by SIGNATURE_CHECKS_MAX
 * and CONSTRAINT_STEPS_MAX.
 */
enum chain_result chain_check(const struct certificate *leaf,
			      const struct chain_query *q,
			      struct chain_fault *fault);

/*
 * Is there a path, signature by signature, from LEAF to one of the roots? CA
 * rules (basicConstraints, keyUsage, path lengths) apply to every parent.
 * Dates, purposes, constraints and policies do not, but with DATED the root
 * itself must be valid now. A leaf that is itself a root counts.
 */
bool chain_ends_at(const struct certificate *leaf, const struct chain_query *q,
		   bool dated);

/* Append Go's error text for FAULT. */
void chain_explain(struct text *t, const struct chain_fault *fault,
		   const struct chain_query *q);

#endif
