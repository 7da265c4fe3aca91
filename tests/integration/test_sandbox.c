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
#include "probe/sandbox/sandbox.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* How an attempt ends: 0, an errno, or one of these. */
enum { SIGNALLED = 1000, ANYHOW = 2000 };
#define KILLED (SIGNALLED + SIGSYS)

/* AddressSanitizer makes calls of its own, see sandbox.c. */
#if defined(__SANITIZE_ADDRESS__)
#define OPENING EACCES
#define PRCTL	EPERM
#define BEYOND	0
#else
#define OPENING KILLED
#define PRCTL	KILLED
#define BEYOND	ENOMEM
#endif

static struct {
	char path[64]; /* of an empty directory, the working directory */
	int fd;	       /* the same, as a child inherits it */
	int pair[2];   /* sockets that are open when the seal is put on */
	uint16_t port; /* of a listener on 127.0.0.1 */
	pid_t parent;
	int landlock; /* what the kernel can, 0: nothing */
	unsigned failed;
	unsigned number;
} world;

static void tell(bool good, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void tell(bool good, const char *format, ...)
{
	va_list args;

	printf("%sok %u - ", good ? "" : "not ", ++world.number);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	if (!good)
		world.failed++;
}

/* Of system calls made as such: libc would choose another, or none. */
static int outcome(long returned)
{
	return returned < 0 ? errno : 0;
}

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

	return outcome(syscall(SYS_connect, world.pair[0], &to, sizeof(to)));
}

static int bind_tcp(void)
{
	const struct sockaddr_in to = {.sin_family = AF_INET,
				       .sin_addr = {htonl(INADDR_LOOPBACK)}};
	long fd = syscall(SYS_socket, AF_INET, SOCK_STREAM, 0);

	return outcome(syscall(SYS_bind, fd, &to, sizeof(to)));
}

