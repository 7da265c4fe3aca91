/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/verdict/path/pool.h"

/* see pool.h */
bool pool_open(struct pool *p, size_t room, struct arena *arena)
{
	p->certificate = arena_take(arena, room, sizeof(*p->certificate));
	p->len = 0;
	p->room = room;
	return p->certificate != NULL;
}

/* see pool.h */
bool pool_add(struct pool *p, const struct certificate *c, size_t from)
{
	for (size_t i = from; i < p->len; i++)
		if (bytes_equal(p->certificate[i].der, c->der))
			return true;
	if (p->len == p->room)
		return false;
	p->certificate[p->len++] = *c;
	return true;
}

/* see pool.h */
bool pool_parse(struct pool *p, struct bytes der, struct go_release release,
		struct parsed *parsed)
{
	struct certificate c;
	struct failure ignored;

	if (parsed_read(parsed, der, release, &c, &ignored) != ERR_OK)
		return false;
	pool_add(p, &c, 0);
	return true;
}
