/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two steps of confinement, in their order; see sandbox.h. The limits are
 * set here.
 */
#include "probe/sandbox/sandbox.h"

#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "common/limits.h"
#include "probe/sandbox/parts.h"

/* Kernel 6.3; the headers of Debian 12 are older. */
#define SET_MDWE	 65
#define REFUSE_EXEC_GAIN 1

static enum err limit(int resource, rlim_t value, const char *name,
		      struct failure *f)
{
	const struct rlimit rl = {value, value};

	/* setrlimit of musl brings what reaches for other threads. */
	return prlimit(0, resource, &rl, NULL) ? sandbox_fail(f, name) : ERR_OK;
}

/* One that is lower already stays: without capabilities none can be raised. */
static enum err limit_to(int resource, rlim_t most, const char *name,
			 struct failure *f)
{
	struct rlimit now;

	if (prlimit(0, resource, NULL, &now))
		return sandbox_fail(f, name);
	return limit(resource, now.rlim_cur < most ? now.rlim_cur : most, name,
		     f);
}

static enum err limit_all(struct failure *f)
{
	enum err err = limit(RLIMIT_CORE, 0, "RLIMIT_CORE", f);

	if (err == ERR_OK)
		err = limit(RLIMIT_FSIZE, 0, "RLIMIT_FSIZE", f);
	if (err == ERR_OK)
		err = limit(RLIMIT_NPROC, 0, "RLIMIT_NPROC", f);
	if (err == ERR_OK)
		err = limit_to(RLIMIT_CPU, PROBE_CPU_SECONDS, "RLIMIT_CPU", f);
	if (err == ERR_OK && !SANITIZED)
		err = limit_to(RLIMIT_AS, PROBE_MEMORY_BYTES, "RLIMIT_AS", f);
	return err;
}

/* see sandbox.h */
enum err sandbox_enter(int keep_fd, unsigned *missing, struct failure *f)
{
	enum err err = sandbox_descriptors(keep_fd, f);

	if (err != ERR_OK)
		return err;
	prctl(PR_SET_NAME, "dtr-trust-probe");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return sandbox_fail(f, "no_new_privs");
	/* Where the kernel is too old, the tables of calls say the same. */
	(void)prctl(SET_MDWE, REFUSE_EXEC_GAIN, 0, 0, 0);
	err = sandbox_become_nobody(f);
	if (err == ERR_OK)
		err = limit_all(f);
	if (err == ERR_OK)
		err = sandbox_landlock(false, missing, f);
	return err == ERR_OK ? sandbox_seccomp(false, f) : err;
}

/* see sandbox.h */
enum err sandbox_seal(unsigned *missing, struct failure *f)
{
	enum err err = sandbox_landlock(true, missing, f);

	/* 1, not 0: poll(2) of one descriptor fails under a limit of 0. */
	if (err == ERR_OK)
		err = limit(RLIMIT_NOFILE, 1, "RLIMIT_NOFILE", f);
	return err == ERR_OK ? sandbox_seccomp(true, f) : err;
}
