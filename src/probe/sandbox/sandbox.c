/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two steps of confinement, in their order; see sandbox.h. Descriptors,
 * rlimits, no_new_privs and capabilities are done here.
 */
#include "probe/sandbox/sandbox.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/limits.h"
#include "probe/sandbox/parts.h"

#define NOBODY 65534

/* see sandbox_parts.h */
enum err sandbox_fail(struct failure *f, const char *what)
{
	return failure_set(f, ERR_SANDBOX,
			   "the kernel refused to confine the probe (%s: %s)",
			   what, strerror(errno));
}

/* A descriptor that leaks in from the installer could be certs.d, and on its
 * terminal a probe could say anything in its name. */
static void close_others(int keep_fd)
{
	/* The sanitizers report on standard error. */
	int first = SANITIZED ? 3 : 0;

	if (keep_fd > first &&
	    syscall(SYS_close_range, first, keep_fd - 1, 0) == 0)
		first = keep_fd + 1;
	else if (keep_fd == first)
		first++;
	if (syscall(SYS_close_range, first, ~0U, 0) == 0 && first > keep_fd)
		return;
	/* Kernel before 5.9. */
	for (int fd = SANITIZED ? 3 : 0; fd < 1024; fd++)
		if (fd != keep_fd)
			close(fd);
}

static enum err limit(int resource, rlim_t value, const char *name,
		      struct failure *f)
{
	const struct rlimit rl = {value, value};

	return setrlimit(resource, &rl) ? sandbox_fail(f, name) : ERR_OK;
}

static enum err limit_all(struct failure *f)
{
	enum err err = limit(RLIMIT_CORE, 0, "RLIMIT_CORE", f);

	if (err == ERR_OK)
		err = limit(RLIMIT_FSIZE, 0, "RLIMIT_FSIZE", f);
	if (err == ERR_OK)
		err = limit(RLIMIT_NPROC, 0, "RLIMIT_NPROC", f);
	if (err == ERR_OK && !SANITIZED)
		err = limit(RLIMIT_AS, PROBE_MEMORY_BYTES, "RLIMIT_AS", f);
	return err;
}

/* see sandbox.h */
enum err sandbox_enter(int keep_fd, unsigned *missing, struct failure *f)
{
	enum err err;

	close_others(keep_fd);
	prctl(PR_SET_NAME, "dtr-trust-probe");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return sandbox_fail(f, "no_new_privs");
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		return sandbox_fail(f, "dumpable");
	err = limit_all(f);
	return err == ERR_OK ? sandbox_landlock(false, missing, f) : err;
}

/* Where root may not change its user (--cap-drop ALL) it stays root without
 * capabilities, which owns files but, sealed, can reach none. */
static enum err drop_authority(struct failure *f)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3,
						  0};
	const struct __user_cap_data_struct none[2] = {{0}};
	pid_t parent = getppid();

	if (setgroups(0, NULL) && errno != EPERM)
		return sandbox_fail(f, "setgroups");
	if (setresgid(NOBODY, NOBODY, NOBODY) && errno != EPERM &&
	    errno != EINVAL)
		return sandbox_fail(f, "setresgid");
	if (setresuid(NOBODY, NOBODY, NOBODY) && errno != EPERM &&
	    errno != EINVAL)
		return sandbox_fail(f, "setresuid");
	if (syscall(SYS_capset, &header, none))
		return sandbox_fail(f, "capset");
	/* The kernel forgets it when the user changes. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		return sandbox_fail(f, "pdeathsig");
	return ERR_OK;
}

/* see sandbox.h */
enum err sandbox_seal(unsigned *missing, struct failure *f)
{
	enum err err = drop_authority(f);

	if (err == ERR_OK)
		err = sandbox_landlock(true, missing, f);
	/* 1, not 0: poll(2) of one descriptor fails under a limit of 0. */
	if (err == ERR_OK)
		err = limit(RLIMIT_NOFILE, 1, "RLIMIT_NOFILE", f);
	return err == ERR_OK ? sandbox_seccomp(f) : err;
}
