/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One pass of a round: what happens before each probe's fork, in it, and when
 * it has ended. Installer only.
 */
#ifndef INSTALLER_PASS_H
#define INSTALLER_PASS_H

#include "installer/round.h"

/*
 * Ask the tasks of ROUND's pass. Each is reported, or due again. ERR_STOPPED
 * when a signal ended it, ERR_PROBE or ERR_MEMORY when no probe can start.
 */
MUST_CHECK enum err pass_run(struct round *round, struct failure *f);

#endif
