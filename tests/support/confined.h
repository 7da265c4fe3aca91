/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attempts from inside the sandbox, each in a process of its own. Without
 * cmocka, because it is linked with both libcs: the tables of calls are made
 * for musl. Speaks TAP itself.
 */
#ifndef SUPPORT_CONFINED_H
#define SUPPORT_CONFINED_H

#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe/sandbox/sandbox.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* How an attempt ends: 0, an errno, or one of these. */
enum { SIGNALLED = 1000, ANYHOW = 2000 };
#define KILLED (SIGNALLED + SIGSYS)

/* AddressSanitizer and glibc make calls of their own, see seccomp.c. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#define UNLISTED  EPERM
#else
#define SANITIZED 0
#define UNLISTED  KILLED
#endif

#define ATTEMPT_SECONDS 2

enum stage { FREE, ENTERED, SEALED };

static struct {
	int pair[2]; /* sockets that are open when the seal is put on */
	unsigned failed;
	unsigned number;
} confined;

static void tell(bool good, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void tell(bool good, const char *format, ...)
{
	va_list args;

	printf("%sok %u - ", good ? "" : "not ", ++confined.number);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	if (!good)
		confined.failed++;
}

/* Of system calls made as such: libc would choose another, or none. */
static inline int outcome(long returned)
{
	return returned < 0 ? errno : 0;
}

/* Two sockets of UDP that talk to each other: what a probe may have open. */
static inline bool open_pair(void)
{
	struct sockaddr_in at[2] = {{0}};
	socklen_t size = sizeof(at[0]);

	for (int i = 0; i < 2; i++) {
		at[i].sin_family = AF_INET;
		at[i].sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		confined.pair[i] = socket(AF_INET, SOCK_DGRAM, 0);
		if (bind(confined.pair[i], (struct sockaddr *)&at[i], size) ||
		    getsockname(confined.pair[i], (struct sockaddr *)&at[i],
				&size))
			return false;
	}
	return !connect(confined.pair[0], (struct sockaddr *)&at[1], size) &&
	       !connect(confined.pair[1], (struct sockaddr *)&at[0], size);
}

static inline void confine(int keep_fd, enum stage stage)
{
	/* As in the probe: its first use maps a page at a fixed place. */
	void *volatile memory = malloc(1);
	struct failure f;
	unsigned missing = 0;

	free(memory);
	if (stage >= ENTERED && sandbox_enter(keep_fd, &missing, &f) != ERR_OK)
		_exit(101);
	if (!open_pair())
		_exit(102);
	if (stage >= SEALED && sandbox_seal(&missing, &f) != ERR_OK)
		_exit(103);
}

/* What BODY returned, or the signal that ended the process. */
static inline int wait_for(pid_t pid, int from)
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

/* Run BODY with ARGUMENT at STAGE. */
static inline int try_at(enum stage stage, int (*body)(const void *argument),
			 const void *argument)
{
	int ends[2];
	pid_t pid;

	if (pipe(ends))
		return -1;
	pid = fork();
	if (pid == 0) {
		int result;

		/* What is not forbidden may wait for ever. */
		alarm(ATTEMPT_SECONDS);
		confine(ends[1], stage);
		result = body(argument);
		(void)!write(ends[1], &result, sizeof(result));
		_exit(0);
	}
	close(ends[1]);
	return wait_for(pid, ends[0]);
}

/* The plan, and the exit status. */
static inline int tell_end(void)
{
	printf("1..%u\n", confined.number);
	return confined.failed ? 1 : 0;
}

#endif
