/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything that a probe must not do, tried: without the sandbox, where it
 * has to work (else the row would prove nothing), after the first step and
 * after the second. Linked with both libcs, because the table of calls is made
 * for musl; for that reason without cmocka, and speaks TAP itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/limits.h"
#include "support/confined.h"

/* What the tables of calls are with AddressSanitizer, see seccomp.c. */
#if SANITIZED
#define OPENING EACCES
#define OF_ETC	0
#define WRITING EACCES
#define PRCTL	EPERM
#define BEYOND	0
#else
#define OPENING KILLED
#define OF_ETC	EACCES
#define WRITING KILLED
#define PRCTL	KILLED
#define BEYOND	ENOMEM
#endif

static struct {
	char path[64]; /* of an empty directory, the working directory */
	uint16_t port; /* of a listener on 127.0.0.1 */
	pid_t parent;
	int landlock; /* what the kernel can, 0: nothing */
} world;

static int open_path(const char *path, int flags)
{
	return outcome(syscall(SYS_openat, AT_FDCWD, path, flags, 0644));
}

static int read_hosts(void)
{
	return open_path("/etc/hosts", O_RDONLY);
}

static int list_etc(void)
{
	return open_path("/etc", O_RDONLY | O_DIRECTORY);
}

static int write_hosts(void)
{
	return open_path("/etc/hosts", O_WRONLY);
}

static int read_proc(void)
{
	return open_path("/proc/self/status", O_RDONLY);
}

static int read_passwd(void)
{
	return open_path("/etc/passwd", O_RDONLY);
}

static int read_shadow(void)
{
	return open_path("/etc/shadow", O_RDONLY);
}

static int read_environment(void)
{
	return open_path("/proc/self/environ", O_RDONLY);
}

static int read_client_key(void)
{
	return open_path("client.key", O_RDONLY);
}

static int read_file(void)
{
	return open_path("file", O_RDONLY);
}

static int write_file(void)
{
	return open_path("file", O_WRONLY);
}

static int create_file(void)
{
	return open_path("made", O_WRONLY | O_CREAT | O_EXCL);
}

static int read_by_openat2(void)
{
	const uint64_t how[3] = {O_RDONLY, 0, 0};

	return outcome(
		syscall(SYS_openat2, AT_FDCWD, "file", how, sizeof(how)));
}

static int unlink_file(void)
{
	return outcome(syscall(SYS_unlinkat, AT_FDCWD, "file", 0));
}

static int make_directory(void)
{
	return outcome(syscall(SYS_mkdirat, AT_FDCWD, "made", 0755));
}

static int make_link(void)
{
	return outcome(syscall(SYS_symlinkat, "file", AT_FDCWD, "made"));
}

static int link_file(void)
{
	return outcome(
		syscall(SYS_linkat, AT_FDCWD, "file", AT_FDCWD, "made", 0));
}

static int rename_file(void)
{
	return outcome(
		syscall(SYS_renameat2, AT_FDCWD, "file", AT_FDCWD, "made", 0));
}

static int make_fifo(void)
{
	return outcome(
		syscall(SYS_mknodat, AT_FDCWD, "made", S_IFIFO | 0600, 0));
}

static int truncate_file(void)
{
	return outcome(syscall(SYS_truncate, "file", 0));
}

static int execute(void)
{
	static char *const none[] = {NULL};

	syscall(SYS_execve, "/bin/true", none, none);
	return errno;
}

static int mount_something(void)
{
	return outcome(
		syscall(SYS_mount, "none", world.path, "tmpfs", 0, NULL));
}

static int new_namespace(void)
{
	return outcome(syscall(SYS_unshare, CLONE_NEWNS));
}

static int new_socket(void)
{
	return outcome(syscall(SYS_socket, AF_INET, SOCK_STREAM, 0));
}

static int socket_of(int family, int type, int protocol)
{
	return outcome(syscall(SYS_socket, family, type, protocol));
}

static int datagram_socket(void)
{
	return socket_of(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_UDP);
}

