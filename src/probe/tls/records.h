/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The record layer: handshake bytes and data out of however many records carry
 * them, in clear or protected; and the errors of Go's record layer in its
 * words. Probe process, sealed. Its heap is mbedTLS's.
 */
#ifndef PROBE_RECORDS_H
#define PROBE_RECORDS_H

#include "common/limits.h"
#include "probe/tls/protect.h"
#include "probe/tls/refusal.h"
#include "probe/tls/stream.h"
#include "probe/verdict/x509/go_release.h"

struct records {
	struct stream *stream;
	struct go_release go;
	uint16_t version; /* TLS12 or TLS13; 0 until the ServerHello is read */
	bool complete;	  /* the handshake is: data may come */
	unsigned useless; /* records since the last that led on */
	int alert;	  /* that ended it, see explain_handshake */
	/* Go's words when a function said false; empty: our own limit */
	char fault[REFUSAL_CHARS_MAX];
	struct direction reading, writing;
	bool over;	/* the connection has ended, as FAULT says */
	bool data;	/* CONTENT is application data, not handshake */
	bool partial;	/* some of a handshake message was taken */
	size_t at, len; /* bytes in CONTENT, not yet taken */
	uint8_t *content;
	uint8_t body[PROTECT_RECORD_MAX];
	size_t out_len;
	uint8_t out[RECORDS_OUT_MAX];
};

/* Begin on STREAM, in clear, with the rules of GO. Ends with
 * records_close. */
void records_open(struct records *r, struct stream *stream,
		  struct go_release go);
void records_close(struct records *r);

/*
 * Give the next 1 to MOST bytes of handshake, a view that the next call ends.
 * As Go: alerts of level warning (in TLS 1.3 user_canceled, since Go 1.25) and
 * what else leads nowhere are passed over, USELESS_RECORDS_MAX of them. False:
 * R's stream, alert and fault say why.
 */
bool records_take(struct records *r, size_t most, struct bytes *taken);

/* The next bytes of application data, likewise; false too for a message of a
 * handshake, which has an empty fault and is left to be taken. */
bool records_data(struct records *r, struct bytes *taken);

/*
 * Take the record that changes keys in TLS 1.2, and nothing else. The caller
 * puts the new keys into R's reading then. False as above.
 */
bool records_change(struct records *r);

/* Is no byte of an old key left over? Go refuses such a record since 1.25.6
 * and 1.24.12; before, it read them: then false with an empty fault. */
bool records_end_of_key(struct records *r);

/* Put LEN bytes as one record of TYPE into what is to be sent. False, with an
 * empty fault: it has no room, or cannot be protected. */
bool records_put(struct records *r, uint8_t type, const void *data, size_t len);

/* Send all that was put, in one write where the socket takes it. False: R's
 * stream says why. */
bool records_flush(struct records *r);

/* Say goodbye: close_notify. What fails here fails. */
void records_end(struct records *r);

#endif
