/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates in the order in which they came, each once, as Go's CertPool.
 * Probe process. Memory from the arena.
 */
#ifndef VERDICT_POOL_H
#define VERDICT_POOL_H

#include "probe/verdict/path/parsed.h"
#include "probe/verdict/x509/certificate.h"

struct pool {
	struct certificate *certificate;
	size_t len, room;
};

/* An empty pool with room for ROOM certificates. False: the arena is full. */
bool pool_open(struct pool *p, size_t room, struct arena *arena);

/* Add C unless the same octets are there already, from index FROM on. False: P
 * is full, and C is left out. */
bool pool_add(struct pool *p, const struct certificate *c, size_t from);

/* Add what Go RELEASE can parse, with what was PARSED before, or NULL. False:
 * it cannot, and it is left out. */
bool pool_parse(struct pool *p, struct bytes der, struct go_release release,
		struct parsed *parsed);

#endif
