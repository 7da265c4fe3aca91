/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the fork to a program of its own. A forked child has all that its parent
 * has ever read: other registries' names, certificates, pins and reports, the
 * environment. So it executes the binary once more, with its own job and
 * nothing else; with that come addresses and a stack protector of its own.
 */
#ifndef PROBE_LAUNCH_H
#define PROBE_LAUNCH_H

#include "common/job.h"

/*
 * In the child, right after the fork: execute this program again, without
 * environment, to run the probe of JOB, which reports to PIPE_FD. Never
 * returns; where that fails the report says why.
 */
_Noreturn void launch_probe(const struct job *job, int pipe_fd);

/* First thing in main: where launch_probe has started this process, run the
 * probe and never return. */
void launch_continue(int argc, char *const argv[]);

#endif
