/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The child's two lives, before and after execve(2); see launch.h.
 */
#include "probe/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/io.h"
#include "common/job_pack.h"
#include "probe/probe.h"

/* Not a name to call the program by: it wants two descriptors, too. */
#define PROGRAM "dtr-trust-probe"

#define FD_CHARS_MAX 12

/* A file in memory that holds JOB, or -1 with errno set. */
static int write_job(const struct job *job)
{
	struct job_packed packed;
	int fd = memfd_create(PROGRAM, 0);

	if (fd < 0)
		return -1;
	job_pack(job, &packed);
	for (size_t i = 0; i < packed.count; i++)
		if (!io_write_full(fd, packed.pieces[i].data,
				   packed.pieces[i].len))
			return -1;
	return fd;
}

/* By its open file; where /proc is not mounted, by the name it was started
 * with. Returns only where both fail. */
static void execute(int job_fd, int pipe_fd)
{
	static char *const no_environment[] = {NULL};
	const char *name = (const char *)getauxval(AT_EXECFN);
	char job_text[FD_CHARS_MAX];
	char pipe_text[FD_CHARS_MAX];
	char program[] = PROGRAM;
	char *const argv[] = {program, job_text, pipe_text, NULL};

	snprintf(job_text, sizeof(job_text), "%d", job_fd);
	snprintf(pipe_text, sizeof(pipe_text), "%d", pipe_fd);
	execve("/proc/self/exe", argv, no_environment);
	if (errno == ENOENT && name)
		execve(name, argv, no_environment);
}

/* see launch.h */
_Noreturn void launch_probe(const struct job *job, int pipe_fd)
{
	int job_fd = write_job(job);
	const char *what = "memfd_create";

	if (job_fd >= 0 && !fcntl(pipe_fd, F_SETFD, 0)) {
		execute(job_fd, pipe_fd);
		what = "execve";
	}
	/* The file in memory is one. */
	if (errno == EFBIG)
		what = "a limit on the size of files, ulimit -f";
	probe_give_up(pipe_fd, errno, what);
}

/* The number of an open descriptor, or -1. */
static int descriptor_of(const char *text)
{
	char *end;
	long fd = strtol(text, &end, 10);

	if (end == text || *end || fd < 0 || fd > 0xffff ||
	    fcntl((int)fd, F_GETFD) < 0)
		return -1;
	return (int)fd;
}

static const struct job *read_job(int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);
	void *memory;

	if (size <= 0)
		return NULL;
	memory = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_PRIVATE,
		      fd, 0);
	close(fd);
	return memory == MAP_FAILED ? NULL : job_unpack(memory, (size_t)size);
}

/* see launch.h */
void launch_continue(int argc, char *const argv[])
{
	const struct job *job;
	int job_fd;
	int pipe_fd;

	if (argc != 3 || strcmp(argv[0], PROGRAM) != 0)
		return;
	job_fd = descriptor_of(argv[1]);
	pipe_fd = descriptor_of(argv[2]);
	if (job_fd < 0 || pipe_fd < 0)
		_exit(1);
	job = read_job(job_fd);
	if (!job)
		probe_give_up(pipe_fd, errno, "mmap");
	probe_run(job, pipe_fd);
}
