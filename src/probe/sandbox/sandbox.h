/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Takes from the probe all that it does not need, in two steps around the
 * connecting. Probe process; this folder alone speaks to the kernel about
 * confinement.
 */
#ifndef PROBE_SANDBOX_H
#define PROBE_SANDBOX_H

#include "common/error.h"

enum sandbox_missing {
	SANDBOX_NO_LANDLOCK = 1 << 0 /* kernel before 5.13, or switched off */
};

/*
 * First step, before DNS: no descriptor but KEEP_FD, and 0, 1, 2 are /dev/null;
 * no new privileges, no core dump, no ptrace; nobody's user, no group and no
 * capability (see parts.h for where the kernel does not let it); limits on
 * memory, processor time and processes, and no growing of files; Landlock
 * leaves nothing of the file system but reading /etc/hosts, /etc/resolv.conf
 * and what they link to, and of TCP the connecting; a system call that
 * resolving and dialling do not need kills the process: no other process, no
 * program, no memory that is code, no socket but TCP's and UDP's.
 *
 * What it leaves: sending to any address, which DNS and the dialling need, and
 * which no table of system calls can tell apart.
 *
 * ERR_SANDBOX when the kernel refuses one of these although it has it.
 * *MISSING gets flags of enum sandbox_missing for what it does not have.
 */
MUST_CHECK enum err sandbox_enter(int keep_fd, unsigned *missing,
				  struct failure *f);

/*
 * Second step, connected and before the first byte from the peer: no file, no
 * new descriptor, no socket, no address to send to; a system call that is not
 * in the table, or has other arguments, kills the process. Cannot be undone.
 * Errors as above; seccomp is never optional.
 */
MUST_CHECK enum err sandbox_seal(unsigned *missing, struct failure *f);

#endif
