/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules for one step of a path; which step comes next is in chain.c.
 */
#include "probe/verdict/path/candidate.h"

static int rank_by_name(const struct certificate *child,
			const struct certificate *c)
{
	bool has_authority = child->authority_key_id.len > 0;
	bool has_subject = c->subject_key_id.len > 0;

	if (!bytes_equal(child->issuer, c->subject))
		return CANDIDATE_RANKS;
	if (bytes_equal(child->authority_key_id, c->subject_key_id))
		return 0;
	return has_authority != has_subject ? 1 : 2;
}

/* Go before 1.16: by key identifier alone, or else by name alone. */
static int rank_by_key_id(const struct certificate *child,
			  const struct certificate *pool, size_t len,
			  const struct certificate *c)
{
	bool known = false;

	for (size_t i = 0; i < len && child->authority_key_id.len; i++)
		known = known || bytes_equal(pool[i].subject_key_id,
					     child->authority_key_id);
	if (known ? bytes_equal(c->subject_key_id, child->authority_key_id)
		  : bytes_equal(child->issuer, c->subject))
		return 0;
	return CANDIDATE_RANKS;
}

/* see candidate.h */
int candidate_rank(const struct certificate *child,
		   const struct certificate *pool, size_t len, size_t i,
		   struct go_release release)
{
	return go_follows(release, GO_PARENT_BY_NAME)
		       ? rank_by_name(child, &pool[i])
		       : rank_by_key_id(child, pool, len, &pool[i]);
}

/* Same subject, key and SAN: Go takes it for the same certificate. */
static bool is_same(const struct certificate *a, const struct certificate *b,
		    struct go_release release, bool *differs)
{
	bool same_key = go_follows(release, GO_SPKI_IDENTITY)
				? bytes_equal(a->spki, b->spki)
				: key_equal(&a->key, &b->key);

	*differs = false;
	if (!go_follows(release, GO_REFUSE_LOOPS))
		return bytes_equal(a->der, b->der);
	if (!bytes_equal(a->subject, b->subject) || !same_key)
		return false;
	if (!a->has_san && !b->has_san)
		return true;
	/* Here Go stops looking down the chain. */
	*differs = !a->has_san || !b->has_san;
	return !*differs && bytes_equal(a->san, b->san);
}

/* see candidate.h */
bool candidate_is_in_path(const struct certificate *c,
			  const struct certificate *const *path, size_t depth,
			  struct go_release release)
{
	bool differs;

	for (size_t i = 0; i < depth; i++) {
		if (is_same(c, path[i], release, &differs))
			return true;
		if (differs)
			return false;
	}
	return false;
}

/* see candidate.h */
bool candidate_may_panic(struct go_release release)
{
	return go_follows(release, GO_REFUSE_LOOPS) &&
	       !go_follows(release, GO_SKIP_UNKNOWN_KEY);
}

/* see candidate.h */
bool candidate_panics(const struct certificate *c,
		      const struct certificate *const *path, size_t depth,
		      struct go_release release)
{
	if (!candidate_may_panic(release) ||
	    (c->key.kind != KEY_UNKNOWN && c->key.kind != KEY_DSA))
		return false;
	for (size_t i = 0; i < depth; i++)
		if (bytes_equal(c->subject, path[i]->subject))
			return true;
	return false;
}

/* see candidate.h */
enum chain_result candidate_check_dates(const struct certificate *c,
					int64_t now)
{
	return now < c->not_before.seconds  ? CHAIN_NOT_YET_VALID
	       : now > c->not_after.seconds ? CHAIN_EXPIRED
					    : CHAIN_VALID;
}

/* Path length as Go counts it: all certificates between C and the leaf. */
static bool is_too_long(const struct certificate *c, size_t depth)
{
	return c->has_basic_constraints && c->path_length >= 0 &&
	       (int64_t)depth - 1 > c->path_length;
}

static bool is_ca(const struct certificate *c)
{
	return c->has_basic_constraints && c->is_ca;
}

/* see candidate.h */
enum chain_result candidate_check(const struct certificate *c,
				  enum candidate_kind kind,
				  const struct certificate *const *path,
				  size_t depth, const struct chain_query *q,
				  uint32_t *steps,
				  struct constraint_fault *fault)
{
	enum chain_result dates = candidate_check_dates(c, q->now);

	if (c->unhandled_critical)
		return CHAIN_CRITICAL_EXTENSION;
	if (!bytes_equal(path[depth - 1]->issuer, c->subject))
		return CHAIN_WRONG_ISSUER;
	if (dates != CHAIN_VALID)
		return dates;
	if (!go_follows(q->release, GO_CONSTRAIN_LAST) &&
	    constraints_check_below(c, path, depth, q->release, steps, fault) !=
		    CONSTRAINT_MET)
		return CHAIN_CONSTRAINT;
	if (kind == CANDIDATE_INTERMEDIATE && !is_ca(c))
		return CHAIN_NOT_A_CA;
	return is_too_long(c, depth) ? CHAIN_PATH_LENGTH : CHAIN_VALID;
}

/* see candidate.h */
bool candidate_may_stand(const struct certificate *c, enum candidate_kind kind,
			 size_t depth)
{
	return (kind == CANDIDATE_ROOT || is_ca(c)) && !is_too_long(c, depth);
}
