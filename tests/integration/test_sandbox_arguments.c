/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every argument that a call which a probe needs must not have, tried one by
 * one, and every call that it does not need, by its number.
 */
#include "support/confined.h"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>

#include "common/limits.h"

/* Where the descriptor of a socket stands in a row, and addresses. */
#define FD   (-4000)
#define FDS  (-4001)	 /* of a struct pollfd */
#define TO   (-4002)	 /* of a struct sockaddr_in */
#define ROOM (-4003)	 /* of zeroes */
#define NOW  (-4004)	 /* of a struct timespec: no time at all */
#define HIGH (1LL << 32) /* what a look at the lower half does not see */

#define DATA	  (PROT_READ | PROT_WRITE)
#define ANONYMOUS (MAP_PRIVATE | MAP_ANONYMOUS)
#define FAST	  0x20000000 /* MSG_FASTOPEN */
#define PAGES	  65536

/* What has to work, though the call may fail; and what kills. */
enum verdict { PASSES, KILLS };

struct row {
	const char *what;
	long call;
	long long args[6];
	enum verdict verdict;
};

/* clang-format off */
static const struct row sealed[] = {
	{"send", SYS_sendto, {FD, ROOM, 1, MSG_NOSIGNAL, 0, 0}, PASSES},
	{"send to an address", SYS_sendto, {FD, ROOM, 1, MSG_NOSIGNAL, TO, 16}, KILLS},
	{"send to an address without length", SYS_sendto, {FD, ROOM, 1, MSG_NOSIGNAL, TO, 0}, KILLS},
	{"send to no address of a length", SYS_sendto, {FD, ROOM, 1, MSG_NOSIGNAL, 0, 16}, KILLS},
	{"send to an address above 4 GiB", SYS_sendto, {FD, ROOM, 1, MSG_NOSIGNAL, HIGH, 0}, KILLS},
	{"send by fast open", SYS_sendto, {FD, ROOM, 1, MSG_NOSIGNAL | FAST, 0, 0}, KILLS},
	{"send by fast open to an address", SYS_sendto, {FD, ROOM, 1, MSG_NOSIGNAL | FAST, TO, 16}, KILLS},
	{"send with a signal", SYS_sendto, {FD, ROOM, 1, 0, 0, 0}, KILLS},
	{"send urgent data", SYS_sendto, {FD, ROOM, 1, MSG_NOSIGNAL | MSG_OOB, 0, 0}, KILLS},
	{"send pages", SYS_sendto, {FD, ROOM, 1, MSG_NOSIGNAL | 0x4000000, 0, 0}, KILLS},
	{"send with high flags", SYS_sendto, {FD, ROOM, 1, HIGH | MSG_NOSIGNAL, 0, 0}, KILLS},
	{"receive urgent data", SYS_recvfrom, {FD, ROOM, 1, MSG_OOB, 0, 0}, KILLS},
	{"receive errors", SYS_recvfrom, {FD, ROOM, 1, MSG_ERRQUEUE, 0, 0}, KILLS},
	{"receive an address", SYS_recvfrom, {FD, ROOM, 1, 0, TO, ROOM}, KILLS},
	{"wait for one", SYS_ppoll, {FDS, 1, NOW, 0, 8}, PASSES},
	{"wait for two", SYS_ppoll, {FDS, 2, NOW, 0, 8}, KILLS},
	{"wait for very many", SYS_ppoll, {FDS, HIGH, NOW, 0, 8}, KILLS},
	{"wait with other signals", SYS_ppoll, {FDS, 1, NOW, ROOM, 8}, KILLS},
#ifdef SYS_poll
	{"poll one", SYS_poll, {FDS, 1, 0}, PASSES},
	{"poll two", SYS_poll, {FDS, 2, 0}, KILLS},
#endif
	{"read the date", SYS_clock_gettime, {CLOCK_REALTIME, ROOM}, PASSES},
	{"read the clock", SYS_clock_gettime, {CLOCK_MONOTONIC, ROOM}, PASSES},
	{"read the clock of a process", SYS_clock_gettime, {CLOCK_PROCESS_CPUTIME_ID, ROOM}, KILLS},
	{"read the clock of another", SYS_clock_gettime, {-14, ROOM}, KILLS},
	{"draw bytes", SYS_getrandom, {ROOM, 16, 0}, PASSES},
	{"draw bytes that may block", SYS_getrandom, {ROOM, 16, 2}, KILLS},
	{"draw bytes that are not random", SYS_getrandom, {ROOM, 16, 4}, KILLS},
	{"read", SYS_read, {FD, ROOM, 1}, KILLS},
	{"send a message", SYS_sendmsg, {FD, ROOM, MSG_NOSIGNAL}, KILLS},
	{"open", SYS_openat, {AT_FDCWD, ROOM, O_RDONLY}, KILLS},
	{"connect", SYS_connect, {FD, TO, 16}, KILLS},
	{"wait on a word", SYS_futex, {ROOM, 0, 1, NOW}, KILLS},
	{"wake others by a shared word", SYS_futex, {ROOM, 1, 1}, KILLS},
	{"lock and inherit priority", SYS_futex, {ROOM, 6, 0}, KILLS},
	{"queue on another word", SYS_futex, {ROOM, 11, 0, 0, ROOM}, KILLS},
};

