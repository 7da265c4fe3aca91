/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The graph of the policies that are valid at each depth of a chain, RFC 9618.
 * Probe process. Memory from the arena.
 */
#ifndef VERDICT_POLICY_GRAPH_H
#define VERDICT_POLICY_GRAPH_H

#include "probe/verdict/path/arena.h"
#include "probe/verdict/x509/certificate.h"

/*
 * A policy that is valid at one depth. The policies expected of the next
 * certificate are the policy itself or, after a mapping, the subjects of the
 * mappings from it in MAPPINGS.
 */
struct policy_node {
	struct bytes policy;
	struct bytes mappings; /* empty: expects its own policy */
	uint32_t first_parent, parents;
	uint32_t children;
	bool alive;
};

struct policy_graph {
	struct policy_node *node;
	uint32_t *edge; /* indexes of parents */
	uint32_t nodes, edges;
	uint32_t above, here; /* first nodes of the last two depths */
	uint32_t steps;
	bool exists; /* it can become null, for good */
	bool spent;  /* out of room or steps: no answer counts */
};

/* Only anyPolicy, the root. False: the arena is full. */
bool policy_graph_open(struct policy_graph *g, struct arena *arena);

/*
 * RFC 5280 6.1.3 (d): go one depth down with the POLICIES of a certificate;
 * TAKES_ANY: its anyPolicy counts.
 */
void policy_graph_descend(struct policy_graph *g, struct bytes policies,
			  bool takes_any);

/* 6.1.4 (b) (1) and (2). False: a mapping from or to anyPolicy. */
bool policy_graph_map(struct policy_graph *g, struct bytes mappings);

/* 6.1.4 (b) (3): without mapping, mapped policies end here. */
void policy_graph_drop_mapped(struct policy_graph *g, struct bytes mappings);

/* 6.1.5 (g): is any policy left? */
bool policy_graph_has_policy(struct policy_graph *g);

#endif
