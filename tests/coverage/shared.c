/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Linked into the coverage builds alone: puts gcov's counters on pages that a
 * process shares with all that it forks, and with the program that a probe
 * executes. So what a probe did is counted too, though it ends by _exit, by a
 * signal or by SIGKILL, and though a sealed probe may open no file; its
 * installer writes the sum. The product's own code and its sandbox are as ever.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Inherited by whom we execute; far from what a test counts. */
#define COUNTERS_FD 1000

extern char counters_begin[], counters_end[];

/* Are there counters of SIZE bytes that the program before us has left? */
__attribute__((no_profile_instrument_function)) static bool
has_counters(size_t size)
{
	return lseek(COUNTERS_FD, 0, SEEK_END) == (off_t)size;
}

/* Where the limit on descriptors is low, only what is forked shares them. */
__attribute__((no_profile_instrument_function)) static int
open_counters(size_t size)
{
	int fd = memfd_create("counters", 0);
	int kept = fd < 0 || ftruncate(fd, (off_t)size) ? -1
							: dup2(fd, COUNTERS_FD);

	if (fd >= 0)
		close(fd);
	return kept;
}

/* Runs before any constructor with a later number, and before main. */
__attribute__((constructor(101), no_profile_instrument_function)) static void
share_counters(void)
{
	size_t size = (size_t)(counters_end - counters_begin);
	bool is_first = !has_counters(size);
	int fd = is_first ? open_counters(size) : COUNTERS_FD;
	void *shared = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_SHARED | (fd < 0 ? MAP_ANONYMOUS : 0), fd, 0);

	if (shared == MAP_FAILED)
		__builtin_trap();
	if (is_first)
		memcpy(shared, counters_begin, size);
	if (mremap(shared, size, size, MREMAP_MAYMOVE | MREMAP_FIXED,
		   counters_begin) != (void *)counters_begin)
		__builtin_trap();
}
