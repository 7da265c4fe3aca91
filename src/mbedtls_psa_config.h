/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What of PSA is compiled in: what mbedTLS 3.6's TLS 1.3 client asks it for,
 * which is the key share, the key schedule and the protection of records.
 * Signatures are checked through pk, rsa and ecdsa, never through PSA. A build
 * input, see mbedtls_client_config.h; owns no behaviour.
 */
#ifndef MBEDTLS_PSA_CONFIG_H
#define MBEDTLS_PSA_CONFIG_H

/* Key schedule: HKDF and the transcript's hash. */
#define PSA_WANT_ALG_SHA_256	   1
#define PSA_WANT_ALG_SHA_384	   1
#define PSA_WANT_ALG_HMAC	   1
#define PSA_WANT_ALG_HKDF	   1
#define PSA_WANT_ALG_HKDF_EXTRACT  1
#define PSA_WANT_ALG_HKDF_EXPAND   1
#define PSA_WANT_KEY_TYPE_HMAC	   1
#define PSA_WANT_KEY_TYPE_DERIVE   1
#define PSA_WANT_KEY_TYPE_RAW_DATA 1

/* Records. */
#define PSA_WANT_ALG_GCM	       1
#define PSA_WANT_ALG_CHACHA20_POLY1305 1
#define PSA_WANT_KEY_TYPE_AES	       1
#define PSA_WANT_KEY_TYPE_CHACHA20     1

/* Key share: the groups that capture.c offers. */
#define PSA_WANT_ALG_ECDH			1
#define PSA_WANT_KEY_TYPE_ECC_PUBLIC_KEY	1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_BASIC	1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_GENERATE 1
#define PSA_WANT_ECC_MONTGOMERY_255		1
#define PSA_WANT_ECC_SECP_R1_256		1
#define PSA_WANT_ECC_SECP_R1_384		1
#define PSA_WANT_ECC_SECP_R1_521		1

/*
 * PSA is not asked for these. But the client of TLS 1.2 looks at them before it
 * reads a signature by RSA-PSS, and without them refuses every such server: a
 * handshake that then costs half, because it breaks (docs/speed.md).
 */
#define PSA_WANT_ALG_RSA_PSS		 1
#define PSA_WANT_ALG_SHA_512		 1
#define PSA_WANT_KEY_TYPE_RSA_PUBLIC_KEY 1

#endif
