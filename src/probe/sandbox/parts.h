/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of the sandbox that have a file of their own; for sandbox.c only.
 * Probe process.
 */
#ifndef PROBE_SANDBOX_PARTS_H
#define PROBE_SANDBOX_PARTS_H

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "common/error.h"

/* AddressSanitizer reserves terabytes and makes calls of its own; a build
 * with it is for tests and keeps everything else. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

/* Fill F with ERR_SANDBOX, WHAT was refused and errno's text; return it. */
static inline enum err sandbox_fail(struct failure *f, const char *what)
{
	return failure_set(f, ERR_SANDBOX,
			   "the kernel refused to confine the probe (%s: %s)",
			   what, strerror(errno));
}

/*
 * Close every descriptor but KEEP_FD, and put in the place of 0, 1 and 2 what
 * reads as empty and cannot be a terminal.
 */
MUST_CHECK enum err sandbox_descriptors(int keep_fd, struct failure *f);

/*
 * Become nobody, without groups and capabilities. Where root may not change
 * its user (--cap-drop ALL, a user namespace without that user), or where the
 * installer could then not kill the process any more (no CAP_KILL), it stays
 * the user it was, without capabilities all the same.
 */
MUST_CHECK enum err sandbox_become_nobody(struct failure *f);

/*
 * Landlock: leave reading of the two files that the resolver reads, and
 * connecting by TCP; IS_SEALED neither. A kernel without Landlock is noted in
 * *MISSING.
 */
MUST_CHECK enum err sandbox_landlock(bool is_sealed, unsigned *missing,
				     struct failure *f);

/* seccomp: kill the process at any system call that is not in the step's table,
 * or that has other arguments than it says. */
MUST_CHECK enum err sandbox_seccomp(bool is_sealed, struct failure *f);

#endif
