/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Paths from a leaf to a pool, built and judged as Go's Certificate.Verify.
 * Probe process. No heap of ours.
 */
#include "probe/verdict/path/chain.h"

#include "probe/verdict/path/policies.h"

enum kind { KIND_INTERMEDIATE, KIND_ROOT };

/* One search: the path so far, and what came of the finished ones. */
struct search {
	const struct chain_query *q;
	const struct certificate *path[PATH_MAX_CERTIFICATES];
	unsigned checks; /* candidates whose signature was checked */
	uint32_t steps;
	bool bare;  /* signatures only, see chain_ends_at */
	bool dated; /* ... but roots are valid now */

	bool accepted, unchecked;
	unsigned bad_usage, bad_policies;
	struct constraint_fault constraint; /* the first, Go 1.26 on */
	bool bad_constraint;
};

/* Where one certificate's search for parents stands, as in Go. */
struct level {
	size_t depth; /* of the certificate: path[depth - 1] */
	unsigned chains;
	struct chain_fault fault; /* CHAIN_VALID: none so far */
	struct chain_reason hint;
	bool has_hint;
};

static bool follows(const struct search *s, enum go_rule rule)
{
	return go_follows(s->q->release, rule);
}

static enum chain_result check_dates(const struct certificate *c, int64_t now)
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

/* Go's isValid for C above path[0..depth). */
static enum chain_result check_candidate(struct search *s, enum kind kind,
					 const struct certificate *c,
					 size_t depth,
					 struct constraint_fault *fault)
{
	enum chain_result dates = check_dates(c, s->q->now);
	enum constraint_result constraint;

	if (c->unhandled_critical)
		return CHAIN_CRITICAL_EXTENSION;
	if (!bytes_equal(s->path[depth - 1]->issuer, c->subject))
		return CHAIN_WRONG_ISSUER;
	if (dates != CHAIN_VALID)
		return dates;
	if (!follows(s, GO_CONSTRAIN_LAST)) {
		constraint = constraints_check_below(
			c, s->path, depth, s->q->release, &s->steps, fault);
		if (constraint == CONSTRAINT_UNCHECKED)
			s->unchecked = true;
		if (constraint != CONSTRAINT_MET)
			return CHAIN_CONSTRAINT;
	}
	if (kind == KIND_INTERMEDIATE && !is_ca(c))
		return CHAIN_NOT_A_CA;
	return is_too_long(c, depth) ? CHAIN_PATH_LENGTH : CHAIN_VALID;
}

/* The same for a search by signatures only. */
static bool may_stand(const struct search *s, enum kind kind,
		      const struct certificate *c, size_t depth)
{
	if (kind == KIND_INTERMEDIATE && !is_ca(c))
		return false;
	if (kind == KIND_ROOT && s->dated &&
	    check_dates(c, s->q->now) != CHAIN_VALID)
		return false;
	return !is_too_long(c, depth);
}

static void hint(struct level *l, const struct chain_reason *reason)
{
	if (l->has_hint)
		return;
	l->has_hint = true;
	l->hint = *reason;
}

/* Same subject, key and SAN: Go takes it for the same certificate. */
static bool is_same(const struct search *s, const struct certificate *a,
		    const struct certificate *b, bool *differs)
{
	bool same_key = follows(s, GO_SPKI_IDENTITY)
				? bytes_equal(a->spki, b->spki)
				: key_equal(&a->key, &b->key);

	*differs = false;
	if (!follows(s, GO_REFUSE_LOOPS))
		return bytes_equal(a->der, b->der);
	if (!bytes_equal(a->subject, b->subject) || !same_key)
		return false;
	if (!a->has_san && !b->has_san)
		return true;
	/* Here Go stops looking down the chain. */
	*differs = !a->has_san || !b->has_san;
	return !*differs && bytes_equal(a->san, b->san);
}

static bool is_in_path(const struct search *s, const struct certificate *c,
		       size_t depth)
{
	bool differs;

	for (size_t i = 0; i < depth; i++) {
		if (is_same(s, c, s->path[i], &differs))
			return true;
		if (differs)
			return false;
	}
	return false;
}

