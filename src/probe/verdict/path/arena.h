/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One bounded block of memory that the caller owns, handed out from the front
 * and given back by setting `used` to what it was. Probe process.
 */
#ifndef VERDICT_ARENA_H
#define VERDICT_ARENA_H

#include <stdalign.h>

#include "common/bytes.h"

struct arena {
	uint8_t *base; /* aligned for any type */
	size_t size, used;
};

/* COUNT elements of SIZE bytes, not cleared, or NULL if they do not fit. */
static inline void *arena_take_raw(struct arena *a, size_t count, size_t size)
{
	size_t start = (a->used + alignof(max_align_t) - 1) &
		       ~(alignof(max_align_t) - 1);

	if (start > a->size || (size && count > (a->size - start) / size))
		return NULL;
	a->used = start + count * size;
	return a->base + start;
}

/* The same, zeroed. */
static inline void *arena_take(struct arena *a, size_t count, size_t size)
{
	void *taken = arena_take_raw(a, count, size);

	if (taken && count)
		memset(taken, 0, count * size);
	return taken;
}

#endif
