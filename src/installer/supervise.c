/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When a probe begins, is read, is late, and is handed over; see supervise.h.
 */
#include "installer/supervise.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "common/clock.h"
#include "common/limits.h"
#include "installer/pool.h"

static bool is_over(const struct pool *pool)
{
	return pool->next_task == pool->plan->task_count &&
	       pool_count(pool, SLOT_FREE) == pool->parallel;
}

/* Hand over what became of a probe, and keep it where it is wanted later. */
static void deliver(struct pool *pool, size_t index)
{
	const struct supervise_plan *plan = pool->plan;
	struct slot *slot = &pool->slots[index];
	int64_t since_ms = clock_ms();
	int64_t later_ms = 0;

	slot->state = SLOT_HELD;
	slot->result.later_ms = &later_ms;
	plan->done(plan->context, slot->task, index, &slot->result);
	if (later_ms <= 0)
		slot->state = SLOT_FREE;
	slot->again_ms = clock_ms() + later_ms;
	pool_give_back(pool, since_ms);
}

static void finish(struct pool *pool, size_t index, enum err code)
{
	struct slot *slot = &pool->slots[index];
	struct supervise_result *result = &slot->result;
	int status = slot_reap(slot);

	*result = (struct supervise_result){.code = code};
	if (code == ERR_OK && WIFSIGNALED(status))
		result->signal = WTERMSIG(status);
	if (code == ERR_OK && status != 0)
		result->code = ERR_PROBE;
	result->frame = (struct bytes){slot->buffer, slot->len};
	deliver(pool, index);
}

/* Everything in the pipe counts before the time does: whoever read too late
 * was not the probe. */
static void look_at(struct pool *pool, size_t index)
{
	struct slot *slot = &pool->slots[index];

	switch (slot_drain(slot)) {
	case SLOT_NOTHING:
		if (clock_ms() >= slot->deadline_ms)
			finish(pool, index, ERR_TIMEOUT);
		break;
	case SLOT_END:
		finish(pool, index, ERR_OK);
		break;
	case SLOT_OVERFLOW:
		finish(pool, index, ERR_LIMIT);
		break;
	case SLOT_BROKEN:
		finish(pool, index, ERR_PROBE);
		break;
	}
}

static int64_t next_event_ms(const struct pool *pool)
{
	int64_t nearest = INT64_MAX;

	for (size_t i = 0; i < pool->parallel; i++) {
		const struct slot *slot = &pool->slots[i];
		int64_t at = INT64_MAX;

		if (slot->state == SLOT_RUNNING)
			at = slot->deadline_ms;
		if (slot->state == SLOT_HELD)
			at = slot->again_ms;
		if (at < nearest)
			nearest = at;
	}
	return nearest;
}

/* Wait for a pipe, a signal or UNTIL_MS. */
static enum err wait_once(struct pool *pool, int64_t until_ms,
			  struct failure *f)
{
	struct pollfd fds[PROBES_MAX + 1];
	int stop_fd = pool->plan->stop_fd;
	nfds_t count = 0;

	/* No more than are open: the limit on descriptors is one on these. */
	fds[count++] = (struct pollfd){stop_fd ? stop_fd : -1, POLLIN, 0};
	for (size_t i = 0; i < pool->parallel; i++)
		if (pool->slots[i].state == SLOT_RUNNING)
			fds[count++] =
				(struct pollfd){pool->slots[i].fd, POLLIN, 0};
	if (poll(fds, count, clock_wait_ms(until_ms)) < 0) {
		/* The kernel may have memory to wait in a moment; none is
		 * needed to wait for no descriptor. */
		if (errno == ENOMEM || errno == EAGAIN)
			(void)poll(NULL, 0, START_RETRY_MS);
		if (errno == EINTR || errno == ENOMEM || errno == EAGAIN)
			return ERR_OK;
		return failure_set(f, ERR_PROBE, "cannot wait for probes: %s",
				   strerror(errno));
	}
	return ERR_OK;
}

/* True where it may have taken long. */
static bool serve(struct pool *pool, size_t index)
{
	const struct slot *slot = &pool->slots[index];

	if (slot->state == SLOT_RUNNING)
		look_at(pool, index);
	else if (slot->state == SLOT_HELD && clock_ms() >= slot->again_ms)
		deliver(pool, index);
	else
		return false;
	return slot->state != SLOT_RUNNING;
}

