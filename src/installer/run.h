/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order of things for each registry: survey, probe, decide, store,
 * report. Installer only. Holds no rule of its own.
 */
#ifndef INSTALLER_RUN_H
#define INSTALLER_RUN_H

#include "common/job.h"
#include "installer/options/options.h"
#include "installer/report/teller.h"
#include "installer/signals.h"

/*
 * Do what OPTIONS ask for every registry and return the exit code. PROBE is
 * called in a child process for each; it writes one report (common/wire.h) to
 * its pipe and does not return. It comes as a pointer because the installer
 * knows nothing of the probe but this.
 *
 * The file of --registries is read first: where it is none, that is the exit
 * code. With splay_ms the first round begins after a random part of it, at most
 * FIRST_SPLAY_MS. With every_ms, rounds repeat until SIGTERM or SIGINT, which
 * give 0 then and 128 plus their number otherwise; SIGHUP begins a round at
 * once. Each round reads the file of --registries again, into OPTIONS; where it
 * is none any more, the round does nothing but say so. After the first round
 * only what changed is told.
 */
int run_registries(struct options *options,
		   void (*probe)(const struct job *job, int pipe_fd));

/*
 * One round, told by TELLER. ERR_STOPPED when a stop signal of SIGNALS ended
 * it; any other failure that is returned has been reported. *CODE is the exit
 * code of what was done in either case.
 */
enum err run_round(const struct options *options,
		   void (*probe)(const struct job *job, int pipe_fd),
		   const struct signals *signals, struct teller *teller,
		   int *code);

#endif
