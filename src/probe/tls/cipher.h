/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ciphers of records, each by mbedTLS's own function: its layer that knows
 * all ciphers by number is not compiled in. Probe process, sealed. The heap of
 * GCM is mbedTLS's.
 */
#ifndef PROBE_CIPHER_H
#define PROBE_CIPHER_H

#include <mbedtls/aes.h>
#include <mbedtls/chachapoly.h>
#include <mbedtls/gcm.h>
#include <stdbool.h>

#include "common/bytes.h"
#include "probe/tls/suites.h"

#define CIPHER_NONCE_BYTES 12
#define CIPHER_TAG_BYTES   16
#define CIPHER_BLOCK_BYTES 16

struct cipher {
	enum suite_seal seal;
	bool encrypts;
	union {
		mbedtls_gcm_context gcm;
		mbedtls_chachapoly_context chacha;
		mbedtls_aes_context aes; /* SEAL_CBC: by the block */
	};
};

/* Begin with KEY, of SUITE's length, to encrypt or to decrypt. False on lack of
 * memory; cipher_end is due all the same. */
bool cipher_begin(struct cipher *c, const struct suite *suite,
		  const uint8_t *key, bool encrypts);

/* Wipes the key. */
void cipher_end(struct cipher *c);

/* Open in place LEN bytes and the tag behind them, authenticated with EXTRA.
 * False: they are not of this key; what is in DATA then means nothing. */
bool cipher_open(struct cipher *c, const uint8_t nonce[CIPHER_NONCE_BYTES],
		 struct bytes extra, uint8_t *data, size_t len);

/* Seal PLAIN, which may be OUT, into OUT with the tag behind it. False: it
 * could not be done; what is in OUT is not to be sent. */
bool cipher_seal(struct cipher *c, const uint8_t nonce[CIPHER_NONCE_BYTES],
		 struct bytes extra, struct bytes plain, uint8_t *out);

/* One block of AES from IN to OUT, which may be the same; false as above. */
bool cipher_block(struct cipher *c, const uint8_t in[CIPHER_BLOCK_BYTES],
		  uint8_t out[CIPHER_BLOCK_BYTES]);

#endif
