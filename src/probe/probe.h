/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The probe's life, in order. This is the whole of what the child process
 * does; see SECURITY.md for what it may and may not.
 */
#ifndef PROBE_PROBE_H
#define PROBE_PROBE_H

#include "common/job.h"

/*
 * Confine, resolve, connect, seal, shake hands, judge, or what of it JOB's kind
 * needs; tell each phase and then one report to PIPE_FD, and exit with status
 * 0. Exits with 1 when not even a report could be written. Never returns.
 */
_Noreturn void probe_run(const struct job *job, int pipe_fd);

/* The end of a probe that cannot begin, because WHAT failed with ERROR, an
 * errno: a report to PIPE_FD that says so, ERR_MEMORY or ERR_SANDBOX. */
_Noreturn void probe_give_up(int pipe_fd, int error, const char *what);

#endif
