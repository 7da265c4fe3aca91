/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pools after each act; see acts.h.
 */
#include "probe/judge/acts.h"

static void add_once(struct acts_pool *p, size_t from, struct bytes der)
{
	for (size_t i = from; i < p->count; i++)
		if (bytes_equal(p->der[i], der))
			return;
	p->der[p->count++] = der;
}

static void add_anchors(const struct outcome *o, struct acts_pool *p,
			size_t from)
{
	for (size_t i = 0; i < o->cert_count; i++)
		if (o->certs[i].flags & WIRE_CERT_ANCHOR)
			add_once(p, from, o->certs[i].der);
}

static bool is_others(const struct material *m, struct bytes der)
{
	for (size_t i = 0; i < m->others.len; i++)
		if (bytes_equal(m->others.certificate[i].der, der))
			return true;
	return false;
}

/* see acts.h */
void acts_fill(const struct material *m, const struct outcome *o,
	       enum wire_act act, struct acts_pool *p)
{
	const struct pool *installed = &m->installed;
	size_t start = m->host_count;
	bool has_new = act == WIRE_KEEP;

	p->count = 0;
	for (size_t i = 0; i < start; i++)
		p->der[p->count++] = m->host[i];
	for (size_t i = 0; i < installed->len; i++) {
		struct bytes der = installed->certificate[i].der;
		bool is_ours = act != WIRE_KEEP && !is_others(m, der);

		if (is_ours && !has_new) {
			add_anchors(o, p, start);
			has_new = true;
		}
		if (act != WIRE_ALONE || !is_ours)
			add_once(p, start, der);
	}
	if (!has_new)
		add_anchors(o, p, start);
}

/* see acts.h */
bool acts_same(const struct acts_pool *a, const struct acts_pool *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!bytes_equal(a->der[i], b->der[i]))
			return false;
	return true;
}
