/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the probe inherits open; see parts.h.
 */
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "probe/sandbox/parts.h"

/* The sanitizers report on standard error. */
#define FIRST (SANITIZED ? 3 : 0)

/* A kernel before 5.9 has no close_range, and no container's limit counts. */
#define DESCRIPTORS_BEFORE_5_9 1024

/* A descriptor that leaks in from the installer could be certs.d, and on its
 * terminal a probe could say anything in its name. */
static void close_others(int keep_fd)
{
	bool done =
		syscall(SYS_close_range, keep_fd >= FIRST ? keep_fd + 1 : FIRST,
			~0U, 0) == 0;

	if (done && keep_fd > FIRST)
		done = syscall(SYS_close_range, FIRST, keep_fd - 1, 0) == 0;
	for (int fd = FIRST; !done && fd < DESCRIPTORS_BEFORE_5_9; fd++)
		if (fd != keep_fd)
			close(fd);
}

/* Where there is no /dev/null, the end of a pipe whose other end is closed
 * reads like it. */
static int open_nothing(void)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	int ends[2];

	if (fd >= 0)
		return fd;
	if (pipe2(ends, O_CLOEXEC))
		return -1;
	close(ends[1]);
	return ends[0];
}

/* see parts.h */
enum err sandbox_descriptors(int keep_fd, struct failure *f)
{
	int nothing;

	close_others(keep_fd);
	nothing = open_nothing();
	if (nothing < 0)
		return sandbox_fail(f, "/dev/null");
	for (int fd = 0; fd < 3; fd++)
		if (fd != keep_fd && fd != nothing && !(SANITIZED && fd) &&
		    dup2(nothing, fd) < 0)
			return sandbox_fail(f, "dup2");
	if (nothing > 2)
		close(nothing);
	return ERR_OK;
}