/* Memory, at both steps. */
static const struct row memory[] = {
	{"map data", SYS_mmap, {0, PAGES, DATA, ANONYMOUS, -1, 0}, PASSES},
	{"map nothing", SYS_mmap, {0, PAGES, PROT_NONE, ANONYMOUS, -1, 0}, PASSES},
	{"map code", SYS_mmap, {0, PAGES, PROT_READ | PROT_EXEC, ANONYMOUS, -1, 0}, KILLS},
	{"map data that is code", SYS_mmap, {0, PAGES, DATA | PROT_EXEC, ANONYMOUS, -1, 0}, KILLS},
	{"map a growing stack", SYS_mmap, {0, PAGES, DATA | PROT_GROWSDOWN, ANONYMOUS, -1, 0}, KILLS},
	{"map with high rights", SYS_mmap, {0, PAGES, HIGH | DATA, ANONYMOUS, -1, 0}, KILLS},
	{"map what others see", SYS_mmap, {0, PAGES, DATA, MAP_SHARED | MAP_ANONYMOUS, -1, 0}, KILLS},
	{"map a file", SYS_mmap, {0, PAGES, DATA, MAP_PRIVATE, FD, 0}, KILLS},
	{"map at a place", SYS_mmap, {0, PAGES, DATA, ANONYMOUS | MAP_FIXED, -1, 0}, KILLS},
	{"map at a free place", SYS_mmap, {0, PAGES, DATA, ANONYMOUS | 0x100000, -1, 0}, KILLS},
	{"map and lock", SYS_mmap, {0, PAGES, DATA, ANONYMOUS | MAP_LOCKED, -1, 0}, KILLS},
	{"map huge pages", SYS_mmap, {0, PAGES, DATA, ANONYMOUS | MAP_HUGETLB, -1, 0}, KILLS},
	{"map with high flags", SYS_mmap, {0, PAGES, DATA, HIGH | ANONYMOUS, -1, 0}, KILLS},
	{"make code of memory", SYS_mprotect, {ROOM, 4096, PROT_READ | PROT_EXEC}, KILLS},
	{"make code and data of memory", SYS_mprotect, {ROOM, 4096, DATA | PROT_EXEC}, KILLS},
	{"make memory grow", SYS_mprotect, {ROOM, 4096, DATA | PROT_GROWSDOWN}, KILLS},
	{"move memory", SYS_mremap, {1, 4096, 8192, MREMAP_MAYMOVE}, PASSES},
	{"move memory to a place", SYS_mremap, {ROOM, 4096, 8192, MREMAP_MAYMOVE | MREMAP_FIXED, PAGES}, KILLS},
	{"move memory and keep it", SYS_mremap, {ROOM, 4096, 4096, MREMAP_MAYMOVE | 4}, KILLS},
	{"give memory back", SYS_madvise, {1, 4096, MADV_FREE}, PASSES},
	{"advise", SYS_madvise, {ROOM, 4096, MADV_DONTNEED}, KILLS},
	{"advise with high flags", SYS_madvise, {1, 4096, HIGH | MADV_FREE}, KILLS},
	{"lock memory", SYS_mlock, {ROOM, 4096}, KILLS},
};

