/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/verdict/path/chain.h"

#include "probe/verdict/path/candidate.h"
#include "probe/verdict/path/path.h"

/* One search: the path so far, and what came of those that are finished. */
struct search {
	const struct chain_query *q;
	const struct certificate *path[PATH_MAX_CERTIFICATES];
	unsigned checks; /* candidates whose signature was checked */
	uint32_t steps;
	/* Intermediates that the path went on from, and whether one came again
	 * where Go 1.18 and older take what they kept of the first time. */
	const struct certificate *risen[SIGNATURE_CHECKS_MAX];
	size_t risen_len;
	bool repeats;
	bool panics; /* Go did, which it may after a path that holds, too */
	bool bare;   /* signatures only, see chain_ends_at */
	bool dated;  /* ... but roots are valid now */
	struct path_tally tally;
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

static void hint(struct level *l, const struct chain_reason *reason)
{
	if (l->has_hint)
		return;
	l->has_hint = true;
	l->hint = *reason;
}

static void finish(struct search *s, size_t len)
{
	if (s->bare)
		s->tally.accepted = true;
	else
		path_judge(s->path, len, s->q, &s->steps, &s->tally);
}

/* Their chains are those of the first path, which is not modelled here. */
static void note_risen(struct search *s, const struct certificate *c)
{
	for (size_t i = 0; i < s->risen_len; i++)
		s->repeats = s->repeats || s->risen[i] == c;
	if (s->risen_len < SIGNATURE_CHECKS_MAX)
		s->risen[s->risen_len++] = c;
}

static void climb(struct search *s, struct level *l);

/* The candidate signed: go on above it. */
static void ascend(struct search *s, struct level *l, enum candidate_kind kind,
		   const struct certificate *c)
{
	struct level above = {.depth = l->depth + 1};

	l->fault.reason.result = CHAIN_VALID;
	s->path[l->depth] = c;
	if (kind == CANDIDATE_ROOT) {
		l->chains++;
		finish(s, l->depth + 1);
		return;
	}
	if (!follows(s, GO_REFUSE_LOOPS) && !s->bare)
		note_risen(s, c);
	if (s->repeats)
		return;
	climb(s, &above);
	l->chains += above.chains;
	l->fault = above.fault;
}

/* Go's limit. False: this candidate is not looked at. */
static bool count_check(struct search *s, struct level *l)
{
	if (++s->checks <= SIGNATURE_CHECKS_MAX)
		return true;
	l->fault = (struct chain_fault){.reason.result = CHAIN_TOO_MANY_CHECKS};
	return false;
}

/* What came of the search so far cannot change any more. */
static bool is_decided(const struct search *s)
{
	return (s->tally.accepted &&
		(s->bare || !candidate_may_panic(s->q->release))) ||
	       s->repeats || s->panics;
}

static void consider(struct search *s, struct level *l,
		     enum candidate_kind kind, const struct certificate *c)
{
	bool first = follows(s, GO_COUNT_EVERY_PARENT);
	struct chain_reason reason = {.at = c, .child = s->path[l->depth - 1]};

	if (first && !count_check(s, l))
		return;
	s->panics = !s->bare &&
		    candidate_panics(c, s->path, l->depth, s->q->release);
	if (s->panics)
		return;
	if ((c->key.kind == KEY_UNKNOWN && follows(s, GO_SKIP_UNKNOWN_KEY)) ||
	    candidate_is_in_path(c, s->path, l->depth, s->q->release))
		return;
	if (!first && !count_check(s, l))
		return;
	reason.signature =
		signature_check(reason.child, c, s->q->release, s->q->cache);
	if (reason.signature != SIGNATURE_VALID) {
		s->tally.unchecked = s->tally.unchecked ||
				     reason.signature == SIGNATURE_UNCHECKED;
		reason.result = CHAIN_SIGNATURE;
		hint(l, &reason);
		return;
	}
	if (s->bare) {
		if (candidate_may_stand(c, kind, l->depth) &&
		    (!s->dated || kind == CANDIDATE_INTERMEDIATE ||
		     candidate_check_dates(c, s->q->now) == CHAIN_VALID))
			ascend(s, l, kind, c);
		return;
	}
	reason.result = candidate_check(c, kind, s->path, l->depth, s->q,
					&s->steps, &reason.constraint);
	if (reason.constraint.result == CONSTRAINT_UNCHECKED)
		s->tally.unchecked = true;
	l->fault = (struct chain_fault){.reason = reason};
	if (reason.result == CHAIN_VALID)
		ascend(s, l, kind, c);
	else if (follows(s, GO_HINT_VALIDITY))
		hint(l, &reason);
}

/* Try the certificates of one pool. False: Go gave up. */
static bool climb_pool(struct search *s, struct level *l,
		       enum candidate_kind kind, const struct certificate *pool,
		       size_t len)
{
	const struct certificate *child = s->path[l->depth - 1];

	for (int wanted = 0; wanted < CANDIDATE_RANKS; wanted++) {
		for (size_t i = 0; i < len; i++) {
			if (candidate_rank(child, pool, len, i,
					   s->q->release) != wanted)
				continue;
			consider(s, l, kind, &pool[i]);
			if (is_decided(s))
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
	if (climb_pool(s, l, CANDIDATE_ROOT, q->roots, q->roots_len))
		climb_pool(s, l, CANDIDATE_INTERMEDIATE, q->intermediates,
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

/* see chain.h */
enum chain_result chain_check_leaf(const struct certificate *leaf,
				   const struct chain_query *q,
				   struct chain_fault *fault)
{
	*fault = (struct chain_fault){.reason.at = leaf};
	fault->reason.result = leaf->unhandled_critical
				       ? CHAIN_CRITICAL_EXTENSION
				       : candidate_check_dates(leaf, q->now);
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
	if (s.tally.accepted && !s.panics)
		return CHAIN_VALID;
	if (l.chains)
		path_blame(&s.tally, fault);
	else
		*fault = l.fault;
	if (s.tally.unchecked || s.repeats || s.panics)
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
	    (!dated || candidate_check_dates(leaf, q->now) == CHAIN_VALID))
		return true;
	s.path[0] = leaf;
	climb(&s, &l);
	return s.tally.accepted;
}