static int raw_socket(void)
{
	return socket_of(AF_INET, SOCK_RAW, IPPROTO_ICMP);
}

static int ping_socket(void)
{
	return socket_of(AF_INET, SOCK_DGRAM, IPPROTO_ICMP);
}

static int packet_socket(void)
{
	return socket_of(AF_PACKET, SOCK_RAW, 0);
}

static int netlink_socket(void)
{
	return socket_of(AF_NETLINK, SOCK_RAW, 0);
}

static int unix_socket(void)
{
	return socket_of(AF_UNIX, SOCK_STREAM, 0);
}

static int vm_socket(void)
{
	return socket_of(AF_VSOCK, SOCK_STREAM, 0);
}

static int socket_pair(void)
{
	int pair[2];

	return outcome(syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, pair));
}

static int wait_for_peers(void)
{
	return outcome(syscall(SYS_listen, confined.pair[0], 1));
}

static int set_up_a_ring(void)
{
	char parameters[120] = "";

	return outcome(syscall(SYS_io_uring_setup, 4, parameters));
}

static int load_a_program(void)
{
	return outcome(syscall(SYS_bpf, 5 /* BPF_PROG_LOAD */, "", 0));
}

static int handle_page_faults(void)
{
	return outcome(syscall(SYS_userfaultfd, 0));
}

static int count_events(void)
{
	const uint32_t attributes[28] = {[1] = 112};

	return outcome(syscall(SYS_perf_event_open, attributes, 0, -1, -1, 0));
}

static int take_a_key(void)
{
	return outcome(syscall(SYS_keyctl, 0, -3, 0));
}

static int take_a_descriptor(void)
{
	return outcome(syscall(SYS_pidfd_getfd, -1, 0, 0));
}

static int fork_by_clone3(void)
{
	uint64_t how[8] = {0};

	how[4] = SIGCHLD;
	return outcome(syscall(SYS_clone3, how, sizeof(how)));
}

/* By the first of the two sockets, which is none of TCP after the seal. */
static int connect_tcp(void)
{
	const struct sockaddr_in to = {.sin_family = AF_INET,
				       .sin_port = htons(world.port),
				       .sin_addr = {htonl(INADDR_LOOPBACK)}};
	long fd = syscall(SYS_socket, AF_INET, SOCK_STREAM, 0);

	return outcome(syscall(SYS_connect, fd, &to, sizeof(to)));
}

static int connect_pair(void)
{
	const struct sockaddr_un to = {.sun_family = AF_UNIX};

	return outcome(syscall(SYS_connect, confined.pair[0], &to, sizeof(to)));
}

static int bind_tcp(void)
{
	const struct sockaddr_in to = {.sin_family = AF_INET,
				       .sin_addr = {htonl(INADDR_LOOPBACK)}};
	long fd = syscall(SYS_socket, AF_INET, SOCK_STREAM, 0);

	return outcome(syscall(SYS_bind, fd, &to, sizeof(to)));
}

/* As libc does it before it asks a DNS server. */
static int bind_udp(void)
{
	const struct sockaddr_in to = {.sin_family = AF_INET,
				       .sin_addr = {htonl(INADDR_LOOPBACK)}};
	long fd = syscall(SYS_socket, AF_INET, SOCK_DGRAM, 0);

	return outcome(syscall(SYS_bind, fd, &to, sizeof(to)));
}

static int pass_a_descriptor(void)
{
	char control[64] = "";
	struct msghdr message = {.msg_control = control,
				 .msg_controllen = sizeof(control)};

	return outcome(syscall(SYS_recvmsg, confined.pair[0], &message,
			       MSG_CMSG_CLOEXEC));
}

static int duplicate(void)
{
	return outcome(syscall(SYS_dup, 0));
}

static int make_pipe(void)
{
	int ends[2];

	return outcome(syscall(SYS_pipe2, ends, 0));
}

static int make_memory_file(void)
{
	return outcome(syscall(SYS_memfd_create, "x", 0));
}

static int control_descriptor(void)
{
	return outcome(syscall(SYS_fcntl, 0, F_GETFD));
}

