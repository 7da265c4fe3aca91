/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole reads and writes. Knows nothing of paths or policy. Both processes.
 */
#ifndef COMMON_IO_H
#define COMMON_IO_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Read FD to its end, through short reads and EINTR, into BUFFER of SIZE bytes;
 * *LEN is what was read, also where it fails. False with errno set on any other
 * error, and EFBIG where SIZE bytes do not reach beyond the end. FD must block.
 */
bool io_read_all(int fd, void *buffer, size_t size, size_t *len);

/* Write all LEN bytes to FD, through short writes and EINTR. False with errno
 * set on any other error. FD must block. */
bool io_write_full(int fd, const void *data, size_t len);

#endif
