/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What of mbedTLS 3.6 is compiled in: the primitives that agree on keys, open
 * records and check signatures. Its TLS client, X.509 and PSA are out, see
 * probe/tls/session.h. A build input of the library and of all our objects;
 * owns no behaviour.
 */
#ifndef MBEDTLS_CLIENT_CONFIG_H
#define MBEDTLS_CLIENT_CONFIG_H

/* The machine: assembly and AES instructions also make AES constant-time. */
#define MBEDTLS_HAVE_ASM
#define MBEDTLS_AESNI_C
#define MBEDTLS_AESCE_C
#define MBEDTLS_PLATFORM_C

/* Ciphers: AES-GCM and ChaCha20-Poly1305, and AES by the block; without the
 * layer over them that knows ciphers by number. */
#define MBEDTLS_AES_C
#define MBEDTLS_GCM_C
#define MBEDTLS_CHACHA20_C
#define MBEDTLS_POLY1305_C
#define MBEDTLS_CHACHAPOLY_C

/* Hashes: SHA-1 for old signatures, the rest for today. */
#define MBEDTLS_MD_C
#define MBEDTLS_SHA1_C
#define MBEDTLS_SHA256_C
#define MBEDTLS_SHA384_C
#define MBEDTLS_SHA512_C
/* Rounds in loops: 4 KB less, and hashes are a small part of the work. */
#define MBEDTLS_SHA256_SMALLER
#define MBEDTLS_SHA512_SMALLER

/*
 * Keys: P-224 is for signatures only, TLS never offers it. Go refuses RSA
 * over 8192 bits where a server sends it, and takes any in a pool: numbers are
 * as long as the keys that OpenSSL uses at most, 16384 bits.
 */
#define MBEDTLS_BIGNUM_C
#define MBEDTLS_MPI_MAX_SIZE 2048
#define MBEDTLS_ECP_C
#define MBEDTLS_ECDH_C
#define MBEDTLS_ECDSA_C
#define MBEDTLS_ECP_NIST_OPTIM
/*
 * Ready tables of multiples of a curve's generator: every signature of a chain
 * is one product of it, and a table made at run time is thrown away after each
 * (docs/speed.md). P-256 is the curve that most chains have, so it has one;
 * scripts/compile-mbedtls compiles the curves twice.
 */
#ifndef MBEDTLS_ECP_FIXED_POINT_OPTIM
#define MBEDTLS_ECP_FIXED_POINT_OPTIM 1
#endif
#define MBEDTLS_ECP_DP_SECP256R1_ENABLED
#ifndef P256_ALONE
#define MBEDTLS_ECP_DP_SECP224R1_ENABLED
#define MBEDTLS_ECP_DP_SECP384R1_ENABLED
#define MBEDTLS_ECP_DP_SECP521R1_ENABLED
#endif

/* ECDSA signatures are SEQUENCEs. */
#define MBEDTLS_ASN1_PARSE_C
#define MBEDTLS_ASN1_WRITE_C

#endif
