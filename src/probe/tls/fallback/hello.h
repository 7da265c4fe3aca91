/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ClientHello and ServerHello of the fallback client (RFC 8446 section 4.1).
 * Probe process, sealed. Pure but for fresh keys and random octets.
 */
#ifndef PROBE_FALLBACK_HELLO_H
#define PROBE_FALLBACK_HELLO_H

#include "common/registry.h"
#include "probe/tls/fallback/keys.h"

#define HELLO_RANDOM_BYTES 32
#define TLS12		   0x0303
#define TLS13		   0x0304

/* With the longest name, about 900 bytes. */
#define HELLO_BYTES_MAX RECORD_SENT_MAX

struct fallback_hello {
	uint8_t random[HELLO_RANDOM_BYTES];
	size_t len;
	uint8_t message[HELLO_BYTES_MAX]; /* with its handshake header */
};

struct fallback_server_hello {
	uint16_t version; /* TLS12 or TLS13 */
	const uint8_t *random;
	uint16_t suite;
	uint16_t group; /* TLS 1.3; with the share, which may be empty */
	struct bytes share;
};

/*
 * Write a ClientHello for REGISTRY that offers TLS 1.3 and 1.2 at once as the
 * Go 1.25 and later in Docker does: its suites (and AES-CBC, which releases
 * before Docker 29 offer), its groups but for ML-KEM, its signature schemes
 * without SHA-1, SNI for names only. Like Docker's transports, no ALPN.
 */
bool fallback_hello_write(const struct registry *registry,
			  struct fallback_keys *k, struct fallback_hello *out);

/*
 * Read a ServerHello's BODY. False, with WHY, when it is malformed or chose
 * what was not offered. A HelloRetryRequest is refused: no group is left to
 * ask for.
 */
bool fallback_hello_read(struct bytes body, struct fallback_server_hello *out,
			 const char **why);

#endif
