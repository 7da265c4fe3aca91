/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The clock of every deadline: monotonic, in milliseconds, so that setting
 * the machine's time neither ends nor prolongs a wait. Both processes.
 */
#ifndef COMMON_CLOCK_H
#define COMMON_CLOCK_H

#include <limits.h>
#include <stdint.h>
#include <time.h>

/* Milliseconds since a start that only differences may be taken from. */
static inline int64_t clock_ms(void)
{
	struct timespec now = {0};

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* How long poll(2) may wait until DEADLINE_MS of clock_ms(); 0: passed. */
static inline int clock_wait_ms(int64_t deadline_ms)
{
	int64_t left = deadline_ms - clock_ms();

	if (left <= 0)
		return 0;
	return left > INT_MAX ? INT_MAX : (int)left;
}

#endif
