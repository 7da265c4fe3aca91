/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which of the certificates that a server sent should Docker be given, and
 * which of them do signatures lead to? Probe process, sealed. Pure.
 */
#ifndef PROBE_ANCHOR_H
#define PROBE_ANCHOR_H

#include "probe/verdict/chain.h"

/* No certificate. */
#define ANCHOR_NONE SIZE_MAX

/* What a server sent, leaf first; an element that Go cannot parse has an empty
 * der and is passed over. */
struct anchor_query {
	const struct certificate *sent;
	size_t count;
	int64_t now;
	struct go_release release;
	struct signature_cache *cache;
	struct arena *arena;
};

/* Does the path of the leaf, signature by signature, lead to ROOT, which need
 * not have been sent? CA rules apply; with DATED, ROOT must be valid now. The
 * leaf leads to itself. */
bool anchor_leads_to(const struct anchor_query *q,
		     const struct certificate *root, bool dated);

/*
 * The index of the highest CA certificate on the leaf's path: valid now if one
 * is, else the highest of all; ANCHOR_NONE when the server sent no CA on it
 * beside the leaf. The first ANCHOR_CANDIDATES_MAX are looked at.
 */
size_t anchor_choose(const struct anchor_query *q);

#endif
