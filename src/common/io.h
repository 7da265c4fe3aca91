/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole writes. Knows nothing of paths or policy. Both processes.
 */
#ifndef COMMON_IO_H
#define COMMON_IO_H

#include <stdbool.h>
#include <stddef.h>

/* Write all LEN bytes to FD, through short writes and EINTR. False with errno
 * set on any other error. FD must block. */
bool io_write_full(int fd, const void *data, size_t len);

#endif