static int new_process(void)
{
	long pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

	if (pid == 0)
		_exit(0);
	return outcome(pid);
}

static int signal_parent(void)
{
	return outcome(syscall(SYS_kill, world.parent, 0));
}

static int signal_thread(void)
{
	return outcome(syscall(SYS_tkill, world.parent, 0));
}

static int trace_parent(void)
{
	return outcome(syscall(SYS_ptrace, PTRACE_SEIZE, world.parent, 0, 0));
}

static int read_parent(void)
{
	char byte;
	struct iovec to = {&byte, 1};
	struct iovec from = {&world, 1};

	return outcome(syscall(SYS_process_vm_readv, world.parent, &to, 1,
			       &from, 1, 0));
}

static int become_root(void)
{
	return outcome(syscall(SYS_setresuid, 0, 0, 0));
}

static int change_limit(pid_t pid, uint64_t value)
{
	const uint64_t limit[2] = {value, value};

	return outcome(syscall(SYS_prlimit64, pid, RLIMIT_CORE, limit, NULL));
}

static int lower_limit(void)
{
	return change_limit(0, 0);
}

static int raise_limit(void)
{
	return change_limit(0, 1);
}

static int limit_parent(void)
{
	return change_limit(world.parent, 0);
}

static int become_dumpable(void)
{
	return outcome(syscall(SYS_prctl, PR_SET_DUMPABLE, 1, 0, 0, 0));
}

static int map(size_t len, int prot)
{
	return mmap(NULL, len, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
			       MAP_FAILED
		       ? errno
		       : 0;
}

static int map_data(void)
{
	return map(65536, PROT_READ | PROT_WRITE);
}

static int map_code(void)
{
	return map(65536, PROT_READ | PROT_EXEC);
}

static int map_beyond_the_limit(void)
{
	return map(PROBE_MEMORY_BYTES, PROT_READ | PROT_WRITE);
}

static int protect(int prot)
{
	void *page = mmap(NULL, 65536, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);

	return page == MAP_FAILED ? -1 : outcome(mprotect(page, 65536, prot));
}

static int protect_data(void)
{
	return protect(PROT_READ | PROT_WRITE);
}

static int protect_code(void)
{
	return protect(PROT_READ | PROT_EXEC);
}

static int allocate(void)
{
	enum { LEN = 4 * 1024 * 1024 };
	char *memory = malloc(LEN);

	if (!memory)
		return errno;
	memset(memory, 'x', LEN);
	free(memory);
	return 0;
}

static int use_sockets(void)
{
	char byte = 0;

	if (send(confined.pair[0], "x", 1, MSG_NOSIGNAL) != 1 ||
	    recv(confined.pair[1], &byte, 1, 0) != 1)
		return errno;
	if (write(confined.pair[1], "y", 1) != 1 ||
	    recv(confined.pair[0], &byte, 1, 0) != 1)
		return errno;
	return byte == 'y' ? 0 : -1;
}

static int poll_sockets(nfds_t count)
{
	struct pollfd fds[2] = {{confined.pair[0], POLLOUT, 0},
				{confined.pair[1], POLLOUT, 0}};

	return outcome(poll(fds, count, 10));
}

static int poll_one(void)
{
	return poll_sockets(1);
}

static int poll_two(void)
{
	return poll_sockets(2);
}

static int draw_random(void)
{
	char bytes[32];

	return outcome(syscall(SYS_getrandom, bytes, sizeof(bytes), 0));
}

static int read_clocks(void)
{
	struct timespec now;

	return outcome(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now)) ||
	       outcome(syscall(SYS_clock_gettime, CLOCK_REALTIME, &now));
}

static int close_socket(void)
{
	return outcome(close(confined.pair[0]));
}

/* By the number of x32, which the kernel takes for the same call. */
static int call_as_x32(void)
{
	return outcome(syscall(0x40000000 | SYS_getpid));
}

