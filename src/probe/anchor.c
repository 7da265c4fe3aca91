/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The choice among sent certificates; see anchor.h.
 */
#include "probe/anchor.h"

/* see anchor.h */
bool anchor_leads_to(const struct anchor_query *q,
		     const struct certificate *root, bool dated)
{
	const struct chain_query chain = {
		.release = q->release,
		.now = q->now,
		.roots = root,
		.roots_len = 1,
		.intermediates = q->sent + 1,
		.intermediates_len = q->count - 1,
		.cache = q->cache,
		.arena = q->arena,
	};

	return chain_leads_to(&q->sent[0], &chain, dated);
}

/* Did PARENT, another name than CHILD's, issue CHILD? */
static bool is_above(const struct anchor_query *q,
		     const struct certificate *parent,
		     const struct certificate *child)
{
	return bytes_equal(parent->subject, child->issuer) &&
	       !bytes_equal(parent->subject, child->subject) &&
	       signature_check(child, parent, q->release, q->cache) ==
		       SIGNATURE_VALID;
}

/* The indices of the CA certificates that the path can lead to. */
static size_t find_candidates(const struct anchor_query *q, bool dated,
			      size_t found[ANCHOR_CANDIDATES_MAX])
{
	size_t count = 0;

	for (size_t i = 1; i < q->count && count < ANCHOR_CANDIDATES_MAX; i++)
		if (q->sent[i].der.len &&
		    anchor_leads_to(q, &q->sent[i], dated))
			found[count++] = i;
	return count;
}

/* The highest has nobody above it; where several have not (cross-signed, or
 * two paths), a self-issued one is the end of a path. CAs that issued each
 * other have no highest: then the first sent counts. */
static size_t choose_highest(const struct anchor_query *q, bool dated)
{
	size_t found[ANCHOR_CANDIDATES_MAX];
	size_t count = find_candidates(q, dated, found);
	size_t best = ANCHOR_NONE;

	for (size_t i = 0; i < count; i++) {
		const struct certificate *c = &q->sent[found[i]];
		bool is_top = true;

		for (size_t k = 0; k < count && is_top; k++)
			is_top = !is_above(q, &q->sent[found[k]], c);
		if (is_top && (best == ANCHOR_NONE ||
			       (certificate_is_self_issued(c) &&
				!certificate_is_self_issued(&q->sent[best]))))
			best = found[i];
	}
	return best == ANCHOR_NONE && count ? found[0] : best;
}

/* see anchor.h */
size_t anchor_choose(const struct anchor_query *q)
{
	size_t highest = choose_highest(q, true);

	if (highest == ANCHOR_NONE)
		highest = choose_highest(q, false);
	return highest;
}
