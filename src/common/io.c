/* SPDX-License-Identifier: Apache-2.0 */
#include "common/io.h"

#include <errno.h>
#include <unistd.h>

/* see io.h */
bool io_read_all(int fd, void *buffer, size_t size, size_t *len)
{
	*len = 0;
	while (*len < size) {
		ssize_t n = read(fd, (char *)buffer + *len, size - *len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0;
		*len += (size_t)n;
	}
	errno = EFBIG;
	return false;
}

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