#if defined(__x86_64__)
/* read(2) of i386 has the number of close(2) here. */
static int call_as_i386(void)
{
	long result = 3;

	__asm__ volatile("int $0x80"
			 : "+a"(result)
			 : "b"(-1), "c"(0), "d"(0)
			 : "memory", "r8", "r9", "r10", "r11");
	return result == -EBADF ? 0 : -1;
}
#endif

static int ask_who(void)
{
	return syscall(SYS_getpid) > 0 ? 0 : -1;
}

static int move_memory(void)
{
	void *page = mmap(NULL, 65536, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return errno;
	page = mremap(page, 65536, 131072, MREMAP_MAYMOVE);
	return page == MAP_FAILED ? errno : 0;
}

static int wait_a_moment(void)
{
	const struct timespec now = {0, 0};

	return outcome(syscall(SYS_ppoll, NULL, 0, &now, NULL, 8));
}

struct attempt {
	const char *what;
	int (*attempt)(void);
	int entered; /* the outcome after sandbox_enter */
	int sealed;  /* and after sandbox_seal too */
	/* the ABI of Landlock that it takes to forbid it after sandbox_enter;
	 * -1: it may fail without the sandbox too */
	int landlock;
};

/* clang-format off */
static const struct attempt attempts[] = {
	/* what is to be forbidden */
	{"read /etc/hosts", read_hosts, 0, OPENING, 0},
	{"read another file of /etc", read_passwd, OF_ETC, OPENING, 1},
	{"read /etc/shadow", read_shadow, EACCES, OPENING, 0},
	{"list /etc", list_etc, WRITING, OPENING, 1},
	{"write a file of /etc", write_hosts, WRITING, OPENING, 1},
	{"read /proc", read_proc, EACCES, OPENING, 1},
	{"read its environment", read_environment, EACCES, OPENING, 1},
	{"read another registry's client.key", read_client_key, EACCES, OPENING, 0},
	{"read a file", read_file, EACCES, OPENING, 1},
	{"write a file", write_file, WRITING, OPENING, 1},
	{"create a file", create_file, WRITING, OPENING, 1},
	{"read a file by openat2", read_by_openat2, UNLISTED, KILLED, 0},
	{"unlink a file", unlink_file, UNLISTED, KILLED, 0},
	{"make a directory", make_directory, UNLISTED, KILLED, 0},
	{"make a symbolic link", make_link, UNLISTED, KILLED, 0},
	{"link a file", link_file, UNLISTED, KILLED, 0},
	{"rename a file", rename_file, UNLISTED, KILLED, 0},
	{"make a FIFO", make_fifo, UNLISTED, KILLED, 0},
	{"truncate a file", truncate_file, UNLISTED, KILLED, 0},
	{"execute a program", execute, UNLISTED, KILLED, 0},
	{"mount", mount_something, UNLISTED, KILLED, 0},
	{"make a namespace", new_namespace, UNLISTED, KILLED, 0},
	{"make a TCP socket", new_socket, 0, KILLED, 0},
	{"make a UDP socket", datagram_socket, 0, KILLED, 0},
	{"make a raw socket", raw_socket, UNLISTED, KILLED, 0},
	{"make a ping socket", ping_socket, UNLISTED, KILLED, -1},
	{"make a packet socket", packet_socket, UNLISTED, KILLED, 0},
	{"make a netlink socket", netlink_socket, UNLISTED, KILLED, 0},
	{"make a Unix socket", unix_socket, UNLISTED, KILLED, 0},
	{"make a socket to the host", vm_socket, UNLISTED, KILLED, -1},
	{"make a pair of sockets", socket_pair, UNLISTED, KILLED, 0},
	{"connect by TCP", connect_tcp, 0, KILLED, 0},
	{"connect a socket that is open", connect_pair, EAFNOSUPPORT, KILLED, -1},
	{"bind a TCP port", bind_tcp, EACCES, KILLED, 4},
	{"bind a UDP port", bind_udp, 0, KILLED, 0},
	{"wait for peers", wait_for_peers, UNLISTED, KILLED, -1},
	{"receive a descriptor", pass_a_descriptor, UNLISTED, KILLED, -1},
	{"duplicate a descriptor", duplicate, UNLISTED, KILLED, 0},
	{"take another process's descriptor", take_a_descriptor, UNLISTED, KILLED, -1},
	{"make a pipe", make_pipe, UNLISTED, KILLED, 0},
	{"make a memory file", make_memory_file, UNLISTED, KILLED, 0},
	{"ask about a descriptor", control_descriptor, UNLISTED, KILLED, 0},
	{"make a process", new_process, UNLISTED, KILLED, 0},
	{"make a process by clone3", fork_by_clone3, UNLISTED, KILLED, -1},
	{"signal the parent", signal_parent, UNLISTED, KILLED, 0},
	{"signal a thread", signal_thread, UNLISTED, KILLED, 0},
	{"trace the parent", trace_parent, UNLISTED, KILLED, -1},
	{"read the parent's memory", read_parent, UNLISTED, KILLED, 0},
	{"become root", become_root, UNLISTED, KILLED, 0},
	{"lower its limit", lower_limit, 0, KILLED, 0},
	{"raise its limit", raise_limit, EPERM, KILLED, -1},
	{"limit the parent", limit_parent, UNLISTED, KILLED, 0},
	{"become dumpable", become_dumpable, UNLISTED, PRCTL, 0},
	{"map memory as code", map_code, UNLISTED, KILLED, 0},
	{"make memory code", protect_code, UNLISTED, KILLED, 0},
	{"set up a ring of calls", set_up_a_ring, UNLISTED, KILLED, -1},
	{"load a program into the kernel", load_a_program, UNLISTED, KILLED, -1},
	{"handle page faults", handle_page_faults, UNLISTED, KILLED, -1},
	{"count events", count_events, UNLISTED, KILLED, -1},
	{"take a key", take_a_key, UNLISTED, KILLED, -1},
#if defined(__x86_64__)
	{"call by the number of x32", call_as_x32, UNLISTED, KILLED, -1},
#endif
	{"map more than the limit", map_beyond_the_limit, BEYOND, BEYOND, 0},
	/* what has to work */
	{"allocate 4 MiB", allocate, 0, 0, 0},
	{"map data", map_data, 0, 0, 0},
	{"make memory data", protect_data, 0, 0, 0},
	{"talk by sockets that are open", use_sockets, 0, 0, 0},
	{"poll one socket", poll_one, 0, 0, 0},
	{"poll two sockets", poll_two, 0, KILLED, 0},
	{"draw random bytes", draw_random, 0, 0, 0},
	{"read the clocks", read_clocks, 0, 0, 0},
	{"close a socket", close_socket, 0, 0, 0},
	{"ask who it is", ask_who, 0, 0, 0},
	{"move memory", move_memory, 0, 0, 0},
	{"wait a moment", wait_a_moment, 0, 0, 0},
};
/* clang-format on */

/* Put the world as every attempt finds it. */
static void make_file(const char *name, mode_t mode)
{
	int fd;

	unlink(name);
	fd = open(name, O_WRONLY | O_CREAT, mode);
	if (fd < 0 || write(fd, "old", 3) != 3) {
		perror("test_sandbox: file");
		exit(1);
	}
	close(fd);
}

static void prepare(void)
{
	umount2(world.path, MNT_DETACH);
	remove("made");
	make_file("file", 0644);
	make_file("client.key", 0600);
}

static int body_of(const void *argument)
{
	const struct attempt *a = argument;

	return a->attempt();
}

static int try(const struct attempt *a, enum stage stage)
{
	prepare();
	return try_at(stage, body_of, a);
}

static void check(const struct attempt *a, enum stage stage, int expected)
{
	static const char *const names[] = {"free", "entered", "sealed"};
	int got = try(a, stage);
	/* It became another program, which said nothing. */
	bool replaced = stage == FREE && got == ANYHOW;
	bool good = got == expected || replaced;

	tell(good, "%s: %s: %d%s", names[stage], a->what, got,
	     good ? "" : " is not what it should be");
}

/* Where the kernel takes such calls at all. */
static void check_i386(void)
{
#if defined(__x86_64__)
	static const struct attempt a = {"call as i386", call_as_i386, 0,
					 KILLED, 0};

	if (try(&a, FREE) == 0)
		check(&a, SEALED, a.sealed);
#endif
}

static void check_attempts(void)
{
	for (size_t i = 0; i < COUNT(attempts); i++) {
		const struct attempt *a = &attempts[i];

		if (a->landlock >= 0 && geteuid() == 0)
			check(a, FREE, 0);
		if (world.landlock >= a->landlock)
			check(a, ENTERED, a->entered);
		check(a, SEALED, a->sealed);
	}
}

/* A file that is kept in place of the pipe can be written to, but not grow,
 * which is a signal. */
static void check_file_size(void)
{
	pid_t pid;
	int status;

	prepare();
	pid = fork();
	if (pid == 0) {
		int fd = open("file", O_WRONLY | O_APPEND);

		signal(SIGXFSZ, SIG_DFL);
		confine(fd, ENTERED);
		(void)!write(fd, "new", 3);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	tell(WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ,
	     "entered: a file does not grow");
}

/* Does descriptor FD of process PID show WHAT? */
static bool shows(pid_t pid, int fd, const char *what)
{
	char path[64];
	char target[64] = "";

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)pid, fd);
	return readlink(path, target, sizeof(target) - 1) > 0 &&
	       !strncmp(target, what, strlen(what));
}