/* Many ends at once are many turns at the disk. */
static enum err serve_all(struct pool *pool, struct failure *f)
{
	bool is_stopped = pool_is_stopped(pool);

	for (size_t i = 0; i < pool->parallel && !is_stopped; i++)
		is_stopped = serve(pool, i) && pool_is_stopped(pool);
	return is_stopped ? failure_set(f, ERR_STOPPED, "stopped by a signal")
			  : ERR_OK;
}

static int64_t earlier(int64_t a_ms, int64_t b_ms)
{
	return a_ms < b_ms ? a_ms : b_ms;
}

/* Call the plan's tick; returns when the next is due. */
static int64_t tick(struct pool *pool)
{
	struct supervise_view view = {.first_young = pool->plan->task_count,
				      .oldest = pool->plan->task_count};
	int64_t since_ms = clock_ms();
	int64_t until_ms = INT64_MAX;

	if (!pool->plan->tick)
		return INT64_MAX;
	for (size_t i = 0; i < pool->parallel; i++) {
		const struct slot *slot = &pool->slots[i];
		int64_t end_ms = slot->start_ms + PROBE_YOUNG_MS;

		if (slot->state != SLOT_RUNNING && slot->state != SLOT_HELD)
			continue;
		if (view.oldest == pool->plan->task_count ||
		    slot->start_ms < view.oldest_ms) {
			view.oldest = slot->task;
			view.oldest_ms = slot->start_ms;
		}
		if (end_ms <= clock_ms())
			continue;
		until_ms = earlier(until_ms, end_ms);
		if (slot->task < view.first_young)
			view.first_young = slot->task;
	}
	until_ms =
		earlier(until_ms, pool->plan->tick(pool->plan->context, &view));
	pool_give_back(pool, since_ms);
	return until_ms;
}

/* One turn of the loop. */
static enum err step(struct pool *pool, struct failure *f)
{
	int64_t until_ms = pool_fill(pool);
	enum err err;

	until_ms = earlier(until_ms, next_event_ms(pool));
	until_ms = earlier(until_ms, tick(pool));
	err = pool_check(pool, f);
	if (err != ERR_OK || is_over(pool))
		return err;
	err = wait_once(pool, until_ms, f);
	return err == ERR_OK ? serve_all(pool, f) : err;
}

/* Zeroed memory that no child inherits, and that is there only as far as probes
 * write. Fewer slots where the limit on memory allows no more. */
static bool allocate(struct pool *pool)
{
	while (pool->parallel) {
		size_t size = pool->parallel * sizeof(*pool->slots);

		pool->slots = mmap(NULL, size, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (pool->slots != MAP_FAILED) {
			/* A kernel may have no advice to take; what executes
			 * another program has none of it either way. */
			(void)madvise(pool->slots, size, MADV_DONTFORK);
			return true;
		}
		pool->parallel /= 2;
	}
	return false;
}

/* see supervise.h */
size_t supervise_parallel(size_t tasks, int64_t memory)
{
	int64_t room = (memory - INSTALLER_COST_BYTES) / PROBE_COST_BYTES;
	size_t most = room > PROBES_MAX ? PROBES_MAX : (size_t)room;

	if (room < 1)
		most = 1;
	return tasks < most ? tasks : most;
}

/* see supervise.h */
enum err supervise_run(const struct supervise_plan *plan, struct failure *f)
{
	struct pool pool = {.plan = plan};
	enum err err = ERR_OK;

	pool.parallel =
		plan->parallel < PROBES_MAX ? plan->parallel : PROBES_MAX;
	if (!allocate(&pool))
		return failure_set(f, ERR_MEMORY, "out of memory");
	do
		err = step(&pool, f);
	while (err == ERR_OK && !is_over(&pool));
	for (size_t i = 0; i < pool.parallel; i++)
		if (pool.slots[i].state == SLOT_RUNNING)
			slot_reap(&pool.slots[i]);
	munmap(pool.slots, pool.parallel * sizeof(*pool.slots));
	return err;
}
