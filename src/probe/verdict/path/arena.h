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

/* COUNT zeroed elements of SIZE bytes, or NULL if they do not fit. */
static inline void *arena_take(struct arena *a, size_t count, size_t size)
{
	size_t start = (a->used + alignof(max_align_t) - 1) &
		       ~(alignof(max_align_t) - 1);
	uint8_t *taken;

	if (start > a->size || (size && count > (a->size - start) / size))
		return NULL;
	taken = a->base + start;
	a->used = start + count * size;
	if (count)
		memset(taken, 0, count * size);
	return taken;
}

#endif
