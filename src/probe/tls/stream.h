/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One socket, held to a deadline and to a number of bytes. Probe process,
 * sealed.
 */
#ifndef PROBE_STREAM_H
#define PROBE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STREAM_HEAD_BYTES 16

struct stream {
	int fd;
	int64_t deadline_ms;
	size_t bytes_left; /* that may still be read */
	bool exhausted;	   /* the peer wanted to send more */
	bool timed_out;
	int cause;  /* errno of the call that failed, or 0 */
	bool ended; /* the peer closed */
	size_t head_len;
	uint8_t head[STREAM_HEAD_BYTES]; /* first bytes from the peer */
};

/* Begin on FD, connected and non-blocking. */
void stream_begin(struct stream *s, int fd, int64_t deadline_ms,
		  size_t bytes_max);

/* Send up to LEN bytes of DATA; how many, or -1. */
int stream_send(struct stream *s, const unsigned char *data, size_t len);

/* Receive 1 to LEN bytes into DATA; how many, 0 at the end, or -1. S says what
 * was the matter. */
int stream_receive(struct stream *s, unsigned char *data, size_t len);

#endif
