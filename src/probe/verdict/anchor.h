/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which certificate of a presented chain to trust, and whether the server
 * chains to one that is trusted already. Probe process. No heap of ours.
 */
#ifndef VERDICT_ANCHOR_H
#define VERDICT_ANCHOR_H

#include "probe/verdict/verdict.h"

enum anchor_kind {
	ANCHOR_NONE, /* nothing was sent, or Go cannot parse the leaf */
	ANCHOR_CA,
	ANCHOR_LEAF, /* only this very certificate is trusted */
};

struct anchor {
	enum anchor_kind kind;
	size_t index;  /* into q->sent; 0 for ANCHOR_LEAF */
	bool accepted; /* Docker accepts the chain with this anchor alone */
};

/*
 * Choose the anchor for what Q says was sent; its pool is not looked at. If
 * there is a certificate with which alone in the pool Go accepts the chain, it
 * is one of those (ACCEPTED): the highest CA certificate on a path of
 * signatures from the leaf, and the leaf itself only where no CA will do. If
 * there is none, it is the highest CA to which a path of signatures leads,
 * which an operator should hear about, or the leaf. Certificates that Go
 * cannot parse are passed over.
 *
 * The search ends after ANCHOR_CHECKS_MAX signature checks, which only chains
 * made to exhaust it reach; then an acceptable one may be missed. Q needs no
 * cache, but with one less is computed twice.
 */
void anchor_choose(const struct verdict_query *q, struct anchor *out);

/*
 * Does a path of signatures lead from the leaf to q->sent[TARGET]? CA rules
 * hold on it; dates, names and purposes are not looked at.
 */
bool anchor_chains_to(const struct verdict_query *q, size_t target);

/*
 * Does what was sent chain to what the pool trusts: does a path of signatures,
 * with CA rules, lead from the leaf to a certificate of q->pool that is valid
 * now, or is the leaf itself one? Host names, purposes and the dates of all
 * others are not looked at, so this is not a verdict.
 */
bool anchor_chains(const struct verdict_query *q);

#endif