static const struct row entered[] = {
	{"open", SYS_openat, {AT_FDCWD, ROOM, O_RDONLY | O_CLOEXEC | O_NONBLOCK}, PASSES},
	{"open to write", SYS_openat, {AT_FDCWD, ROOM, O_WRONLY}, KILLS},
	{"open to read and write", SYS_openat, {AT_FDCWD, ROOM, O_RDWR}, KILLS},
	{"create", SYS_openat, {AT_FDCWD, ROOM, O_CREAT, 0644}, KILLS},
	{"truncate", SYS_openat, {AT_FDCWD, ROOM, O_TRUNC}, KILLS},
	{"open as a place", SYS_openat, {AT_FDCWD, ROOM, O_PATH}, KILLS},
	{"open a directory", SYS_openat, {AT_FDCWD, ROOM, O_DIRECTORY}, KILLS},
	{"open with signals", SYS_openat, {AT_FDCWD, ROOM, O_ASYNC}, KILLS},
#ifdef SYS_open
	{"create by open", SYS_open, {ROOM, O_CREAT | O_WRONLY, 0644}, KILLS},
#endif
	{"make a socket of several paths", SYS_socket, {AF_INET, SOCK_STREAM, 262}, KILLS},
	{"make a socket of SCTP", SYS_socket, {AF_INET, SOCK_STREAM, IPPROTO_SCTP}, KILLS},
	{"make a raw socket of IPv6", SYS_socket, {AF_INET6, SOCK_RAW, IPPROTO_ICMPV6}, KILLS},
	{"make a ping socket of IPv6", SYS_socket, {AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6}, KILLS},
	{"make a socket of a high family", SYS_socket, {HIGH | AF_INET, SOCK_STREAM, 0}, KILLS},
	{"make a socket of crypto", SYS_socket, {38, SOCK_SEQPACKET, 0}, KILLS},
	{"turn off Nagle", SYS_setsockopt, {FD, IPPROTO_TCP, TCP_NODELAY, ROOM, 4}, PASSES},
	{"choose the interface", SYS_setsockopt, {FD, SOL_SOCKET, SO_BINDTODEVICE, ROOM, 4}, KILLS},
	{"attach a filter", SYS_setsockopt, {FD, SOL_SOCKET, SO_ATTACH_FILTER, ROOM, 16}, KILLS},
	{"mark packets", SYS_setsockopt, {FD, SOL_SOCKET, SO_MARK, ROOM, 4}, KILLS},
	{"use another's address", SYS_setsockopt, {FD, IPPROTO_IP, 19, ROOM, 4}, KILLS},
	{"repair TCP", SYS_setsockopt, {FD, IPPROTO_TCP, 19, ROOM, 4}, KILLS},
	{"stack a protocol", SYS_setsockopt, {FD, IPPROTO_TCP, 31, ROOM, 4}, KILLS},
	{"ask for an error", SYS_getsockopt, {FD, SOL_SOCKET, SO_ERROR, ROOM, ROOM}, PASSES},
	{"ask for the peer", SYS_getsockopt, {FD, SOL_SOCKET, SO_PEERCRED, ROOM, ROOM}, KILLS},
	{"send to a server of DNS", SYS_sendto, {FD, ROOM, 1, MSG_NOSIGNAL, TO, 16}, PASSES},
	{"send by fast open", SYS_sendto, {FD, ROOM, 1, FAST, TO, 16}, KILLS},
	{"send an urgent message", SYS_sendmsg, {FD, ROOM, MSG_OOB}, KILLS},
	{"receive errors", SYS_recvmsg, {FD, ROOM, MSG_ERRQUEUE}, KILLS},
	{"close on exec", SYS_fcntl, {FD, F_SETFD, FD_CLOEXEC}, PASSES},
	{"duplicate", SYS_fcntl, {FD, F_DUPFD, 0}, KILLS},
	{"own a descriptor", SYS_fcntl, {FD, F_SETOWN, 1}, KILLS},
	{"change flags", SYS_fcntl, {FD, F_SETFL, O_ASYNC}, KILLS},
	{"wait for as many as a name has addresses", SYS_ppoll, {FDS, ADDRESSES_MAX, NOW, 0, 8}, PASSES},
	{"wait for one more", SYS_ppoll, {FDS, ADDRESSES_MAX + 1, NOW, 0, 8}, KILLS},
	{"limit another", SYS_prlimit64, {1, RLIMIT_CORE, ROOM, 0}, KILLS},
	{"read a limit", SYS_prlimit64, {0, RLIMIT_CORE, 0, ROOM}, KILLS},
	{"be traced by anyone", SYS_prctl, {0x59616d61, -1, 0, 0, 0}, KILLS},
	{"outlive the parent", SYS_prctl, {PR_SET_PDEATHSIG, 0, 0, 0, 0}, KILLS},
	{"be dumped", SYS_prctl, {PR_SET_DUMPABLE, 1, 0, 0, 0}, KILLS},
	{"take another name", SYS_prctl, {PR_SET_NAME, ROOM, 0, 0, 0}, KILLS},
};

