/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Linked into the coverage builds alone: puts gcov's counters on pages that a
 * process shares with all that it forks. So what a probe did is counted too,
 * though it ends by _exit, by a signal or by SIGKILL, and though a sealed probe
 * may open no file; its installer writes the sum. The product's own code and
 * its sandbox are as ever.
 */
#include <string.h>
#include <sys/mman.h>

extern char counters_begin[], counters_end[];

/* Runs before any constructor with a later number, and before main. */
__attribute__((constructor(101), no_profile_instrument_function)) static void
share_counters(void)
{
	size_t size = (size_t)(counters_end - counters_begin);
	void *shared = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		__builtin_trap();
	memcpy(shared, counters_begin, size);
	if (mremap(shared, size, size, MREMAP_MAYMOVE | MREMAP_FIXED,
		   counters_begin) != (void *)counters_begin)
		__builtin_trap();
}
