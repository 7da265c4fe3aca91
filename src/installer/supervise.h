/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs one probe process for each task, some at a time, each with a pipe, a
 * fixed buffer and a deadline that begins when it starts. Installer only.
 * Knows nothing of what the bytes mean.
 */
#ifndef INSTALLER_SUPERVISE_H
#define INSTALLER_SUPERVISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/error.h"

/* What became of one probe. */
struct supervise_result {
	/* ERR_OK: the probe wrote FRAME, closed the pipe and exited with 0.
	 * ERR_TIMEOUT: it was killed at the deadline.
	 * ERR_LIMIT: it wrote more than a frame can hold.
	 * ERR_PROBE: it ended by a signal or with another status. */
	enum err code;
	int signal;	    /* that ended it, or 0 */
	struct bytes frame; /* all it wrote; valid until done returns */
	/* done may set it: to be called again with the same result after so
	 * many milliseconds, because something is busy. Meanwhile the task
	 * keeps its slot, and all others go on. */
	int64_t *later_ms;
};

/* What is running. */
struct supervise_view {
	/* The first task that has begun less than PROBE_YOUNG_MS ago and is not
	 * done; task_count where there is none. */
	size_t first_young;
	/* The running one that has begun first, and when by clock_ms();
	 * task_count where none runs. */
	size_t oldest;
	int64_t oldest_ms;
};

/*
 * Callbacks get CONTEXT, the index of the task and the slot (0 .. parallel-1)
 * that the task holds from begin to done, for memory of the caller's own.
 */
struct supervise_plan {
	size_t task_count;
	size_t parallel; /* slots; more than PROBES_MAX count as that */
	int64_t timeout_ms;
	int stop_fd; /* readable: kill all probes and return; 0: none */
	void *context;
	/* In the parent, before the fork. False: the task is over already and
	 * no probe runs. */
	bool (*begin)(void *context, size_t task, size_t slot);
	/* In the child: write a frame to PIPE_FD and _exit(0). */
	void (*probe)(void *context, size_t task, size_t slot, int pipe_fd);
	/* In the parent, when the probe has ended, however it did. The time
	 * that it takes is not taken from the probes that run. */
	void (*done)(void *context, size_t task, size_t slot,
		     const struct supervise_result *result);
	/* In the parent, in each turn of the loop, and when a task is no longer
	 * young; or NULL. Returns when to come back at the latest, of
	 * clock_ms(), or INT64_MAX. */
	int64_t (*tick)(void *context, const struct supervise_view *view);
};

/* The slots for so many TASKS under a limit of MEMORY bytes on all processes
 * together (INT64_MAX: none): at least one. */
size_t supervise_parallel(size_t tasks, int64_t memory);

/*
 * Run all tasks of PLAN and return when the last one is done. Whatever a probe
 * does (hang, garbage, flood, crash) costs its own task only. At most
 * PROBES_YOUNG_MAX are younger than PROBE_YOUNG_MS: older ones wait for their
 * peers and cost nothing, so that dead registries hold up no other. What is in
 * the pipe is read before a deadline is judged.
 *
 * A limit on processes, descriptors or memory means fewer at a time. Where not
 * even one can be started for START_PATIENCE_MS: ERR_MEMORY or ERR_PROBE, with
 * the reason; ERR_MEMORY at once where there is no room for one slot.
 * ERR_STOPPED when stop_fd became readable. Tasks that were not done then are
 * not, and no probe is left in any case.
 */
MUST_CHECK enum err supervise_run(const struct supervise_plan *plan,
				  struct failure *f);

#endif
