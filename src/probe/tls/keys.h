/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Key exchange, transcript and key schedules of TLS 1.2 (RFC 5246 5, 6.3, 8.1;
 * RFC 7627) and 1.3 (RFC 8446 7). Probe process, sealed. Its heap is mbedTLS's;
 * nothing outlives keys_close.
 */
#ifndef PROBE_KEYS_H
#define PROBE_KEYS_H

#include <mbedtls/ecdh.h>
#include <mbedtls/md.h>

#include "common/octets.h"
#include "probe/tls/records.h"
#include "probe/tls/x25519.h"

/* RFC 8446 4.2.7 */
#define GROUP_SECP256R1 23
#define GROUP_SECP384R1 24
#define GROUP_SECP521R1 25
#define GROUP_X25519	29
/* Go's, and not ours: the hybrids with ML-KEM. */
#define GROUP_X25519MLKEM768	 0x11ec
#define GROUP_X25519KYBER768	 0x6399 /* a draft of it */
#define GROUP_SECP256R1MLKEM768	 0x11eb
#define GROUP_SECP384R1MLKEM1024 0x11ed

/* A point of P-521, and the secrets of the largest group and hash. */
#define KEYS_SHARE_MAX	  133
#define KEYS_SECRET_MAX	  66
#define KEYS_HASH_MAX	  48
#define KEYS_MASTER_BYTES 48
/* Finished: a hash in TLS 1.3, 12 octets before. */
#define KEYS_FINISHED_12 12

struct keys {
	/* Our key pair: the private half of X25519, or all of another's; and
	 * its public half as TLS 1.2 sends it: one octet of length, the point
	 */
	uint8_t scalar[X25519_BYTES];
	mbedtls_ecdh_context pair;
	uint16_t group; /* 0: there is none */
	uint8_t point[1 + KEYS_SHARE_MAX];
	const struct suite *suite; /* known after ServerHello */
	const mbedtls_md_info_t *md;
	mbedtls_md_context_t transcript;
	/* TLS 1.2: the master secret; 1.3: the secret that is next in line */
	uint8_t secret[KEYS_HASH_MAX];
	/* TLS 1.3: traffic secrets, of which the Finished are made */
	uint8_t server[KEYS_HASH_MAX], client[KEYS_HASH_MAX];
};

void keys_open(struct keys *k);
void keys_close(struct keys *k);

/* X25519, P-256, P-384, P-521: what Go's client takes but for the hybrids with
 * ML-KEM. */
bool keys_knows(uint16_t group);

/* Make a fresh key pair of GROUP; the one before is gone. */
bool keys_make(struct keys *k, uint16_t group);

/* Begin the transcript with the hash of SUITE. */
bool keys_begin(struct keys *k, const struct suite *suite);

void keys_note(struct keys *k, const void *data, size_t len);

/* The hash of all that was noted so far, in OUT; its length. 0 on failure. */
size_t keys_transcript(const struct keys *k,
		       uint8_t out[static MBEDTLS_MD_MAX_SIZE]);

/*
 * The secret that our key pair and the server's SHARE make, in OUT; its length.
 * 0 for a share that is no point of the group, or one of low order.
 */
size_t keys_agree(struct keys *k, struct bytes share,
		  uint8_t out[static KEYS_SECRET_MAX]);

/* A HelloRetryRequest came: the transcript goes on from the hash of what was
 * before it (RFC 8446 4.4.1). */
bool keys_retry(struct keys *k);

/*
 * TLS 1.3: set up both directions of RECORDS for the handshake, from SHARED
 * and the transcript up to ServerHello; and then for data, from the transcript
 * up to the server's Finished: first what we read, and with keys_write, once
 * our Finished was put, what we write. The others renew these (KeyUpdate).
 * False on lack of memory.
 */
bool keys_handshake(struct keys *k, struct bytes shared,
		    struct records *records);
bool keys_read(struct keys *k, struct records *records);
bool keys_write(struct keys *k, struct records *records);
bool keys_update_read(struct keys *k, struct records *records);
bool keys_update_write(struct keys *k, struct records *records);

/* TLS 1.3: the content of the SERVER's Finished, or ours, for a transcript of
 * HASH; its length, 0 on failure. */
size_t keys_finished(const struct keys *k, bool server, struct bytes hash,
		     uint8_t out[static MBEDTLS_MD_MAX_SIZE]);

/*
 * TLS 1.2: the master secret from SHARED and SEED (both randoms; or with
 * EXTENDED the hash of the transcript up to ClientKeyExchange), then both
 * directions from it and the randoms, server's first.
 */
bool keys_master(struct keys *k, struct bytes shared, bool extended,
		 struct bytes seed);
bool keys_expand(struct keys *k, struct bytes randoms,
		 struct direction *reading, struct direction *writing);
bool keys_finished_12(const struct keys *k, bool server, struct bytes hash,
		      uint8_t out[static KEYS_FINISHED_12]);

#endif
