/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See process_limit.h. By prlimit(2) alone: setrlimit(3) of musl brings what
 * reaches for other threads, getrlimit(3) what kernels before 2.6.36 had.
 */
#include "installer/inputs/process_limit.h"

#include <stddef.h>
#include <sys/resource.h>

#include "common/limits.h"

/* see process_limit.h */
enum err process_limit_stack(struct failure *f)
{
	struct rlimit now;
	struct rlimit enough;

	if (prlimit(0, RLIMIT_STACK, NULL, &now) ||
	    now.rlim_cur >= STACK_BYTES_MIN)
		return ERR_OK;
	enough = (struct rlimit){STACK_BYTES_MIN, now.rlim_max};
	if (!prlimit(0, RLIMIT_STACK, &enough, NULL))
		return ERR_OK;
	return failure_set(f, ERR_MEMORY,
			   "ulimit -s lets the stack have %zu KiB, %d are "
			   "needed",
			   (size_t)now.rlim_cur / 1024, STACK_BYTES_MIN / 1024);
}

/* see process_limit.h */
uint64_t process_limit_descriptors(void)
{
	struct rlimit now;

	return prlimit(0, RLIMIT_NOFILE, NULL, &now) ? UINT64_MAX
						     : now.rlim_cur;
}
