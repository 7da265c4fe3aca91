/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One place for a probe: its process, its pipe, and the bytes that came out of
 * it. For supervise.c and pool.c only; the one file that forks, kills and
 * waits.
 */
#ifndef INSTALLER_SLOT_H
#define INSTALLER_SLOT_H

#include <sys/types.h>

#include "installer/supervise.h"

enum slot_state {
	SLOT_FREE,
	SLOT_BEGUN,   /* the task has begun, its process could not start yet */
	SLOT_RUNNING, /* PID and FD are valid */
	SLOT_HELD     /* it has ended; whoever wants RESULT takes it later */
};

struct slot {
	enum slot_state state;
	pid_t pid;
	int fd;
	size_t task;
	int64_t start_ms;    /* of clock_ms() */
	int64_t deadline_ms; /* while it runs */
	int64_t again_ms;    /* while it is held */
	struct supervise_result result;
	size_t len;
	/* One byte more than a frame may have shows that there was more. */
	uint8_t buffer[FRAME_BYTES_MAX + 1];
};

enum slot_news { SLOT_NOTHING, SLOT_END, SLOT_OVERFLOW, SLOT_BROKEN };

/* Fork the probe of SLOT's task, as PLAN says it is done for slot INDEX. False
 * with errno set when there is no process, descriptor or memory for it. */
bool slot_start(struct slot *slot, const struct supervise_plan *plan,
		size_t index);

/* Read all that is in the pipe now, without waiting. */
enum slot_news slot_drain(struct slot *slot);

/* Kill the probe and wait for it; its exit status, as of waitpid(2). */
int slot_reap(struct slot *slot);

#endif
