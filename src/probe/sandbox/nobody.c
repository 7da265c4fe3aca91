/* SPDX-License-Identifier: Apache-2.0 */
/*
 * User, groups and capabilities; see parts.h.
 */
#include <linux/capability.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "probe/sandbox/parts.h"

#define NOBODY 65534

/* libc's functions would change each thread. There is none but this, and what
 * reaches for the others is 3 KB. Where numbers of users once had 16 bits, the
 * calls for those of 32 have names of their own. */
#ifdef SYS_setresuid32
#define CALL_SETGROUPS SYS_setgroups32
#define CALL_SETRESGID SYS_setresgid32
#define CALL_SETRESUID SYS_setresuid32
#else
#define CALL_SETGROUPS SYS_setgroups
#define CALL_SETRESGID SYS_setresgid
#define CALL_SETRESUID SYS_setresuid
#endif

/* May the kernel refuse it: no capability, or no such user in this namespace?
 */
static bool is_tolerated(int error)
{
	return error == EPERM || error == EINVAL;
}

/* The installer, which has the same capabilities, kills at the deadline and
 * waits: without CAP_KILL it would wait for ever for another user's process. */
static bool installer_can_kill_others(void)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3,
						  0};
	struct __user_cap_data_struct now[2] = {{0}};

	return !syscall(SYS_capget, &header, now) &&
	       now[CAP_TO_INDEX(CAP_KILL)].effective & CAP_TO_MASK(CAP_KILL);
}

static enum err change_user(struct failure *f)
{
	if (syscall(CALL_SETGROUPS, 0, NULL) && !is_tolerated(errno))
		return sandbox_fail(f, "setgroups");
	if (syscall(CALL_SETRESGID, NOBODY, NOBODY, NOBODY) &&
	    !is_tolerated(errno))
		return sandbox_fail(f, "setresgid");
	if (installer_can_kill_others() &&
	    syscall(CALL_SETRESUID, NOBODY, NOBODY, NOBODY) &&
	    !is_tolerated(errno))
		return sandbox_fail(f, "setresuid");
	return ERR_OK;
}

/* see parts.h */
enum err sandbox_become_nobody(struct failure *f)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3,
						  0};
	const struct __user_cap_data_struct none[2] = {{0}};
	pid_t parent = getppid();
	enum err err = change_user(f);

	if (err != ERR_OK)
		return err;
	if (syscall(SYS_capset, &header, none))
		return sandbox_fail(f, "capset");
	/* The kernel forgets both when the user changes. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		return sandbox_fail(f, "pdeathsig");
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		return sandbox_fail(f, "dumpable");
	return ERR_OK;
}
