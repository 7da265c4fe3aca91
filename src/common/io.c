/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The few calls that both processes make in the same way.
 */
#include "common/io.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

#define POLL_MAX_MS 60000

/* see io.h */
bool io_write_full(int fd, const void *data, size_t len)
{
	const char *next = data;

	while (len > 0) {
		ssize_t n = write(fd, next, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		next += n;
		len -= (size_t)n;
	}
	return true;
}

/* see io.h */
int64_t io_monotonic_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* see io.h */
int io_poll_ms(int64_t deadline_ms)
{
	int64_t left = deadline_ms - io_monotonic_ms();

	if (left < 0)
		return 0;
	return left > POLL_MAX_MS ? POLL_MAX_MS : (int)left;
}
