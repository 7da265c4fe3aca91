/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Docker will say once certs.d is as it will be: for the release that the
 * operator names, and which other releases decide otherwise. Probe process,
 * sealed. Pure.
 */
#ifndef PROBE_OUTLOOK_H
#define PROBE_OUTLOOK_H

#include "common/limits.h"
#include "probe/verdict/verdict.h"

struct outlook {
	struct verdict verdict;
	/* The Docker releases that decide otherwise and those that cannot be
	 * told, as a sentence: "Docker 20.10.0 to 20.10.7 refuse it; Docker
	 * 24.0.0 cannot be checked here"; or empty. */
	char others[OUTLOOK_CHARS_MAX];
	bool differs; /* there is one that decides otherwise */
};

/* Judge Q, and again for every Docker release that is known; Q's release is
 * the one that counts. Signatures are checked once: Q needs a cache. */
void outlook_judge(const struct verdict_query *q, struct outlook *out);

#endif
