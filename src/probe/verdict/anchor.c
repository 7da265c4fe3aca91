/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The anchor: candidates by their height above the leaf, each alone as a pool.
 */
#include "probe/verdict/anchor.h"

#include "probe/verdict/path/chain.h"
#include "probe/verdict/verify.h"

/* A presented certificate, and how many signatures it is above the leaf. */
struct candidate {
	struct certificate certificate;
	bool readable, is_above, tried;
	size_t height;
};

struct choice {
	const struct verdict_query *q; /* with a cache */
	struct candidate *candidate;   /* one for each of q->sent */
	struct pool sent;
	bool judged;	   /* Go can read all that was sent */
	uint32_t computed; /* signature checks before this began */
};

/* Hostile chains only: a full one takes less. */
static bool is_spent(const struct choice *c)
{
	return c->q->cache->computed - c->computed >= ANCHOR_CHECKS_MAX;
}

/* Read what was sent. False: the arena is full, or the leaf unreadable. */
static bool read_sent(struct choice *c)
{
	const struct verdict_query *q = c->q;
	char ignored[FAILURE_CHARS_MAX];
	struct failure why;
	struct text t;

	c->candidate = arena_take(q->arena, q->sent_len, sizeof(*c->candidate));
	if (!q->sent_len || !c->candidate ||
	    !pool_open(&c->sent, q->sent_len, q->arena))
		return false;
	for (size_t i = 0; i < q->sent_len; i++)
		c->candidate[i].readable =
			certificate_parse(q->sent[i], q->release,
					  &c->candidate[i].certificate,
					  &why) == ERR_OK;
	text_open(&t, ignored, sizeof(ignored));
	c->judged = verify_parse(q, &c->sent, &t) == VERDICT_ACCEPTED;
	c->sent.len = 0;
	for (size_t i = 0; i < q->sent_len; i++)
		if (c->candidate[i].readable)
			pool_add(&c->sent, &c->candidate[i].certificate, 1);
	return c->candidate[0].readable;
}

static bool is_parent(const struct choice *c, const struct certificate *child,
		      const struct certificate *parent)
{
	return bytes_equal(child->issuer, parent->subject) &&
	       !bytes_equal(child->der, parent->der) && !is_spent(c) &&
	       signature_check(child, parent, c->q->release, c->q->cache) ==
		       SIGNATURE_VALID;
}

/* Mark all that is above the leaf, level by level. */
static void find_heights(struct choice *c)
{
	struct candidate *p = c->candidate;
	bool found = true;

	p[0].is_above = true;
	for (size_t height = 0; found; height++) {
		found = false;
		for (size_t i = 0; i < c->q->sent_len; i++) {
			if (!p[i].is_above || p[i].height != height)
				continue;
			for (size_t j = 1; j < c->q->sent_len; j++) {
				if (p[j].is_above || !p[j].readable ||
				    !is_parent(c, &p[i].certificate,
					       &p[j].certificate))
					continue;
				p[j].is_above = found = true;
				p[j].height = height + 1;
			}
		}
	}
}

/* The highest above the leaf that was not tried yet; 0 if there is none. */
static size_t next_highest(struct choice *c)
{
	struct candidate *p = c->candidate;
	size_t best = 0;

	for (size_t i = 1; i < c->q->sent_len; i++)
		if (p[i].is_above && !p[i].tried &&
		    !bytes_equal(c->q->sent[i], c->q->sent[0]) &&
		    (!best || p[i].height > p[best].height))
			best = i;
	p[best].tried = true;
	return best;
}

/* Is there a path of signatures by Go's rules? A twin of the leaf ends none. */
static bool ends_path(const struct choice *c, size_t index)
{
	const struct chain_query query = {
		.release = c->q->release,
		.now = c->q->now,
		.roots = &c->candidate[index].certificate,
		.roots_len = 1,
		.intermediates = c->sent.certificate + 1,
		.intermediates_len = c->sent.len - 1,
		.cache = c->q->cache,
		.arena = c->q->arena,
	};

	return chain_ends_at(&c->sent.certificate[0], &query, false);
}

/* The cheap half first; what it accepts has to be a whole verdict as well. */
static bool is_accepted(const struct choice *c, size_t index)
{
	char ignored[FAILURE_CHARS_MAX];
	const struct pool alone = {&c->candidate[index].certificate, 1, 1};
	struct verdict_query q = *c->q;
	struct verdict verdict;
	struct text t;

	text_open(&t, ignored, sizeof(ignored));
	if (!c->judged ||
	    verify_pool(c->q, &alone, &c->sent, &t) != VERDICT_ACCEPTED)
		return false;
	q.pool = &q.sent[index];
	q.pool_len = 1;
	verdict_reach(&q, &verdict);
	return verdict.code == VERDICT_ACCEPTED;
}

/*
 * The highest that is accepted. The leaf comes last: as its own twin or where
 * its CA has expired it may do where no CA does.
 */
static void choose(struct choice *c, struct anchor *out)
{
	size_t first = 0, i;

	while ((i = next_highest(c)) && !is_spent(c)) {
		if (is_accepted(c, i)) {
			*out = (struct anchor){ANCHOR_CA, i, true};
			return;
		}
		if (!first && ends_path(c, i))
			first = i;
	}
	out->accepted = is_accepted(c, 0);
	out->index = out->accepted ? 0 : first;
	out->kind = out->index ? ANCHOR_CA : ANCHOR_LEAF;
}

/* see anchor.h */
void anchor_choose(const struct verdict_query *q, struct anchor *out)
{
	struct verdict_query cached = *q;
	struct choice c = {.q = &cached};
	size_t used = q->arena->used;

	*out = (struct anchor){.kind = ANCHOR_NONE};
	if (!cached.cache)
		cached.cache = arena_take(q->arena, 1, sizeof(*cached.cache));
	if (cached.cache && read_sent(&c)) {
		c.computed = cached.cache->computed;
		find_heights(&c);
		choose(&c, out);
	}
	q->arena->used = used;
}

static bool chains_to(const struct verdict_query *q, const struct bytes *roots,
		      size_t roots_len, bool dated)
{
	size_t used = q->arena->used;
	struct pool pool, sent;
	struct chain_query query = {.release = q->release,
				    .now = q->now,
				    .cache = q->cache,
				    .arena = q->arena};
	bool chains = false;

	if (q->sent_len && pool_open(&pool, roots_len, q->arena) &&
	    pool_open(&sent, q->sent_len, q->arena)) {
		for (size_t i = 0; i < roots_len; i++)
			pool_parse(&pool, roots[i], q->release, q->parsed);
		for (size_t i = 0; i < q->sent_len; i++)
			pool_parse(&sent, q->sent[i], q->release, q->parsed);
		query.roots = pool.certificate;
		query.roots_len = pool.len;
		query.intermediates = sent.certificate + 1;
		query.intermediates_len = sent.len ? sent.len - 1 : 0;
		/* An unreadable leaf would let the next one take its place. */
		chains = sent.len &&
			 bytes_equal(sent.certificate[0].der, q->sent[0]) &&
			 chain_ends_at(&sent.certificate[0], &query, dated);
	}
	q->arena->used = used;
	return chains;
}

/* see anchor.h */
bool anchor_chains_to(const struct verdict_query *q, size_t target)
{
	return target < q->sent_len && chains_to(q, &q->sent[target], 1, false);
}

/* see anchor.h */
bool anchor_chains(const struct verdict_query *q)
{
	return chains_to(q, q->pool, q->pool_len, true);
}
