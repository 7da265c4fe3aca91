/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rlimits, no_new_privs, Landlock, capabilities, seccomp; see sandbox.h. The
 * tables are the policy: to tighten it, delete a line.
 */
#include "probe/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/limits.h"

#define NOBODY 65534

#if defined(__x86_64__)
#define ARCH_OURS AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH_OURS AUDIT_ARCH_AARCH64
#elif defined(__arm__)
#define ARCH_OURS AUDIT_ARCH_ARM
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCH_OURS AUDIT_ARCH_RISCV64
#elif defined(__powerpc64__)
#define ARCH_OURS AUDIT_ARCH_PPC64LE
#elif defined(__s390x__)
#define ARCH_OURS AUDIT_ARCH_S390X
#else
#error "name the seccomp architecture"
#endif

/* AddressSanitizer reserves terabytes and makes calls of its own; a build
 * with it is for tests and keeps everything else. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

static enum err fail(struct failure *f, const char *what)
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

	return setrlimit(resource, &rl) ? fail(f, name) : ERR_OK;
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

/* What this kernel's Landlock can forbid, by ABI version; 0 when it has none.
 * Docker before 20.10.18 answers EPERM. */
static int landlock_abi(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
			   LANDLOCK_CREATE_RULESET_VERSION);

	return abi < 0 ? 0 : (int)abi;
}

/* The access bits are numbered in the order in which the kernel got them; the
 * headers of Debian 12 end at ABI 3, so later ones are given as numbers. */
static uint64_t landlock_file_access(int abi)
{
	const uint64_t abi1 = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
	const uint64_t refer = 1ULL << 13;
	const uint64_t truncate = 1ULL << 14;
	const uint64_t ioctl_dev = 1ULL << 15;

	return abi1 | (abi >= 2 ? refer : 0) | (abi >= 3 ? truncate : 0) |
	       (abi >= 5 ? ioctl_dev : 0);
}

struct landlock_request {
	uint64_t files;
	uint64_t net;	 /* ABI 4: TCP bind 1, connect 2 */
	uint64_t scoped; /* ABI 6: abstract sockets 1, signals 2 */
};

/* The kernel takes a shorter struct from a program that is older than it. */
static size_t landlock_request_bytes(int abi)
{
	if (abi >= 6)
		return sizeof(struct landlock_request);
	return abi >= 4 ? offsetof(struct landlock_request, scoped)
			: offsetof(struct landlock_request, net);
}

/* The two files by themselves, because they may be links out of /etc: on many
 * machines resolv.conf is one. */
static const char *const readable[] = {"/etc", "/etc/hosts",
				       "/etc/resolv.conf"};

static bool allow_reading(int ruleset, const char *path)
{
	struct landlock_path_beneath_attr rule = {
		.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE,
		.parent_fd = open(path, O_PATH | O_CLOEXEC),
	};
	bool done;

	/* What cannot be opened cannot be read either way. */
	if (rule.parent_fd < 0)
		return true;
	done = !syscall(SYS_landlock_add_rule, ruleset,
			LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	close(rule.parent_fd);
	return done;
}

/* SEALED: without reading anything, and without TCP. */
static enum err landlock(bool sealed, unsigned *missing, struct failure *f)
{
	int abi = landlock_abi();
	const struct landlock_request request = {
		.files = landlock_file_access(abi),
		.net = sealed ? 3 : 1,
		.scoped = 3,
	};
	bool done = true;
	int ruleset;

	if (abi == 0) {
		*missing |= SANDBOX_NO_LANDLOCK;
		return ERR_OK;
	}
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &request,
			       landlock_request_bytes(abi), 0);
	if (ruleset < 0)
		return fail(f, "landlock_create_ruleset");
	for (size_t i = 0; i < sizeof(readable) / sizeof(*readable); i++)
		done = done && (sealed || allow_reading(ruleset, readable[i]));
	done = done && !syscall(SYS_landlock_restrict_self, ruleset, 0);
	close(ruleset);
	return done ? ERR_OK : fail(f, "landlock_restrict_self");
}

/* see sandbox.h */
enum err sandbox_enter(int keep_fd, unsigned *missing, struct failure *f)
{
	enum err err;

