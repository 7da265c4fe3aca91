/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The system calls of a probe, as one table for each step, with what their
 * arguments may be: to tighten the sandbox, delete a line. See parts.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>

#include "common/limits.h"
#include "probe/sandbox/filter.h"
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

#define ALLOW(call)                                                            \
	{                                                                      \
		SYS_##call, SECCOMP_RET_ALLOW,                                 \
		{                                                              \
			{                                                      \
				0                                              \
			}                                                      \
		}                                                              \
	}
#define ALLOW_IF(call, ...)                                                    \
	{                                                                      \
		SYS_##call, SECCOMP_RET_ALLOW,                                 \
		{                                                              \
			__VA_ARGS__                                            \
		}                                                              \
	}
#define DENY(call, error)                                                      \
	{                                                                      \
		SYS_##call, SECCOMP_RET_ERRNO | (error),                       \
		{                                                              \
			{                                                      \
				0                                              \
			}                                                      \
		}                                                              \
	}
#define IS(arg, value)                                                         \
	{                                                                      \
		FILTER_IS, arg, value                                          \
	}
#define MOST(arg, value)                                                       \
	{                                                                      \
		FILTER_MOST, arg, value                                        \
	}
#define ONLY(arg, bits)                                                        \
	{                                                                      \
		FILTER_ONLY, arg, bits                                         \
	}

#define TABLE(rows)                                                            \
	{                                                                      \
		rows, sizeof(rows) / sizeof(*(rows))                           \
	}

#define DATA	 (PROT_READ | PROT_WRITE)
#define OPENED	 (SOCK_CLOEXEC | SOCK_NONBLOCK)
#define READABLE (O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_LARGEFILE)

/* What both steps need. */
static const struct filter_rule always[] = {
	/* malloc, under RLIMIT_AS: data, and where it lies is the kernel's
	 * choice. s390x passes the address of mmap's arguments, which no filter
	 * can follow; there PR_SET_MDWE alone forbids code. */
	ALLOW(munmap),
#if defined(__s390x__)
	ALLOW(mmap),
#elif SANITIZED
	ALLOW_IF(mmap, ONLY(2, DATA)),
#elif defined(SYS_mmap2)
	ALLOW_IF(mmap2, ONLY(2, DATA), IS(3, MAP_PRIVATE | MAP_ANONYMOUS)),
#else
	ALLOW_IF(mmap, ONLY(2, DATA), IS(3, MAP_PRIVATE | MAP_ANONYMOUS)),
#endif
	ALLOW_IF(mremap, IS(3, MREMAP_MAYMOVE)),
	/* musl's free of what spans pages: 16384-bit numbers are so long. */
	ALLOW_IF(madvise, IS(2, MADV_FREE)),
	ALLOW_IF(mprotect, ONLY(2, DATA)),
	ALLOW(brk),
/* Deadlines and the date; mostly the vDSO, but not always. */
#ifdef SYS_clock_gettime
	ALLOW_IF(clock_gettime, MOST(0, CLOCK_MONOTONIC)),
#endif
#ifdef SYS_clock_gettime32
	ALLOW_IF(clock_gettime32, MOST(0, CLOCK_MONOTONIC)),
#endif
#ifdef SYS_clock_gettime64
	ALLOW_IF(clock_gettime64, MOST(0, CLOCK_MONOTONIC)),
#endif
	/* Randomness for the handshake; mbedTLS looks at the pid for forks. */
	ALLOW_IF(getrandom, IS(2, 0)),
	ALLOW(getpid),
	/* The pipe, and the end. */
	ALLOW(write),
	ALLOW(close),
	ALLOW(exit_group),
#if SANITIZED
	/* What AddressSanitizer and glibc do by themselves. */
	ALLOW(read),
	ALLOW(mremap),
	ALLOW(madvise),
	ALLOW(futex),
	ALLOW(rt_sigaction),
	ALLOW(rt_sigprocmask),
	ALLOW(rt_sigreturn),
	ALLOW(sigaltstack),
	ALLOW(sched_yield),
	ALLOW(gettid),
	ALLOW(tgkill),
#endif
};

