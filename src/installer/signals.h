/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signals as descriptors, so that they end a wait instead of racing with it,
 * and so that they also work as process 1, for which the kernel drops signals
 * without a handler. Installer only.
 */
#ifndef INSTALLER_SIGNALS_H
#define INSTALLER_SIGNALS_H

#include <stdint.h>

#include "common/error.h"

struct signals {
	int stop_fd;   /* readable after SIGTERM or SIGINT */
	int repeat_fd; /* readable after SIGHUP */
};

enum signals_event { SIGNALS_TIMEOUT, SIGNALS_REPEAT, SIGNALS_STOP };

/* Block the three signals and open their descriptors, which are closed with
 * the process; make mere errors of SIGXFSZ and SIGPIPE; and take back that
 * SIGCHLD is ignored, as a shell may leave it (trap '' CHLD): the kernel would
 * keep no child for slot_reap, and give its number to another process.
 * ERR_PROBE when the kernel has no descriptors to give. */
MUST_CHECK enum err signals_open(struct signals *out, struct failure *f);

/* Wait up to MS milliseconds for a signal. A SIGHUP is taken, a stop stays
 * for signals_stop_status. */
enum signals_event signals_wait(const struct signals *s, int64_t ms);

/* The exit status of a process that the stop signal ended, as shells give it:
 * 128 and its number; 0 when there was none. */
int signals_stop_status(const struct signals *s);

#endif
