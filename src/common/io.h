/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole writes and the monotonic clock. Knows nothing of paths or policy.
 */
#ifndef COMMON_IO_H
#define COMMON_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Write all LEN bytes to FD, through short writes and EINTR. False with errno
 * set on any other error. FD must block. */
bool io_write_full(int fd, const void *data, size_t len);

/* Milliseconds of CLOCK_MONOTONIC, for deadlines. */
int64_t io_monotonic_ms(void);

/* Milliseconds from now until DEADLINE_MS, in the form that poll(2) takes: 0
 * when it has passed, never more than a minute, never negative. */
int io_poll_ms(int64_t deadline_ms);

#endif
