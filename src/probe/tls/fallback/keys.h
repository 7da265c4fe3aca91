/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Key exchange and key schedule of TLS 1.3 as far as the handshake traffic
 * keys (RFC 8446 section 7), for the fallback client. Probe process, sealed.
 * Its heap is mbedTLS's; nothing outlives fallback_keys_close.
 */
#ifndef PROBE_FALLBACK_KEYS_H
#define PROBE_FALLBACK_KEYS_H

#include <mbedtls/ecdh.h>
#include <mbedtls/md.h>

#include "probe/tls/fallback/record.h"
#include "probe/tls/octets.h"

/*
 * X25519, P-256, P-384, P-521: all that Go's client takes but for the hybrids
 * with ML-KEM. A share of each is offered at once, so that no server has to
 * ask for another: no HelloRetryRequest, no second ClientHello.
 */
#define FALLBACK_GROUPS 4

struct fallback_keys {
	mbedtls_ecdh_context shares[FALLBACK_GROUPS];
	mbedtls_md_type_t hash; /* of the suite; known after ServerHello */
	mbedtls_md_context_t transcript;
};

void fallback_keys_open(struct fallback_keys *k);
void fallback_keys_close(struct fallback_keys *k);

/* Make fresh key pairs and put the list of KeyShareEntry into OUT. */
bool fallback_keys_offer(struct fallback_keys *k, struct octets_out *out);

/* Begin the transcript with the hash of SUITE; false when SUITE is not one of
 * TLS 1.3 that fallback_hello offers. */
bool fallback_keys_begin(struct fallback_keys *k, uint16_t suite);

void fallback_keys_note(struct fallback_keys *k, const void *data, size_t len);

/* The hash of all that was noted so far, in OUT; its length. 0 on failure. */
size_t fallback_keys_transcript(const struct fallback_keys *k,
				uint8_t out[MBEDTLS_MD_MAX_SIZE]);

/*
 * Agree with the server's SHARE for GROUP and set up both directions of
 * RECORDS for SUITE from the transcript up to ServerHello. False for a group
 * that was not offered, a share that is no point of it, and when memory runs
 * out.
 */
bool fallback_keys_derive(struct fallback_keys *k, uint16_t suite,
			  uint16_t group, struct bytes share,
			  struct fallback_records *records);

#endif
