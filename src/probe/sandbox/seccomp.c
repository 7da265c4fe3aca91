/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The system calls that a sealed probe may make, as one table: to tighten the
 * sandbox, delete a line. See sandbox_parts.h.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "probe/sandbox/parts.h"

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

/* see sandbox_parts.h */
enum err sandbox_seccomp(struct failure *f)
{
	const struct sock_fprog program = {
		.len = sizeof(sealed_calls) / sizeof(sealed_calls[0]),
		/* The kernel only reads it. */
		.filter = (struct sock_filter *)(uintptr_t)sealed_calls,
	};

	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0))
		return sandbox_fail(f, "seccomp");
	return ERR_OK;
}
