/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two files of the kernel's; see memory_limit.h.
 */
#include "installer/inputs/memory_limit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define NUMBER_BYTES 32

/* The number in the file at PATH; INT64_MAX where there is none ("max"). */
static int64_t read_number(const char *path)
{
	char text[NUMBER_BYTES] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	long long number;
	char *end;

	if (fd < 0)
		return INT64_MAX;
	if (read(fd, text, sizeof(text) - 1) < 0)
		*text = '\0';
	close(fd);
	number = strtoll(text, &end, 10);
	return end == text || number < 0 ? INT64_MAX : number;
}

/* see memory_limit.h */
int64_t memory_limit_read(void)
{
	int64_t limit = read_number("/sys/fs/cgroup/memory.max");
	int64_t before =
		read_number("/sys/fs/cgroup/memory/memory.limit_in_bytes");

	return limit < before ? limit : before;
}
