/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Has a signal come that ends the run? For loops of the installer that cannot
 * wait for it on a descriptor.
 */
#ifndef COMMON_STOP_H
#define COMMON_STOP_H

#include <signal.h>
#include <stdbool.h>

/* Is SIGTERM or SIGINT pending? Blocked they stay so until they are taken;
 * where they are not blocked they never are. */
static inline bool stop_is_pending(void)
{
	sigset_t pending;

	return !sigpending(&pending) && (sigismember(&pending, SIGTERM) ||
					 sigismember(&pending, SIGINT));
}

#endif