static int pass_a_descriptor(void)
{
	char control[64] = "";
	struct msghdr message = {.msg_control = control,
				 .msg_controllen = sizeof(control)};

	return outcome(
		syscall(SYS_recvmsg, world.pair[0], &message, MSG_DONTWAIT));
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

static int raise_limit(void)
{
	const uint64_t limit[2] = {0, 0};

	return outcome(syscall(SYS_prlimit64, 0, RLIMIT_CORE, limit, NULL));
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

	if (send(world.pair[0], "x", 1, MSG_NOSIGNAL) != 1 ||
	    recv(world.pair[1], &byte, 1, 0) != 1)
		return errno;
	if (write(world.pair[1], "y", 1) != 1 ||
	    read(world.pair[0], &byte, 1) != 1)
		return errno;
	return byte == 'y' ? 0 : -1;
}

static int poll_sockets(nfds_t count)
{
	struct pollfd fds[2] = {{world.pair[0], POLLOUT, 0},
				{world.pair[1], POLLOUT, 0}};

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
	return outcome(close(world.pair[0]));
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

static int ask_who_and_when(void)
{
	struct timeval now;

	syscall(SYS_getpid);
	syscall(SYS_gettid);
	return outcome(syscall(SYS_gettimeofday, &now, NULL));
}

static int move_memory(void)
{
	void *page = mmap(NULL, 65536, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED || madvise(page, 65536, MADV_DONTNEED))
		return errno;
	page = mremap(page, 65536, 131072, MREMAP_MAYMOVE);
	return page == MAP_FAILED ? errno : 0;
}

static int wait_and_wake(void)
{
	const struct timespec now = {0, 0};
	int word = 0;

	if (syscall(SYS_futex, &word, 1 /* FUTEX_WAKE */, 1, NULL, NULL, 0))
		return errno;
	return outcome(syscall(SYS_ppoll, NULL, 0, &now, NULL, 8));
}

static volatile sig_atomic_t caught;

static void catch (int number)
{
	caught = number;
}

static int catch_a_signal(void)
{
	signal(SIGPIPE, catch);
	close(world.pair[1]);
	if (write(world.pair[0], "x", 1) != -1 || errno != EPIPE)
		return errno;
	return caught == SIGPIPE ? 0 : -1;
}

struct attempt {
	const char *what;
	int (*attempt)(void);
	int entered;  /* the outcome after sandbox_enter */
	int sealed;   /* and after sandbox_seal too */
	int landlock; /* the ABI that forbids it after sandbox_enter */
};

/* clang-format off */
static const struct attempt attempts[] = {
	/* what is to be forbidden */
	{"read a file of /etc", read_hosts, 0, OPENING, 0},
	{"list /etc", list_etc, EACCES, OPENING, 1},
	{"write a file of /etc", write_hosts, EACCES, OPENING, 1},
	{"read /proc", read_proc, EACCES, OPENING, 1},
	{"read a file", read_file, EACCES, OPENING, 1},
	{"write a file", write_file, EACCES, OPENING, 1},
	{"create a file", create_file, EACCES, OPENING, 1},
	{"read a file by openat2", read_by_openat2, EACCES, KILLED, 1},
	{"unlink a file", unlink_file, EACCES, KILLED, 1},
	{"make a directory", make_directory, EACCES, KILLED, 1},
	{"make a symbolic link", make_link, EACCES, KILLED, 1},
	{"link a file", link_file, EACCES, KILLED, 1},
	{"rename a file", rename_file, EACCES, KILLED, 1},
	{"make a FIFO", make_fifo, EACCES, KILLED, 1},
	{"truncate a file", truncate_file, EACCES, KILLED, 3},
	{"execute a program", execute, EACCES, KILLED, 1},
	{"mount", mount_something, EPERM, KILLED, 1},
	{"make a namespace", new_namespace, ANYHOW, KILLED, 0},
	{"make a socket", new_socket, 0, KILLED, 0},
	{"connect by TCP", connect_tcp, 0, KILLED, 0},
	{"connect a socket that is open", connect_pair, ANYHOW, KILLED, 0},
	{"bind a TCP port", bind_tcp, EACCES, KILLED, 4},
	{"receive a descriptor", pass_a_descriptor, ANYHOW, KILLED, 0},
	{"duplicate a descriptor", duplicate, 0, KILLED, 0},
	{"make a pipe", make_pipe, 0, KILLED, 0},
	{"make a memory file", make_memory_file, ANYHOW, KILLED, 0},
	{"ask about a descriptor", control_descriptor, 0, KILLED, 0},
	{"make a process", new_process, ANYHOW, KILLED, 0},
	{"signal the parent", signal_parent, EPERM, KILLED, 6},
	{"signal a thread", signal_thread, EPERM, EPERM, 6},
	{"trace the parent", trace_parent, EPERM, KILLED, 1},
	{"read the parent's memory", read_parent, EPERM, KILLED, 1},
	{"become root", become_root, ANYHOW, KILLED, 0},
	{"set a limit", raise_limit, 0, KILLED, 0},
	{"become dumpable", become_dumpable, 0, PRCTL, 0},
	{"map memory as code", map_code, 0, KILLED, 0},
	{"make memory code", protect_code, 0, KILLED, 0},
#if defined(__x86_64__)
	{"call by the number of x32", call_as_x32, ANYHOW, KILLED, 0},
#endif
	{"map more than the limit", map_beyond_the_limit, BEYOND, BEYOND, 0},
	/* what has to work */
	{"allocate 4 MiB", allocate, 0, 0, 0},
	{"map data", map_data, 0, 0, 0},
	{"make memory data", protect_data, 0, 0, 0},
	{"talk by sockets that are open", use_sockets, 0, 0, 0},
	{"poll one socket", poll_one, 0, 0, 0},
	{"poll two sockets", poll_two, 0, EINVAL, 0},
	{"draw random bytes", draw_random, 0, 0, 0},
	{"read the clocks", read_clocks, 0, 0, 0},
	{"close a socket", close_socket, 0, 0, 0},
	{"ask who and when", ask_who_and_when, 0, 0, 0},
	{"move memory", move_memory, 0, 0, 0},
	{"wait and wake", wait_and_wake, 0, 0, 0},
	{"catch a signal", catch_a_signal, 0, 0, 0},
};
/* clang-format on */

enum stage { FREE, ENTERED, SEALED };

/* Put the world as every attempt finds it. */
static void prepare(void)
{
	int fd;

	umount2(world.path, MNT_DETACH);
	remove("made");
	unlink("file");
	fd = open("file", O_WRONLY | O_CREAT, 0644);
	if (fd < 0 || write(fd, "old", 3) != 3) {
		perror("test_sandbox: file");
		exit(1);
	}
	close(fd);
}

static void enter(int keep_fd, enum stage stage)
{
	struct failure f;
	unsigned missing = 0;

	if (stage >= ENTERED && sandbox_enter(keep_fd, &missing, &f) != ERR_OK)
		_exit(101);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, world.pair))
		_exit(102);
	if (stage >= SEALED && sandbox_seal(&missing, &f) != ERR_OK)
		_exit(103);
}

