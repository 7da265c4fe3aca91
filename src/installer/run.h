/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order of things for each registry: survey, probe, decide, store,
 * report. Installer only. Holds no rule of its own.
 */
#ifndef INSTALLER_RUN_H
#define INSTALLER_RUN_H

#include "common/job.h"
#include "installer/options.h"

/*
 * Do what OPTIONS ask for every registry and return the exit code. PROBE is
 * called in a child process for each; it writes one report (common/wire.h) to
 * its pipe and does not return. It comes as a pointer because the installer
 * knows nothing of the probe but this.
 */
int run_registries(const struct options *options,
		   void (*probe)(const struct job *job, int pipe_fd));

#endif
