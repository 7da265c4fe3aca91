/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The slots of one run of the supervisor, and who may start when; for
 * supervise.c only.
 */
#ifndef INSTALLER_POOL_H
#define INSTALLER_POOL_H

#include "installer/slot.h"

struct pool {
	const struct supervise_plan *plan;
	struct slot *slots;
	size_t parallel;
	size_t next_task;
	/* Since when nothing could be started while nothing runs, or 0; why. */
	int64_t stuck_ms;
	int stuck_error;
};

/* How many slots are in STATE. */
size_t pool_count(const struct pool *pool, enum slot_state state);

/* What the installer has done since SINCE_MS of clock_ms(), on a slow disk
 * perhaps, is not taken from the time of the probes that run: one may have
 * waited to have its pipe read. */
void pool_give_back(struct pool *pool, int64_t since_ms);

/* Has the plan's signal come? To be asked before each thing that a slow disk
 * may draw out. */
bool pool_is_stopped(const struct pool *pool);

/* ERR_MEMORY or ERR_PROBE, with the reason, where nothing could be started for
 * START_PATIENCE_MS while nothing ran. */
MUST_CHECK enum err pool_check(const struct pool *pool, struct failure *f);

/* Start what may be started. Returns when there will be more to start, as
 * clock_ms() has it. */
int64_t pool_fill(struct pool *pool);

#endif
