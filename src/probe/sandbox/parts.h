/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of the sandbox that have a file of their own; for sandbox.c only.
 * Probe process.
 */
#ifndef PROBE_SANDBOX_PARTS_H
#define PROBE_SANDBOX_PARTS_H

#include <stdbool.h>

#include "common/error.h"

/* AddressSanitizer reserves terabytes and makes calls of its own; a build
 * with it is for tests and keeps everything else. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

/* Fill F with ERR_SANDBOX, WHAT was refused and errno's text; return it. */
enum err sandbox_fail(struct failure *f, const char *what);

/*
 * Landlock: leave reading of what DNS needs below /etc, and connecting by TCP;
 * SEALED neither. A kernel without Landlock is noted in *MISSING.
 */
MUST_CHECK enum err sandbox_landlock(bool sealed, unsigned *missing,
				     struct failure *f);

/* seccomp: kill the process at any system call that is not in the table. */
MUST_CHECK enum err sandbox_seccomp(struct failure *f);

#endif
