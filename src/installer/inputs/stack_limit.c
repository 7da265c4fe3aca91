/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/inputs/stack_limit.h"

#include <stddef.h>
#include <sys/resource.h>

#include "common/limits.h"

/* see stack_limit.h */
enum err stack_limit_settle(struct failure *f)
{
	struct rlimit now;
	struct rlimit enough;

	if (getrlimit(RLIMIT_STACK, &now) || now.rlim_cur >= STACK_BYTES_MIN)
		return ERR_OK;
	enough = (struct rlimit){STACK_BYTES_MIN, now.rlim_max};
	/* setrlimit of musl brings what reaches for other threads. */
	if (!prlimit(0, RLIMIT_STACK, &enough, NULL))
		return ERR_OK;
	return failure_set(f, ERR_MEMORY,
			   "ulimit -s lets the stack have %zu KiB, %d are "
			   "needed",
			   (size_t)now.rlim_cur / 1024, STACK_BYTES_MIN / 1024);
}
