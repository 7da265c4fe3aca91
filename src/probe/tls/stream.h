/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mbedTLS's input and output over one socket, held to a deadline and to a
 * number of bytes: the library itself bounds neither. Probe process, sealed.
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
	/* What we sent tells what the server asked for, see stream_was_asked.
	 */
	bool sent_certificate;
	bool sent_ccs;
	unsigned sent_sealed;
	size_t head_len;
	uint8_t head[STREAM_HEAD_BYTES]; /* first bytes from the peer */
};

/* Begin on FD, connected and non-blocking. */
void stream_begin(struct stream *s, int fd, int64_t deadline_ms,
		  size_t bytes_max);

/*
 * True when the server asked for a client certificate, to be called when the
 * handshake is over or broken and nothing else was sent: mbedTLS answers with
 * an empty Certificate, in clear in TLS 1.2, in a record of its own before
 * Finished in 1.3 (IS13).
 */
bool stream_was_asked(const struct stream *s, bool is13);

/* mbedtls_ssl_send_t and mbedtls_ssl_recv_t; CONTEXT is a struct stream. */
int stream_send(void *context, const unsigned char *data, size_t len);
int stream_receive(void *context, unsigned char *data, size_t len);

#endif
