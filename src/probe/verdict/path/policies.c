/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The counters of RFC 5280 6.1 beside the graph of RFC 9618.
 */
#include "probe/verdict/path/policies.h"

#include "probe/verdict/path/policy_graph.h"

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
static bool extend(struct policy_graph *g, const struct counters *k,
		   const struct certificate *c, bool last)
{
	policy_graph_descend(g, c->policies,
			     k->inhibit_any > 0 ||
				     (!last && certificate_is_self_issued(c)));
	if (last || !c->mappings.len)
		return true;
	if (k->mapping > 0)
		return policy_graph_map(g, c->mappings);
	policy_graph_drop_mapped(g, c->mappings);
	return true;
}

static bool is_valid(struct policy_graph *g,
		     const struct certificate *const *chain, size_t len)
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
	return k.explicit_policy != 0 || policy_graph_has_policy(g);
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
	struct policy_graph g;
	bool valid;

	/* Only an explicit policy or a bad mapping can make it invalid. */
	if (len == 1 || says_nothing(chain, len))
		return POLICIES_VALID;
	if (!policy_graph_open(&g, arena)) {
		arena->used = used;
		return POLICIES_UNCHECKED;
	}
	valid = is_valid(&g, chain, len);
	arena->used = used;
	return g.spent ? POLICIES_UNCHECKED
	       : valid ? POLICIES_VALID
		       : POLICIES_INVALID;
}
