/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Docker's pool holds after each thing that may become of the directory.
 * Probe process, sealed. Pure.
 */
#ifndef PROBE_ACTS_H
#define PROBE_ACTS_H

#include "common/wire.h"
#include "probe/judge/material.h"

/* A pool as Docker has it: the system's, then the directory's. */
struct acts_pool {
	struct bytes *der; /* the caller's, with room for all */
	size_t count;
};

/*
 * Fill P with M and the anchors of O as they are after ACT. In our section new
 * anchors stand first. Room: M's host_count and installed, O's cert_count.
 */
void acts_fill(const struct material *m, const struct outcome *o,
	       enum wire_act act, struct acts_pool *p);

/* Do A and B hold the same in the same order? */
bool acts_same(const struct acts_pool *a, const struct acts_pool *b);

#endif