/* Only KEEP is left, and 0 to 2 are a device that says nothing. */
static bool is_tidy(pid_t pid, int keep, int last)
{
	bool good = shows(pid, keep, "pipe:");

	for (int fd = 0; fd < 3; fd++)
		good = good && (fd == keep || (SANITIZED && fd) ||
				shows(pid, fd, "/dev/null"));
	for (int fd = 3; fd <= last + 10; fd++)
		good = good && (fd == keep || !shows(pid, fd, ""));
	return good;
}

/* All descriptors from 3 to the last are open, KEEP as the pipe. */
static bool closes_all_but(int keep, int last)
{
	int ends[2];
	bool good;
	char byte;
	pid_t pid;

	if (pipe(ends))
		return false;
	pid = fork();
	if (pid == 0) {
		struct failure f;
		unsigned missing;
		int null = open("/dev/null", O_RDWR);

		dup2(ends[1], 200);
		for (int fd = 3; fd <= last; fd++)
			if (fd != null)
				dup2(null, fd);
		dup2(200, keep);
		if (sandbox_enter(keep, &missing, &f) != ERR_OK)
			_exit(101);
		(void)!write(keep, "", 1);
		for (;;)
			poll(NULL, 0, 1000);
	}
	close(ends[1]);
	good = read(ends[0], &byte, 1) == 1 && is_tidy(pid, keep, last);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(ends[0]);
	return good;
}

