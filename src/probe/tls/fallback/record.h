/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The record layer of the fallback client (see fallback.h): handshake bytes out
 * of however many records carry them, in clear or under TLS 1.3's handshake
 * keys. Probe process, sealed. Its heap is mbedTLS's.
 */
#ifndef PROBE_FALLBACK_RECORD_H
#define PROBE_FALLBACK_RECORD_H

#include <mbedtls/cipher.h>

#include "common/bytes.h"
#include "probe/tls/stream.h"

#define RECORD_HEADER_BYTES 5
/* RFC 8446 5.2: what is sealed has one octet of type and a tag behind it. */
#define RECORD_PLAIN_MAX  16384
#define RECORD_SEALED_MAX (RECORD_PLAIN_MAX + 256)
#define RECORD_TAG_BYTES  16
#define RECORD_IV_BYTES	  12

/* Keys of one direction; ready when the cipher is set up. */
struct fallback_direction {
	mbedtls_cipher_context_t cipher;
	uint8_t iv[RECORD_IV_BYTES];
	uint64_t sequence;
};

struct fallback_records {
	struct stream *stream;
	bool sealed;	   /* READING and WRITING are in use */
	unsigned useless;  /* records since the last that led on */
	int alert;	   /* that ended it, see explain_handshake */
	const char *fault; /* what was wrong, when a function said false */
	struct fallback_direction reading, writing;
	size_t at, len; /* handshake bytes in BODY, not yet taken */
	uint8_t body[RECORD_SEALED_MAX];
};

/* Begin on STREAM, in clear. Ends with fallback_records_close. */
void fallback_records_open(struct fallback_records *r, struct stream *stream);
void fallback_records_close(struct fallback_records *r);

/*
 * Give the next 1 to MOST bytes of handshake, a view that the next call ends.
 * Like Go: alerts of level warning and ChangeCipherSpec are passed over, but
 * no more than USELESS_RECORDS_MAX of them; an empty handshake record, a
 * record that is too long or cannot be opened, and any other type is a fault.
 * False: R's stream, alert or fault says why.
 */
bool fallback_records_take(struct fallback_records *r, size_t most,
			   struct bytes *taken);

/* From now on under the keys in R. False, a fault, when a record holds bytes
 * from before the change and after it. */
bool fallback_records_seal(struct fallback_records *r);

/* Send LEN bytes, at most RECORD_SENT_MAX, as one record of TYPE. */
#define RECORD_SENT_MAX 1024
bool fallback_records_send(struct fallback_records *r, uint8_t type,
			   const uint8_t *data, size_t len);

/* Say goodbye: close_notify. What fails here fails. */
void fallback_records_end(struct fallback_records *r);

#endif
