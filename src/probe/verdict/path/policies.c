/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificate policies over a finished chain, RFC 9618. Probe process.
 */
#include "probe/verdict/path/policies.h"

#include "probe/verdict/x509/oid.h"

/* Nodes of the graph of one chain; real chains have a few. */
#define NODES_MAX 4096
/* Edges from a node to its parents, all nodes together. */
#define EDGES_MAX 16384

/*
 * A policy that is valid at one depth. The policies expected of the next
 * certificate are the policy itself or, after a mapping, the subjects of the
 * mappings from it in MAPPINGS.
 */
struct node {
	struct bytes policy;
	struct bytes mappings; /* empty: expects its own policy */
	uint32_t first_parent, parents;
	uint32_t children;
	bool alive;
};

struct graph {
	struct node *node;
	uint32_t *edge; /* indexes of parents */
	uint32_t nodes, edges;
	uint32_t above, here; /* first nodes of the last two depths */
	uint32_t steps;
	bool exists; /* it can become null, for good */
	bool spent;
};

static const struct bytes ANY_POLICY = {(const uint8_t *)OID_ANY_POLICY,
					sizeof(OID_ANY_POLICY) - 1};

static bool same(struct graph *g, struct bytes a, struct bytes b)
{
	if (g->steps == 0)
		g->spent = true;
	else
		g->steps--;
	return bytes_equal(a, b);
}

static bool is_any(struct graph *g, const struct node *n)
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
static bool expects(struct graph *g, const struct node *n, struct bytes policy)
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
static struct node *find(struct graph *g, uint32_t from, uint32_t end,
			 struct bytes policy)
{
	for (uint32_t i = from; i < end; i++)
		if (g->node[i].alive && same(g, g->node[i].policy, policy))
			return &g->node[i];
	return NULL;
}

static struct node *add_node(struct graph *g, struct bytes policy)
{
	if (g->nodes == NODES_MAX) {
		g->spent = true;
		return NULL;
	}
	g->node[g->nodes] = (struct node){
		.policy = policy, .first_parent = g->edges, .alive = true};
	return &g->node[g->nodes++];
}

static void add_parent(struct graph *g, struct node *n, uint32_t parent)
{
	if (g->edges == EDGES_MAX) {
		g->spent = true;
		return;
	}
	g->edge[g->edges++] = parent;
	g->node[parent].children++;
	n->parents++;
}

/* Kill N and take it from its parents. */
static void drop(struct graph *g, struct node *n)
{
	n->alive = false;
	for (uint32_t i = 0; i < n->parents; i++)
		g->node[g->edge[n->first_parent + i]].children--;
}

/* RFC 9618: nodes above the last depth need children. Go spares the root. */
static void prune(struct graph *g)
{
	for (uint32_t i = g->here; i-- > 1;)
		if (g->node[i].alive && !g->node[i].children)
			drop(g, &g->node[i]);
}