static void check_descriptors(void)
{
	static const int kept[] = {1, 3, 4, 17, 40};

	for (size_t i = 0; i < COUNT(kept); i++)
		tell(closes_all_but(kept[i], 40),
		     "entered: of 41 descriptors %d is left", kept[i]);
}

/* Let the kernel answer ERROR to call NUMBER, where FIRST is its first
 * argument or -1. The sandbox has to notice. */
static void deny(long number, long first, int error)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, args[0])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)first, 0,
			 first < 0 ? 0 : 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (uint32_t)error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = {COUNT(code), code};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0))
		_exit(104);
}

struct denial {
	const char *what;
	long number;
	long first;
	int error;
	enum err entered;
	enum err sealed;
	bool missing;
};

/* The error of both steps and what was missing, as one number. */
static int step_with(const struct denial *d)
{
	int ends[2];
	pid_t pid;

	if (pipe(ends))
		return -1;
	pid = fork();
	if (pid == 0) {
		struct failure f = {0};
		unsigned missing = 0;
		int result[1];
		enum err entered;
		enum err sealed = ERR_OK;

		deny(d->number, d->first, d->error);
		entered = sandbox_enter(ends[1], &missing, &f);
		if (entered == ERR_OK)
			sealed = sandbox_seal(&missing, &f);
		if ((entered || sealed) && !*f.detail)
			_exit(105);
		*result = (int)entered * 100 + (int)sealed * 2 +
			  (missing == SANDBOX_NO_LANDLOCK);
		(void)!write(ends[1], result, sizeof(result));
		_exit(0);
	}
	close(ends[1]);
	return wait_for(pid, ends[0]);
}

