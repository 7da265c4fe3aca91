/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which task gets which slot, and when; see pool.h.
 */
#include "installer/pool.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "common/clock.h"
#include "common/limits.h"

/* see pool.h */
size_t pool_count(const struct pool *pool, enum slot_state state)
{
	size_t count = 0;

	for (size_t i = 0; i < pool->parallel; i++)
		count += pool->slots[i].state == state;
	return count;
}

/* see pool.h */
void pool_give_back(struct pool *pool, int64_t since_ms)
{
	int64_t lost_ms = clock_ms() - since_ms;

	for (size_t i = 0; i < pool->parallel; i++)
		if (pool->slots[i].state == SLOT_RUNNING)
			pool->slots[i].deadline_ms += lost_ms;
}

/* see pool.h */
bool pool_is_stopped(const struct pool *pool)
{
	int fd = pool->plan->stop_fd;
	struct pollfd stop = {fd ? fd : -1, POLLIN, 0};

	return poll(&stop, 1, 0) > 0;
}

/* A probe that is older than that waits for its peer, and costs nothing. */
static size_t count_young(const struct pool *pool, int64_t *until_ms)
{
	size_t count = 0;

	*until_ms = INT64_MAX;
	for (size_t i = 0; i < pool->parallel; i++) {
		const struct slot *slot = &pool->slots[i];
		int64_t end_ms = slot->start_ms + PROBE_YOUNG_MS;

		if (slot->state != SLOT_RUNNING || end_ms <= clock_ms())
			continue;
		count++;
		if (end_ms < *until_ms)
			*until_ms = end_ms;
	}
	return count;
}

/* Begin the next task that needs a probe; false when there is none. */
static bool begin_next(struct pool *pool, size_t index)
{
	const struct supervise_plan *plan = pool->plan;
	struct slot *slot = &pool->slots[index];
	int64_t since_ms = clock_ms();

	while (slot->state == SLOT_FREE && pool->next_task < plan->task_count &&
	       !pool_is_stopped(pool)) {
		slot->task = pool->next_task++;
		if (plan->begin(plan->context, slot->task, index))
			slot->state = SLOT_BEGUN;
	}
	pool_give_back(pool, since_ms);
	return slot->state == SLOT_BEGUN;
}

static void note_stuck(struct pool *pool, int error)
{
	pool->stuck_error = error;
	if (pool_count(pool, SLOT_RUNNING))
		pool->stuck_ms = 0;
	else if (!pool->stuck_ms)
		pool->stuck_ms = clock_ms();
}

/* see pool.h */
enum err pool_check(const struct pool *pool, struct failure *f)
{
	int error = pool->stuck_error;

	if (!pool->stuck_ms || clock_ms() - pool->stuck_ms < START_PATIENCE_MS)
		return ERR_OK;
	return failure_set(f, error == ENOMEM ? ERR_MEMORY : ERR_PROBE,
			   "cannot start a probe: %s", strerror(error));
}

/* see pool.h */
int64_t pool_fill(struct pool *pool)
{
	int64_t until_ms = INT64_MAX;

	for (size_t i = 0; i < pool->parallel; i++) {
		struct slot *slot = &pool->slots[i];

		if (slot->state != SLOT_FREE && slot->state != SLOT_BEGUN)
			continue;
		if (count_young(pool, &until_ms) >= PROBES_YOUNG_MAX)
			return until_ms;
		if (slot->state == SLOT_FREE && !begin_next(pool, i))
			continue;
		if (!slot_start(slot, pool->plan, i)) {
			note_stuck(pool, errno);
			return clock_ms() + START_RETRY_MS;
		}
		pool->stuck_ms = 0;
	}
	return INT64_MAX;
}