	close_others(keep_fd);
	prctl(PR_SET_NAME, "dtr-trust-probe");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return fail(f, "no_new_privs");
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		return fail(f, "dumpable");
	err = limit_all(f);
	return err == ERR_OK ? landlock(false, missing, f) : err;
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
		return fail(f, "setgroups");
	if (setresgid(NOBODY, NOBODY, NOBODY) && errno != EPERM &&
	    errno != EINVAL)
		return fail(f, "setresgid");
	if (setresuid(NOBODY, NOBODY, NOBODY) && errno != EPERM &&
	    errno != EINVAL)
		return fail(f, "setresuid");
	if (syscall(SYS_capset, &header, none))
		return fail(f, "capset");
	/* The kernel forgets it when the user changes. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		return fail(f, "pdeathsig");
	return ERR_OK;
}

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define LOW_HALF 4
#else
#define LOW_HALF 0
#endif

#define LOAD(field)                                                            \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, (action))
#define ALLOW(call)                                                            \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 1),                 \
		RETURN(SECCOMP_RET_ALLOW)
#define DENY(call, error)                                                      \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 1),                 \
		RETURN(SECCOMP_RET_ERRNO | (error))

static const struct sock_filter sealed_calls[] = {
	/* A call by another architecture's number would mean another call. */
	LOAD(arch),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH_OURS, 1, 0),
	RETURN(SECCOMP_RET_KILL_PROCESS),
	LOAD(nr),
	/* The connected socket and the pipe. */
	ALLOW(read),
	ALLOW(write),
	ALLOW(close),
#ifdef SYS_recv
	ALLOW(recv),
#endif
#ifdef SYS_send
	ALLOW(send),
#endif
	ALLOW(recvfrom),
	ALLOW(sendto),
#ifdef SYS_poll
	ALLOW(poll),
#endif
	ALLOW(ppoll),
#ifdef SYS_ppoll_time64
	ALLOW(ppoll_time64),
#endif
	/* Deadlines and the date; mostly the vDSO, but not always. */
	ALLOW(clock_gettime),
#ifdef SYS_clock_gettime64
	ALLOW(clock_gettime64),
#endif
	ALLOW(gettimeofday),
	/* Randomness for the handshake; mbedTLS looks at the pid for forks. */
	ALLOW(getrandom),
	ALLOW(getpid),
	/* malloc, under RLIMIT_AS. */
	ALLOW(brk),
	ALLOW(munmap),
	ALLOW(mremap),
	ALLOW(madvise),
	/* The end; abort() blocks and raises signals before it dies. */
	ALLOW(exit_group),
	ALLOW(rt_sigprocmask),
	ALLOW(rt_sigaction),
	ALLOW(rt_sigreturn),
	ALLOW(gettid),
	ALLOW(futex),
	DENY(tkill, EPERM),
#if SANITIZED
	ALLOW(tgkill),
	ALLOW(sigaltstack),
	ALLOW(sched_yield),
	DENY(openat, EACCES),
	DENY(readlink, EACCES),
	DENY(prctl, EPERM),
#endif
/* Memory that is data, never code; the third argument is PROT_*. */
#ifdef SYS_mmap2
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap2, 3, 0),
#endif
#ifdef SYS_mmap
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 2, 0),
#endif
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mprotect, 1, 0),
	/* Default deny. */
	RETURN(SECCOMP_RET_KILL_PROCESS),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		 offsetof(struct seccomp_data, args[2]) + LOW_HALF),
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1),
	RETURN(SECCOMP_RET_KILL_PROCESS),
	RETURN(SECCOMP_RET_ALLOW),
};

static enum err seccomp(struct failure *f)
{
	const struct sock_fprog program = {
		.len = sizeof(sealed_calls) / sizeof(sealed_calls[0]),
		/* The kernel only reads it. */
		.filter = (struct sock_filter *)(uintptr_t)sealed_calls,
	};

	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0))
		return fail(f, "seccomp");
	return ERR_OK;
}

/* see sandbox.h */
enum err sandbox_seal(unsigned *missing, struct failure *f)
{
	enum err err = drop_authority(f);

	if (err == ERR_OK)
		err = landlock(true, missing, f);
	/* 1, not 0: poll(2) of one descriptor fails under a limit of 0. */
	if (err == ERR_OK)
		err = limit(RLIMIT_NOFILE, 1, "RLIMIT_NOFILE", f);
	return err == ERR_OK ? seccomp(f) : err;
}