static void check_denials(void)
{
	static const struct denial rows[] = {
		{"nothing", -1, -1, 0, ERR_OK, ERR_OK, false},
		{"Landlock, by an old kernel", SYS_landlock_create_ruleset, -1,
		 ENOSYS, ERR_OK, ERR_OK, true},
		{"Landlock, switched off", SYS_landlock_create_ruleset, -1,
		 EOPNOTSUPP, ERR_OK, ERR_OK, true},
		{"Landlock, by an old Docker", SYS_landlock_create_ruleset, -1,
		 EPERM, ERR_OK, ERR_OK, true},
		{"a rule of Landlock", SYS_landlock_add_rule, -1, EINVAL,
		 ERR_SANDBOX, ERR_OK, false},
		{"Landlock's end", SYS_landlock_restrict_self, -1, EPERM,
		 ERR_SANDBOX, ERR_OK, false},
		{"close_range", SYS_close_range, -1, ENOSYS, ERR_OK, ERR_OK,
		 false},
		{"limits", SYS_prlimit64, -1, EPERM, ERR_SANDBOX, ERR_OK,
		 false},
		{"no_new_privs", SYS_prctl, PR_SET_NO_NEW_PRIVS, EINVAL,
		 ERR_SANDBOX, ERR_OK, false},
		{"not to be dumpable", SYS_prctl, PR_SET_DUMPABLE, EINVAL,
		 ERR_SANDBOX, ERR_OK, false},
		{"another user, without capability", SYS_setresuid, -1, EPERM,
		 ERR_OK, ERR_OK, false},
		{"another user, unmapped", SYS_setresgid, -1, EINVAL, ERR_OK,
		 ERR_OK, false},
		{"another user, out of resources", SYS_setresuid, -1, EAGAIN,
		 ERR_SANDBOX, ERR_OK, false},
		{"no capabilities", SYS_capset, -1, EPERM, ERR_SANDBOX, ERR_OK,
		 false},
		{"seccomp", SYS_prctl, PR_SET_SECCOMP, EINVAL, ERR_SANDBOX,
		 ERR_OK, false},
		{"refusing code for ever", SYS_prctl, 65 /* PR_SET_MDWE */,
		 EINVAL, ERR_OK, ERR_OK, false},
		{"/dev/null", SYS_openat, -1, ENOENT, ERR_OK, ERR_OK, false},
#ifdef SYS_open
		{"/dev/null, by open", SYS_open, -1, ENOENT, ERR_OK, ERR_OK,
		 false},
#endif
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct denial *d = &rows[i];
		int expected =
			(int)d->entered * 100 + (int)d->sealed * 2 + d->missing;
		int got = step_with(d);

		if (world.landlock)
			tell(got == expected, "the kernel denies %s: %d",
			     d->what, got);
	}
}

static bool closes_without_close_range(void)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		deny(SYS_close_range, -1, ENOSYS);
		_exit(closes_all_but(17, 40) && closes_all_but(3, 40) ? 0 : 1);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* The lines of a file of /proc that begin with one of NAMES. */
static bool proc_has(pid_t pid, const char *file, const char *const lines[],
		     size_t count)
{
	char path[64];
	char text[8192];
	size_t len;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	f = fopen(path, "re");
	len = f ? fread(text, 1, sizeof(text) - 1, f) : 0;
	text[len] = '\0';
	if (f)
		fclose(f);
	for (size_t i = 0; i < count; i++)
		if (!strstr(text, lines[i])) {
			printf("# no \"%s\" in\n%s", lines[i], text);
			return false;
		}
	return true;
}