/* Judge the finished path of LEN; constraints and policies by release. */
static void finish(struct search *s, size_t len)
{
	enum policies_result policies = POLICIES_VALID;
	enum constraint_result constraint;
	struct constraint_fault fault = {.result = CONSTRAINT_MET};
	bool usage = true;

	if (s->bare) {
		s->accepted = true;
		return;
	}
	if (follows(s, GO_POLICIES))
		policies = policies_check(s->path, len, s->q->arena);
	s->unchecked = s->unchecked || policies == POLICIES_UNCHECKED;
	if (policies != POLICIES_VALID) {
		s->bad_policies++;
		return;
	}
	for (size_t i = 0; i < len; i++)
		usage = usage && !s->path[i]->forbids_server;
	if (!usage) {
		s->bad_usage++;
		return;
	}
	constraint = follows(s, GO_CONSTRAIN_LAST)
			     ? constraints_check_chain(
				       s->path, len, s->q->release, s->q->arena,
				       &s->steps, &fault)
			     : CONSTRAINT_MET;
	if (constraint == CONSTRAINT_MET) {
		s->accepted = true;
		return;
	}
	s->unchecked = s->unchecked || constraint == CONSTRAINT_UNCHECKED;
	if (!s->bad_constraint)
		s->constraint = fault;
	s->bad_constraint = true;
}

static void climb(struct search *s, struct level *l);

/* The candidate signed: go on above it. */
static void ascend(struct search *s, struct level *l, enum kind kind,
		   const struct certificate *c)
{
	struct level above = {.depth = l->depth + 1};

	l->fault.reason.result = CHAIN_VALID;
	s->path[l->depth] = c;
	if (kind == KIND_ROOT) {
		l->chains++;
		finish(s, l->depth + 1);
		return;
	}
	climb(s, &above);
	l->chains += above.chains;
	l->fault = above.fault;
}

/* Go's limit. False: this candidate is not looked at. */
static bool count_check(struct search *s, struct level *l)
{
	if (++s->checks <= CHECKS_MAX)
		return true;
	l->fault = (struct chain_fault){.reason.result = CHAIN_TOO_MANY_CHECKS};
	return false;
}

static void consider(struct search *s, struct level *l, enum kind kind,
		     const struct certificate *c)
{
	bool first = follows(s, GO_COUNT_EVERY_PARENT);
	struct chain_reason reason = {.at = c, .child = s->path[l->depth - 1]};

	if (first && !count_check(s, l))
		return;
	if ((c->key.kind == KEY_UNKNOWN && follows(s, GO_SKIP_UNKNOWN_KEY)) ||
	    is_in_path(s, c, l->depth))
		return;
	if (!first && !count_check(s, l))
		return;
	reason.signature =
		signature_check(reason.child, c, s->q->release, s->q->cache);
	if (reason.signature != SIGNATURE_VALID) {
		s->unchecked =
			s->unchecked || reason.signature == SIGNATURE_UNCHECKED;
		reason.result = CHAIN_SIGNATURE;
		hint(l, &reason);
		return;
	}
	if (s->bare) {
		if (may_stand(s, kind, c, l->depth))
			ascend(s, l, kind, c);
		return;
	}
	reason.result =
		check_candidate(s, kind, c, l->depth, &reason.constraint);
	l->fault = (struct chain_fault){.reason = reason};
	if (reason.result == CHAIN_VALID)
		ascend(s, l, kind, c);
	else if (follows(s, GO_HINT_VALIDITY))
		hint(l, &reason);
}

/*
 * How plausible C is as the parent of CHILD: 0 is best; 3: not at all. Go looks
 * at all of one rank before the next.
 */
static int rank(const struct certificate *child, const struct certificate *c)
{
	bool has_authority = child->authority_key_id.len > 0;
	bool has_subject = c->subject_key_id.len > 0;

	if (!bytes_equal(child->issuer, c->subject))
		return 3;
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
	if (known)
		return bytes_equal(c->subject_key_id, child->authority_key_id)
			       ? 0
			       : 3;
	return bytes_equal(child->issuer, c->subject) ? 0 : 3;
}

