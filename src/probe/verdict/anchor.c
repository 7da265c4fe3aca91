/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which certificate of a presented chain to trust. Probe process.
 */
#include "probe/verdict/anchor.h"

#include "probe/verdict/path/chain.h"
#include "probe/verdict/path/pool.h"

/* A presented certificate, and how many signatures it is above the leaf. */
struct candidate {
	struct certificate certificate;
	bool readable, is_above;
	size_t height;
};

/* Read what was sent; NULL if the arena is full. */
static struct candidate *read_sent(const struct verdict_query *q)
{
	struct candidate *p = arena_take(q->arena, q->sent_len, sizeof(*p));
	struct failure ignored;

	for (size_t i = 0; p && i < q->sent_len; i++)
		p[i].readable = certificate_parse(q->sent[i], q->release,
						  &p[i].certificate,
						  &ignored) == ERR_OK;
	return p;
}

static bool is_parent(const struct verdict_query *q,
		      const struct certificate *child,
		      const struct certificate *parent, unsigned *checks)
{
	if (!bytes_equal(child->issuer, parent->subject) ||
	    bytes_equal(child->der, parent->der) ||
	    *checks == SIGNATURE_CHECKS_MAX)
		return false;
	++*checks;
	return signature_check(child, parent, q->release, q->cache) ==
	       SIGNATURE_VALID;
}

/* Mark all that is above the leaf, level by level. */
static void find_heights(const struct verdict_query *q, struct candidate *p)
{
	unsigned checks = 0;
	bool found = true;

	p[0].is_above = true;
	for (size_t height = 0; found; height++) {
		found = false;
		for (size_t i = 0; i < q->sent_len; i++) {
			if (!p[i].is_above || p[i].height != height)
				continue;
			for (size_t j = 1; j < q->sent_len; j++) {
				if (p[j].is_above || !p[j].readable ||
				    !is_parent(q, &p[i].certificate,
					       &p[j].certificate, &checks))
					continue;
				p[j].is_above = found = true;
				p[j].height = height + 1;
			}
		}
	}
}

/* The highest above the leaf that is not TRIED yet; 0 if there is none. */
static size_t highest(const struct verdict_query *q, const struct candidate *p,
		      const bool *tried)
{
	size_t best = 0;

	for (size_t i = 1; i < q->sent_len; i++)
		if (p[i].is_above && !tried[i] &&
		    !bytes_equal(q->sent[i], q->sent[0]) &&
		    (!best || p[i].height > p[best].height))
			best = i;
	return best;
}

static bool is_accepted(const struct verdict_query *q, size_t index)
{
	struct verdict_query alone = *q;
	struct verdict verdict;

	alone.pool = &q->sent[index];
	alone.pool_len = 1;
	verdict_reach(&alone, &verdict);
	return verdict.code == VERDICT_ACCEPTED;
}

static void choose(const struct verdict_query *q, const struct candidate *p,
		   bool *tried, struct anchor *out)
{
	size_t first = highest(q, p, tried), i = first;

	for (int tries = 0; i && tries < ANCHOR_TRIES_MAX; tries++) {
		if (is_accepted(q, i)) {
			*out = (struct anchor){ANCHOR_CA, i, true};
			return;
		}
		tried[i] = true;
		i = highest(q, p, tried);
	}
	out->kind = first ? ANCHOR_CA : ANCHOR_LEAF;
	out->index = first;
	out->accepted = !first && is_accepted(q, 0);
}

/* see anchor.h */
void anchor_choose(const struct verdict_query *q, struct anchor *out)
{
	size_t used = q->arena->used;
	struct candidate *p = read_sent(q);
	bool *tried = arena_take(q->arena, q->sent_len, sizeof(*tried));

	*out = (struct anchor){.kind = ANCHOR_NONE};
	if (p && tried && q->sent_len && p[0].readable) {
		find_heights(q, p);
		choose(q, p, tried, out);
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
			pool_parse(&pool, roots[i], q->release);
		for (size_t i = 0; i < q->sent_len; i++)
			pool_parse(&sent, q->sent[i], q->release);
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
