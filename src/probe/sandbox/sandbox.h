/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Takes from the probe all that it does not need, in two steps around the
 * connecting. Probe process; the only file that speaks to the kernel about
 * confinement.
 */
#ifndef PROBE_SANDBOX_H
#define PROBE_SANDBOX_H

#include "common/error.h"

enum sandbox_missing {
	SANDBOX_NO_LANDLOCK = 1 << 0 /* kernel before 5.13, or switched off */
};

/*
 * First step, before DNS: close every descriptor from 3 on but KEEP_FD; no new
 * privileges; no core dump, no ptrace; no growing of files; limits on memory
 * and processes; Landlock leaves nothing of the file system but reading below
 * /etc, and what hosts and resolv.conf there link to. Sockets still work.
 *
 * What it does not do yet: root stays root here, for whom RLIMIT_NPROC does not
 * count and chmod is no matter of Landlock. Nothing is read in this step but
 * DNS answers.
 *
 * ERR_SANDBOX when the kernel refuses one of these although it has it.
 * *MISSING gets flags of enum sandbox_missing for what it does not have.
 */
MUST_CHECK enum err sandbox_enter(int keep_fd, unsigned *missing,
				  struct failure *f);

/*
 * Second step, connected and before the first byte from the peer: no file, no
 * new descriptor, no socket, no other process, no other user than nobody
 * (where setuid works), no capability; a system call that is not in the table
 * kills the process. Cannot be undone. Errors as above; seccomp is never
 * optional.
 */
MUST_CHECK enum err sandbox_seal(unsigned *missing, struct failure *f);

#endif