/* The first step: the resolver's two files, DNS, TCP, and the second step. */
static const struct filter_rule entered[] = {
#if SANITIZED
	ALLOW(openat),
	ALLOW(newfstatat),
	ALLOW(fstat),
	ALLOW(lseek),
	ALLOW(ioctl),
	ALLOW(sendmmsg),
	ALLOW(uname),
#endif
/* Landlock says which files. */
#ifdef SYS_open
	ALLOW_IF(open, ONLY(1, READABLE)),
#endif
	ALLOW_IF(openat, ONLY(2, READABLE)),
	ALLOW(read),
	ALLOW(readv),
	ALLOW_IF(fcntl, IS(1, F_SETFD)),
#ifdef SYS_fcntl64
	ALLOW_IF(fcntl64, IS(1, F_SETFD)),
#endif
	/* DNS, TCP, and how libc finds out which addresses are reachable: no
	 * raw, packet, netlink, ICMP or Unix socket. */
	ALLOW_IF(socket, IS(0, AF_INET), ONLY(1, SOCK_STREAM | OPENED),
		 IS(2, 0)),
	ALLOW_IF(socket, IS(0, AF_INET6), ONLY(1, SOCK_STREAM | OPENED),
		 IS(2, 0)),
	ALLOW_IF(socket, IS(0, AF_INET), ONLY(1, SOCK_DGRAM | OPENED),
		 IS(2, 0)),
	ALLOW_IF(socket, IS(0, AF_INET6), ONLY(1, SOCK_DGRAM | OPENED),
		 IS(2, 0)),
	ALLOW_IF(socket, IS(0, AF_INET), ONLY(1, SOCK_DGRAM | OPENED),
		 IS(2, IPPROTO_UDP)),
	ALLOW_IF(socket, IS(0, AF_INET6), ONLY(1, SOCK_DGRAM | OPENED),
		 IS(2, IPPROTO_UDP)),
	ALLOW(connect),
	ALLOW(bind),
	ALLOW(getsockname),
	ALLOW_IF(getsockopt, IS(1, SOL_SOCKET), IS(2, SO_ERROR)),
	ALLOW_IF(setsockopt, IS(1, IPPROTO_TCP), IS(2, TCP_NODELAY)),
	ALLOW_IF(setsockopt, IS(1, IPPROTO_TCP), IS(2, TCP_FASTOPEN_CONNECT)),
	ALLOW_IF(setsockopt, IS(1, IPPROTO_IPV6), IS(2, IPV6_V6ONLY)),
	ALLOW_IF(sendto, ONLY(3, MSG_NOSIGNAL)),
	ALLOW_IF(sendmsg, ONLY(2, MSG_NOSIGNAL | MSG_FASTOPEN)),
	ALLOW_IF(recvfrom, IS(3, 0)),
	ALLOW_IF(recvmsg, IS(2, 0)),
#ifdef SYS_poll
	ALLOW_IF(poll, MOST(1, ADDRESSES_MAX)),
#endif
	ALLOW_IF(ppoll, MOST(1, ADDRESSES_MAX), IS(3, 0)),
#ifdef SYS_ppoll_time64
	ALLOW_IF(ppoll_time64, MOST(1, ADDRESSES_MAX), IS(3, 0)),
#endif
	/* The second step. */
	ALLOW(landlock_create_ruleset),
	ALLOW(landlock_restrict_self),
	ALLOW_IF(prlimit64, IS(0, 0), IS(3, 0)),
	ALLOW_IF(prctl, IS(0, PR_SET_SECCOMP)),
};

/* The second step: the connected socket. An address, or MSG_FASTOPEN, would
 * make of send(2) a connect(2). */
static const struct filter_rule sealed[] = {
#if SANITIZED
	DENY(openat, EACCES),
	DENY(readlink, EACCES),
	DENY(prctl, EPERM),
#endif
	ALLOW_IF(sendto, IS(3, MSG_NOSIGNAL), IS(4, 0), IS(5, 0)),
	ALLOW_IF(recvfrom, IS(3, 0), IS(4, 0), IS(5, 0)),
#ifdef SYS_poll
	ALLOW_IF(poll, MOST(1, 1)),
#endif
	ALLOW_IF(ppoll, MOST(1, 1), IS(3, 0)),
#ifdef SYS_ppoll_time64
	ALLOW_IF(ppoll_time64, MOST(1, 1), IS(3, 0)),
#endif
};

/* see parts.h */
enum err sandbox_seccomp(bool is_sealed, struct failure *f)
{
	static const struct filter_machine machine = {
		ARCH_OURS, __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__};
	static const struct filter_table before[] = {TABLE(always),
						     TABLE(entered)};
	static const struct filter_table after[] = {TABLE(always),
						    TABLE(sealed)};
	/* Where glibc may not do what is not listed, it does without. */
	const uint32_t rest = SANITIZED && !is_sealed
				      ? SECCOMP_RET_ERRNO | EPERM
				      : SECCOMP_RET_KILL_PROCESS;
	struct sock_filter code[FILTER_CODE_MAX];
	const struct sock_fprog program = {
		.len = (unsigned short)filter_compile(
			is_sealed ? after : before, 2, rest, machine, code),
		.filter = code,
	};

	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0))
		return sandbox_fail(f, "seccomp");
	return ERR_OK;
}