/* What BODY returned, or the signal that ended the process. */
static int wait_for(pid_t pid, int from)
{
	int result = ANYHOW + 1;
	ssize_t n = read(from, &result, sizeof(result));
	int status;

	close(from);
	waitpid(pid, &status, 0);
	if (WIFSIGNALED(status))
		return SIGNALLED + WTERMSIG(status);
	if (n != sizeof(result))
		return ANYHOW + WEXITSTATUS(status);
	return result;
}

static int try(int (*body)(void), enum stage stage)
{
	int ends[2];
	pid_t pid;

	prepare();
	if (pipe(ends))
		return -1;
	pid = fork();
	if (pid == 0) {
		int result;

		enter(ends[1], stage);
		result = body();
		(void)!write(ends[1], &result, sizeof(result));
		_exit(0);
	}
	close(ends[1]);
	return wait_for(pid, ends[0]);
}

static void check(const struct attempt *a, enum stage stage, int expected)
{
	static const char *const names[] = {"free", "entered", "sealed"};
	int got = try(a->attempt, stage);
	/* It became another program, which said nothing. */
	bool replaced = stage == FREE && got == ANYHOW;
	bool good = expected == ANYHOW || got == expected || replaced;

	tell(good, "%s: %s: %d%s", names[stage], a->what, got,
	     good ? "" : " is not what it should be");
}

/* Where the kernel takes such calls at all. */
static void check_i386(void)
{
#if defined(__x86_64__)
	static const struct attempt a = {"call as i386", call_as_i386, 0,
					 KILLED, 0};

	if (try(a.attempt, FREE) == 0)
		check(&a, SEALED, a.sealed);
#endif
}

static void check_attempts(void)
{
	for (size_t i = 0; i < COUNT(attempts); i++) {
		const struct attempt *a = &attempts[i];

		if (a->entered != ANYHOW && geteuid() == 0)
			check(a, FREE, 0);
		if (a->entered != ANYHOW && world.landlock >= a->landlock)
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
		enter(fd, ENTERED);
		(void)!write(fd, "new", 3);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	tell(WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ,
	     "entered: a file does not grow");
}

/* All descriptors from 3 to the last are open but for KEEP; those that are
 * left afterwards are counted. */
static bool closes_all_but(int keep, int last)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		struct failure f;
		unsigned missing;
		int null = open("/dev/null", O_RDWR);
		int left = 0;

		for (int fd = 3; fd <= last; fd++)
			if (fd != null)
				dup2(null, fd);
		if (sandbox_enter(keep, &missing, &f) != ERR_OK)
			_exit(101);
		for (int fd = 0; fd <= last + 10; fd++)
			if (fd != keep && fd > 2 && fcntl(fd, F_GETFD) >= 0)
				left++;
		_exit(left + (fcntl(keep, F_GETFD) >= 0 ? 0 : 100));
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
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
		 ERR_OK, ERR_SANDBOX, false},
		{"no capabilities", SYS_capset, -1, EPERM, ERR_OK, ERR_SANDBOX,
		 false},
		{"seccomp", SYS_prctl, PR_SET_SECCOMP, EINVAL, ERR_OK,
		 ERR_SANDBOX, false},
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

/* A sealed process that waits to be looked at. */
static void check_state(void)
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
		"Max open files            1                    1   ",
#if !defined(__SANITIZE_ADDRESS__)
		"Max address space         33554432             33554432  ",
#endif
	};
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
		enter(ends[1], SEALED);
		(void)!write(ends[1], "", 1);
		for (;;)
			(void)!read(world.pair[0], &byte, 1);
	}
	close(ends[1]);
	(void)!read(ends[0], &byte, 1);
	tell(proc_has(pid, "status", status, COUNT(status)),
	     "sealed: nobody, without groups and capabilities");
	tell(proc_has(pid, "limits", limits, COUNT(limits)), "sealed: limits");
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
	check_state();
	close_world();
	printf("1..%u\n", world.number);
	return world.failed ? 1 : 0;
}