/* A process at STAGE that waits to be looked at. */
static void check_state(enum stage stage)
{
	static const char *const status[] = {
		"Uid:\t65534\t65534\t65534\t65534\n",
		"Gid:\t65534\t65534\t65534\t65534\n",
		"Groups:\t \n",
		"NoNewPrivs:\t1\n",
		"Seccomp:\t2\n",
		"CapPrm:\t0000000000000000\n",
		"CapEff:\t0000000000000000\n",
		"Name:\tdtr-trust-probe\n",
	};
	static const char *const limits[] = {
		"Max core file size        0                    0   ",
		"Max file size             0                    0   ",
		"Max processes             0                    0   ",
		"Max cpu time              60                   60   ",
#if !defined(__SANITIZE_ADDRESS__)
		"Max address space         33554432             33554432  ",
#endif
	};
	static const char *const no_files[] = {
		"Max open files            1                    1   ",
	};
	const char *name = stage == SEALED ? "sealed" : "entered";
	int ends[2];
	char byte;
	pid_t pid;

	if (geteuid() != 0 || pipe(ends))
		return;
	pid = fork();
	if (pid == 0) {
		const gid_t group = 1;

		if (setgroups(1, &group))
			_exit(106);
		confine(ends[1], stage);
		(void)!write(ends[1], "", 1);
		for (;;)
			(void)!recv(confined.pair[0], &byte, 1, 0);
	}
	close(ends[1]);
	(void)!read(ends[0], &byte, 1);
	tell(proc_has(pid, "status", status, COUNT(status)),
	     "%s: nobody, without groups and capabilities", name);
	tell(proc_has(pid, "limits", limits, COUNT(limits)), "%s: limits",
	     name);
	if (stage == SEALED)
		tell(proc_has(pid, "limits", no_files, COUNT(no_files)),
		     "sealed: no descriptor more");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(ends[0]);
}

/* A probe that its installer could not kill would never end. */
static void check_without_cap_kill(void)
{
	static const char *const status[] = {"Uid:\t0\t0\t0\t0\n",
					     "CapEff:\t0000000000000000\n"};
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3,
						  0};
	struct __user_cap_data_struct caps[2];
	int ends[2];
	char byte;
	pid_t pid;

	if (geteuid() != 0 || pipe(ends))
		return;
	pid = fork();
	if (pid == 0) {
		syscall(SYS_capget, &header, caps);
		caps[0].effective &= ~(1U << CAP_KILL);
		if (syscall(SYS_capset, &header, caps))
			_exit(106);
		confine(ends[1], ENTERED);
		(void)!write(ends[1], "", 1);
		for (;;)
			poll(NULL, 0, 1000);
	}
	close(ends[1]);
	(void)!read(ends[0], &byte, 1);
	tell(proc_has(pid, "status", status, COUNT(status)),
	     "entered without CAP_KILL: the same user, without capabilities");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(ends[0]);
}

static void open_world(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
				 .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t size = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
			   LANDLOCK_CREATE_RULESET_VERSION);

	strcpy(world.path, "/tmp/dtr-trust-test-XXXXXX");
	if (!mkdtemp(world.path) || chdir(world.path) ||
	    bind(fd, (struct sockaddr *)&at, size) || listen(fd, 16) ||
	    getsockname(fd, (struct sockaddr *)&at, &size)) {
		perror("test_sandbox");
		exit(1);
	}
	world.port = ntohs(at.sin_port);
	world.landlock = abi < 0 ? 0 : (int)abi;
	world.parent = getpid();
	if (!unshare(CLONE_NEWNS))
		mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
}

static void close_world(void)
{
	prepare();
	unlink("file");
	unlink("client.key");
	if (chdir("/") || rmdir(world.path))
		perror("test_sandbox: cannot clean up");
}

int main(void)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	open_world();
	check_attempts();
	check_i386();
	check_file_size();
	check_descriptors();
	tell(closes_without_close_range(),
	     "entered: descriptors are closed without close_range");
	check_denials();
	check_state(ENTERED);
	check_state(SEALED);
	check_without_cap_kill();
	close_world();
	return tell_end();
}