/* The calls that a step's table has in one form or another. */
static const long in_both[] = {
	SYS_munmap, SYS_mmap, SYS_mremap, SYS_madvise, SYS_mprotect, SYS_brk, SYS_clock_gettime,
	SYS_getrandom, SYS_getpid, SYS_write, SYS_close, SYS_exit_group, SYS_sendto,
	SYS_recvfrom, SYS_ppoll,
#ifdef SYS_poll
	SYS_poll,
#endif
};

static const long in_entered[] = {
	SYS_openat, SYS_read, SYS_readv, SYS_fcntl, SYS_socket, SYS_connect, SYS_bind,
	SYS_getsockname, SYS_getsockopt, SYS_setsockopt, SYS_sendmsg, SYS_recvmsg,
	SYS_landlock_create_ruleset, SYS_landlock_restrict_self, SYS_prlimit64, SYS_prctl,
#ifdef SYS_open
	SYS_open,
#endif
};
/* clang-format on */

/* Above the newest call of Linux 6.18. */
#define CALLS_MAX 512

/* uretprobe and uprobe of x86-64: the kernel asks no filter, and serves only
 * its own trampolines. */
#define PROBE_FIRST 335
#define PROBE_LAST  336

struct room {
	struct pollfd fds[ADDRESSES_MAX + 1];
	struct sockaddr_in to;
	struct timespec now;
	_Alignas(4096) char zeroes[4096];
};

static long argument_of(struct room *room, long long value)
{
	switch (value) {
	case FD:
		return confined.pair[0];
	case FDS:
		return (long)room->fds;
	case TO:
		return (long)&room->to;
	case ROOM:
		return (long)room->zeroes;
	case NOW:
		return (long)&room->now;
	}
	return (long)value;
}

static int call(const void *argument)
{
	const struct row *row = argument;
	static struct room room;
	long a[6];

	for (size_t i = 0; i <= ADDRESSES_MAX; i++)
		room.fds[i].fd = -1;
	room.to.sin_family = AF_INET;
	room.to.sin_port = htons(9);
	room.to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (size_t i = 0; i < 6; i++)
		a[i] = argument_of(&room, row->args[i]);
	return outcome(syscall(row->call, a[0], a[1], a[2], a[3], a[4], a[5]));
}

static void check_rows(const struct row *rows, size_t count, enum stage stage)
{
	for (size_t i = 0; i < count; i++) {
		int got = try_at(stage, call, &rows[i]);
		bool killed = got == KILLED;

		tell(killed == (rows[i].verdict == KILLS) &&
			     (killed || got < SIGNALLED),
		     "%s: %s: %d", stage == SEALED ? "sealed" : "entered",
		     rows[i].what, got);
	}
}

static bool is_in(long number, const long *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] == number)
			return true;
	return false;
}

/* By its number alone, with zeroes. */
static void check_numbers(enum stage stage)
{
	unsigned tried = 0;

	for (long number = 0; number < CALLS_MAX; number++) {
		const struct row row = {"", number, {0}, KILLS};
		int got;

		if (is_in(number, in_both, COUNT(in_both)) ||
		    (stage == ENTERED &&
		     is_in(number, in_entered, COUNT(in_entered))) ||
		    (number >= PROBE_FIRST && number <= PROBE_LAST))
			continue;
		got = try_at(stage, call, &row);
		tried++;
		if (got != KILLED)
			tell(false, "call %ld: %d", number, got);
	}
	tell(tried > CALLS_MAX / 2, "%s: %u other calls kill",
	     stage == SEALED ? "sealed" : "entered", tried);
}

int main(void)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	/* AddressSanitizer and glibc have tables of their own. */
	if (SANITIZED) {
		tell(true, "the tables are those of musl");
		return tell_end();
	}
	check_rows(entered, COUNT(entered), ENTERED);
	check_rows(memory, COUNT(memory), ENTERED);
	check_rows(memory, COUNT(memory), SEALED);
	check_rows(sealed, COUNT(sealed), SEALED);
	check_numbers(ENTERED);
	check_numbers(SEALED);
	return tell_end();
}