/* Add POLICY below all nodes above that expect it. False: none does. */
static bool add_expected(struct graph *g, struct bytes policy)
{
	struct node *n = NULL;

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
static void add_policies(struct graph *g, struct bytes policies, bool *any)
{
	struct bytes id;
	struct node *parent, *n;

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

static void add_missing(struct graph *g, struct bytes policy)
{
	if (!find(g, g->here, g->nodes, policy))
		add_expected(g, policy);
}

/* 6.1.3 (d) (2): anyPolicy stands for everything that is expected. */
static void add_any(struct graph *g)
{
	for (uint32_t i = g->above; i < g->here && !g->spent; i++) {
		const struct node *n = &g->node[i];
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

/* 6.1.4 (b) (3): without mapping, mapped policies end here. */
static void drop_mapped(struct graph *g, struct bytes mappings)
{
	struct bytes issuer, subject;

	while (next_mapping(&mappings, &issuer, &subject) && !g->spent) {
		struct node *n = find(g, g->here, g->nodes, issuer);

		if (n)
			drop(g, n);
	}
	prune(g);
}

/* 6.1.4 (b) (1) and (2). False: a mapping from or to anyPolicy. */
static bool map(struct graph *g, struct bytes mappings)
{
	struct bytes in = mappings, issuer, subject;

	while (next_mapping(&in, &issuer, &subject))
		if (same(g, issuer, ANY_POLICY) || same(g, subject, ANY_POLICY))
			return false;
	prune(g);
	in = mappings;
	while (next_mapping(&in, &issuer, &subject) && !g->spent) {
		struct node *n = find(g, g->here, g->nodes, issuer);
		struct node *any = find(g, g->here, g->nodes, ANY_POLICY);

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

/* The counters of RFC 5280 6.1.2 (d) to (f). */
struct counters {
	int64_t inhibit_any, explicit_policy, mapping;
};

static void descend(int64_t *counter)
{
	if (*counter > 0)
		--*counter;
}

static void lower(int64_t *counter, int64_t limit)
{
	if (limit >= 0 && limit < *counter)
		*counter = limit;
}

/* 6.1.4 (h) to (j). */
static void count_down(struct counters *k, const struct certificate *c)
{
	if (!certificate_is_self_issued(c)) {
		descend(&k->explicit_policy);
		descend(&k->mapping);
		descend(&k->inhibit_any);
	}
	lower(&k->explicit_policy, c->require_explicit_policy);
	lower(&k->mapping, c->inhibit_mapping);
	lower(&k->inhibit_any, c->inhibit_any);
}

/* 6.1.3 (d) to (f) and 6.1.4 (b) for one certificate. */
static bool extend(struct graph *g, const struct counters *k,
		   const struct certificate *c, bool last)
{
	bool any;

	g->above = g->here;
	g->here = g->nodes;
	add_policies(g, c->policies, &any);
	if (any &&
	    (k->inhibit_any > 0 || (!last && certificate_is_self_issued(c))))
		add_any(g);
	prune(g);
	if (last || !c->mappings.len)
		return true;
	if (k->mapping > 0)
		return map(g, c->mappings);
	drop_mapped(g, c->mappings);
	return true;
}

/* 6.1.5 (g): is any policy left? */
static bool has_policy(struct graph *g)
{
	if (!g->exists)
		return false;
	if (find(g, g->here, g->nodes, ANY_POLICY))
		return true;
	for (uint32_t i = 0; i < g->nodes && !g->spent; i++) {
		const struct node *n = &g->node[i];

		if (n->alive && n->parents == 1 && !is_any(g, n) &&
		    is_any(g, &g->node[g->edge[n->first_parent]]))
			return true;
	}
	return false;
}

static bool is_valid(struct graph *g, const struct certificate *const *chain,
		     size_t len)
{
	int64_t n = (int64_t)len - 1;
	struct counters k = {n + 1, n + 1, n + 1};

	for (size_t i = len - 1; i-- > 0 && !g->spent;) {
		const struct certificate *c = chain[i];

		if (!c->policies.len)
			g->exists = false;
		if (k.explicit_policy == 0 && !g->exists)
			return false;
		if (g->exists && !extend(g, &k, c, i == 0))
			return false;
		if (i != 0)
			count_down(&k, c);
	}
	descend(&k.explicit_policy);
	if (chain[0]->require_explicit_policy == 0)
		k.explicit_policy = 0;
	return k.explicit_policy != 0 || has_policy(g);
}

static bool says_nothing(const struct certificate *const *chain, size_t len)
{
	for (size_t i = 0; i + 1 < len; i++)
		if (chain[i]->require_explicit_policy >= 0 ||
		    chain[i]->mappings.len)
			return false;
	return true;
}

/* see policies.h */
enum policies_result policies_check(const struct certificate *const *chain,
				    size_t len, struct arena *arena)
{
	size_t used = arena->used;
	struct graph g = {.steps = POLICY_STEPS_MAX, .exists = true};
	bool valid;

	/* Only an explicit policy or a bad mapping can make it invalid. */
	if (len == 1 || says_nothing(chain, len))
		return POLICIES_VALID;
	g.node = arena_take(arena, NODES_MAX, sizeof(*g.node));
	g.edge = arena_take(arena, EDGES_MAX, sizeof(*g.edge));
	if (!g.node || !g.edge)
		return POLICIES_UNCHECKED;
	add_node(&g, ANY_POLICY);
	valid = is_valid(&g, chain, len);
	arena->used = used;
	return g.spent ? POLICIES_UNCHECKED
	       : valid ? POLICIES_VALID
		       : POLICIES_INVALID;
}
