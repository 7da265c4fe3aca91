/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Protection of records: AES-GCM and ChaCha20-Poly1305 in TLS 1.2 and 1.3,
 * AES-CBC with HMAC-SHA1 in 1.2 (RFC 5246 6.2.3, RFC 5288, RFC 7905, RFC 8446
 * 5.2). Probe process, sealed. Its heap is mbedTLS's.
 */
#ifndef PROBE_PROTECT_H
#define PROBE_PROTECT_H

#include "common/bytes.h"
#include "probe/tls/cipher.h"
#include "probe/tls/protocol.h"
#include "probe/tls/suites.h"

/* RFC 8446 5.2, RFC 5246 6.2.3: how much longer a protected record may be. */
#define PROTECT_PLAIN_MAX  16384
#define PROTECT_GROWTH_13  256
#define PROTECT_GROWTH_12  2048
#define PROTECT_RECORD_MAX (PROTECT_PLAIN_MAX + PROTECT_GROWTH_12)

#define PROTECT_IV_BYTES  12
#define PROTECT_MAC_BYTES 20
#define PROTECT_KEY_BYTES 32

/* What protecting adds to a record at most: the nonce or IV, the MAC or tag, a
 * type or padding. */
#define PROTECT_OVERHEAD_MAX (16 + PROTECT_MAC_BYTES + 16)

/* Keys of one direction; in use when SUITE is not NULL. */
struct direction {
	const struct suite *suite;
	struct cipher cipher;
	uint8_t iv[PROTECT_IV_BYTES]; /* GCM of TLS 1.2: 4 octets of it */
	uint8_t mac[PROTECT_MAC_BYTES];
	uint64_t sequence;
};

/*
 * Begin with KEY (for SUITE's cipher), and IV and MAC key where the suite has
 * them (else NULL), to encrypt or to decrypt. D was zeroed, or ended with
 * protect_end, which is due also after false: lack of memory.
 */
bool protect_begin(struct direction *d, const struct suite *suite,
		   const uint8_t *key, const uint8_t *iv, const uint8_t *mac,
		   bool encrypts);
void protect_end(struct direction *d);

/*
 * Open the *LEN bytes of BODY, of a record with HEADER, in place: *LEN and
 * *BODY are then the plain bytes, in TLS 1.3 with the type behind them. False:
 * they were not protected by this key.
 */
bool protect_open(struct direction *d,
		  const uint8_t header[RECORD_HEADER_BYTES], uint8_t **body,
		  size_t *len);

/*
 * Protect LEN bytes of PLAIN, of a record of TYPE, into OUT (as much longer as
 * PROTECT_OVERHEAD_MAX), in TLS 1.3 together with the type. Returns the length,
 * 0 on failure; HEADER is filled in.
 */
size_t protect_seal(struct direction *d, uint8_t type, const uint8_t *plain,
		    size_t len, uint8_t *out,
		    uint8_t header[RECORD_HEADER_BYTES]);

#endif
