/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Nodes and edges, grown downwards and pruned from below.
 */
#include "probe/verdict/path/policy_graph.h"

#include "common/limits.h"
#include "probe/verdict/x509/oid.h"

static const struct bytes ANY_POLICY = {(const uint8_t *)OID_ANY_POLICY,
					sizeof(OID_ANY_POLICY) - 1};

static bool same(struct policy_graph *g, struct bytes a, struct bytes b)
{
	if (g->steps == 0)
		g->spent = true;
	else
		g->steps--;
	return bytes_equal(a, b);
}

static bool is_any(struct policy_graph *g, const struct policy_node *n)
{
	return same(g, n->policy, ANY_POLICY);
}

static bool next_policy(struct bytes *policies, struct bytes *id)
{
	struct bytes policy;

	return policies->len && der_read(policies, DER_SEQUENCE, &policy) &&
	       der_read(&policy, DER_OID, id);
}

static bool next_mapping(struct bytes *mappings, struct bytes *issuer,
			 struct bytes *subject)
{
	struct bytes mapping;

	return mappings->len && der_read(mappings, DER_SEQUENCE, &mapping) &&
	       der_read(&mapping, DER_OID, issuer) &&
	       der_read(&mapping, DER_OID, subject);
}

/* Is POLICY expected by N? */
static bool expects(struct policy_graph *g, const struct policy_node *n,
		    struct bytes policy)
{
	struct bytes in = n->mappings, issuer, subject;

	if (!in.len)
		return same(g, n->policy, policy);
	while (next_mapping(&in, &issuer, &subject))
		if (same(g, issuer, n->policy) && same(g, subject, policy))
			return true;
	return false;
}

/* The living node of POLICY among FROM to END, or NULL. */
static struct policy_node *find(struct policy_graph *g, uint32_t from,
				uint32_t end, struct bytes policy)
{
	for (uint32_t i = from; i < end; i++)
		if (g->node[i].alive && same(g, g->node[i].policy, policy))
			return &g->node[i];
	return NULL;
}

static struct policy_node *add_node(struct policy_graph *g, struct bytes policy)
{
	if (g->nodes == POLICY_NODES_MAX) {
		g->spent = true;
		return NULL;
	}
	g->node[g->nodes] = (struct policy_node){
		.policy = policy, .first_parent = g->edges, .alive = true};
	return &g->node[g->nodes++];
}

static void add_parent(struct policy_graph *g, struct policy_node *n,
		       uint32_t parent)
{
	if (g->edges == POLICY_EDGES_MAX) {
		g->spent = true;
		return;
	}
	g->edge[g->edges++] = parent;
	g->node[parent].children++;
	n->parents++;
}

/* Kill N and take it from its parents. */
static void drop(struct policy_graph *g, struct policy_node *n)
{
	n->alive = false;
	for (uint32_t i = 0; i < n->parents; i++)
		g->node[g->edge[n->first_parent + i]].children--;
}

/* RFC 9618: nodes above the last depth need children. Go spares the root. */
static void prune(struct policy_graph *g)
{
	for (uint32_t i = g->here; i-- > 1;)
		if (g->node[i].alive && !g->node[i].children)
			drop(g, &g->node[i]);
}

/* Add POLICY below all nodes above that expect it. False: none does. */
static bool add_expected(struct policy_graph *g, struct bytes policy)
{
	struct policy_node *n = NULL;

	for (uint32_t i = g->above; i < g->here && !g->spent; i++) {
		if (!g->node[i].alive || !expects(g, &g->node[i], policy))
			continue;
		if (!n)
			n = add_node(g, policy);
		if (n)
			add_parent(g, n, i);
	}
	return n != NULL;
}

/* 6.1.3 (d) (1): each policy of the certificate but anyPolicy. */
static void add_policies(struct policy_graph *g, struct bytes policies,
			 bool *any)
{
	struct bytes id;
	struct policy_node *parent, *n;

	*any = false;
	while (next_policy(&policies, &id) && !g->spent) {
		if (same(g, id, ANY_POLICY)) {
			*any = true;
			continue;
		}
		if (add_expected(g, id))
			continue;
		parent = find(g, g->above, g->here, ANY_POLICY);
		n = parent ? add_node(g, id) : NULL;
		if (n)
			add_parent(g, n, (uint32_t)(parent - g->node));
	}
}

static void add_missing(struct policy_graph *g, struct bytes policy)
{
	if (!find(g, g->here, g->nodes, policy))
		add_expected(g, policy);
}

/* 6.1.3 (d) (2): anyPolicy stands for everything that is expected. */
static void add_any(struct policy_graph *g)
{
	for (uint32_t i = g->above; i < g->here && !g->spent; i++) {
		const struct policy_node *n = &g->node[i];
		struct bytes in = n->mappings, issuer, subject;

		if (!n->alive)
			continue;
		if (!in.len)
			add_missing(g, n->policy);
		while (next_mapping(&in, &issuer, &subject) && !g->spent)
			if (same(g, issuer, n->policy))
				add_missing(g, subject);
	}
}

/* see policy_graph.h */
void policy_graph_descend(struct policy_graph *g, struct bytes policies,
			  bool takes_any)
{
	bool any;

	g->above = g->here;
	g->here = g->nodes;
	add_policies(g, policies, &any);
	if (any && takes_any)
		add_any(g);
	prune(g);
}

/* see policy_graph.h */
void policy_graph_drop_mapped(struct policy_graph *g, struct bytes mappings)
{
	struct bytes issuer, subject;

	while (next_mapping(&mappings, &issuer, &subject) && !g->spent) {
		struct policy_node *n = find(g, g->here, g->nodes, issuer);

		if (n)
			drop(g, n);
	}
	prune(g);
}

/* see policy_graph.h */
bool policy_graph_map(struct policy_graph *g, struct bytes mappings)
{
	struct bytes in = mappings, issuer, subject;

	while (next_mapping(&in, &issuer, &subject))
		if (same(g, issuer, ANY_POLICY) || same(g, subject, ANY_POLICY))
			return false;
	prune(g);
	in = mappings;
	while (next_mapping(&in, &issuer, &subject) && !g->spent) {
		struct policy_node *n = find(g, g->here, g->nodes, issuer);
		struct policy_node *any =
			find(g, g->here, g->nodes, ANY_POLICY);

		if (!n && any) {
			n = add_node(g, issuer);
			if (n)
				add_parent(g, n, (uint32_t)(any - g->node));
		}
		if (n)
			n->mappings = mappings;
	}
	return true;
}

/* see policy_graph.h */
bool policy_graph_has_policy(struct policy_graph *g)
{
	if (!g->exists)
		return false;
	if (find(g, g->here, g->nodes, ANY_POLICY))
		return true;
	for (uint32_t i = 0; i < g->nodes && !g->spent; i++) {
		const struct policy_node *n = &g->node[i];

		if (n->alive && n->parents == 1 && !is_any(g, n) &&
		    is_any(g, &g->node[g->edge[n->first_parent]]))
			return true;
	}
	return false;
}

/* see policy_graph.h */
bool policy_graph_open(struct policy_graph *g, struct arena *arena)
{
	*g = (struct policy_graph){.steps = POLICY_STEPS_MAX, .exists = true};
	g->node = arena_take(arena, POLICY_NODES_MAX, sizeof(*g->node));
	g->edge = arena_take(arena, POLICY_EDGES_MAX, sizeof(*g->edge));
	if (!g->node || !g->edge)
		return false;
	add_node(g, ANY_POLICY);
	return true;
}