/* Try the certificates of one pool. False: Go gave up. */
static bool climb_pool(struct search *s, struct level *l, enum kind kind,
		       const struct certificate *pool, size_t len)
{
	const struct certificate *child = s->path[l->depth - 1];
	bool by_name = follows(s, GO_PARENT_BY_NAME);

	for (int wanted = 0; wanted < 3; wanted++) {
		for (size_t i = 0; i < len; i++) {
			int r = by_name ? rank(child, &pool[i])
					: rank_by_key_id(child, pool, len,
							 &pool[i]);

			if (r != wanted)
				continue;
			consider(s, l, kind, &pool[i]);
			if (s->accepted)
				return false;
			if (l->fault.reason.result == CHAIN_TOO_MANY_CHECKS &&
			    follows(s, GO_COUNT_EVERY_PARENT))
				return false;
		}
	}
	return true;
}

/* Go's buildChains; every level but the first took a signature check. */
static void climb(struct search *s, struct level *l)
{
	const struct chain_query *q = s->q;

	/* At full depth every candidate fails by its count, as in Go. */
	if (climb_pool(s, l, KIND_ROOT, q->roots, q->roots_len))
		climb_pool(s, l, KIND_INTERMEDIATE, q->intermediates,
			   q->intermediates_len);
	if (l->chains) {
		l->fault.reason.result = CHAIN_VALID;
	} else if (l->fault.reason.result == CHAIN_VALID) {
		l->fault.reason.result = CHAIN_UNKNOWN_AUTHORITY;
		l->fault.hint = l->hint;
		l->fault.has_hint = l->has_hint;
	}
}

/* Go's leaf that is itself in the pool: the path is the leaf alone. */
static bool is_root(const struct certificate *leaf, const struct chain_query *q)
{
	for (size_t i = 0; i < q->roots_len; i++)
		if (bytes_equal(leaf->der, q->roots[i].der))
			return true;
	return false;
}

/* What Go says when there were paths, and none of them would do. */
static void blame(const struct search *s, struct chain_fault *fault)
{
	*fault = (struct chain_fault){.bad_usage = s->bad_usage,
				      .bad_policies = s->bad_policies};
	if (s->bad_constraint) {
		fault->reason.result = CHAIN_CONSTRAINT;
		fault->reason.constraint = s->constraint;
	} else {
		fault->reason.result =
			s->bad_policies ? CHAIN_POLICIES : CHAIN_KEY_USAGE;
	}
}

/* see chain.h */
enum chain_result chain_check_leaf(const struct certificate *leaf,
				   const struct chain_query *q,
				   struct chain_fault *fault)
{
	*fault = (struct chain_fault){.reason.at = leaf};
	fault->reason.result = leaf->unhandled_critical
				       ? CHAIN_CRITICAL_EXTENSION
				       : check_dates(leaf, q->now);
	return fault->reason.result;
}

/* see chain.h */
enum chain_result chain_check(const struct certificate *leaf,
			      const struct chain_query *q,
			      struct chain_fault *fault)
{
	struct search s = {.q = q, .steps = CONSTRAINT_STEPS_MAX};
	struct level l = {.depth = 1};

	*fault = (struct chain_fault){.reason.result = CHAIN_VALID};
	s.path[0] = leaf;
	if (is_root(leaf, q)) {
		l.chains = 1;
		finish(&s, 1);
	} else {
		climb(&s, &l);
	}
	if (s.accepted)
		return CHAIN_VALID;
	if (l.chains)
		blame(&s, fault);
	else
		*fault = l.fault;
	if (s.unchecked)
		fault->reason.result = CHAIN_UNCHECKED;
	return fault->reason.result;
}

/* see chain.h */
bool chain_ends_at(const struct certificate *leaf, const struct chain_query *q,
		   bool dated)
{
	struct search s = {.q = q, .bare = true, .dated = dated};
	struct level l = {.depth = 1};

	if (is_root(leaf, q) &&
	    (!dated || check_dates(leaf, q->now) == CHAIN_VALID))
		return true;
	s.path[0] = leaf;
	climb(&s, &l);
	return s.accepted;
}
