/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A moment as text, without libc's time zones. Both processes. Pure.
 */
#ifndef COMMON_DATE_H
#define COMMON_DATE_H

#include <stdint.h>

#define DATE_DAY_SECONDS 86400

/* A moment in the calendar of Gregory, before 1582 as well, UTC. */
struct date {
	int64_t year;
	int month, day; /* from 1 on */
	int hour, minute, second;
};

/* The date of SECONDS since 1970, which may be any. */
struct date date_of(int64_t seconds);

/* "2026-11-23T13:11:00Z" and NUL, with room for what a compiler can imagine. */
#define DATE_BYTES 64

/* SECONDS since 1970 as UTC, RFC 3339, to seconds; "?" for a moment that is not
 * in the years 0 to 9999, which no certificate can name. */
void date_encode(int64_t seconds, char out[static DATE_BYTES]);

#endif
