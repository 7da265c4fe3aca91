/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RSA signatures, PKCS #1 v1.5 and PSS, with Go's rules for odd keys, on
 * mbedTLS's big numbers and hashes. Probe process.
 */
#ifndef VERDICT_RSA_H
#define VERDICT_RSA_H

#include <mbedtls/bignum.h>
#include <mbedtls/md.h>

#include "probe/verdict/x509/go_release.h"
#include "probe/verdict/x509/key.h"

/* The largest modulus that can be checked: what mbedTLS was built for. */
#define RSA_BYTES_MAX MBEDTLS_MPI_MAX_SIZE

/*
 * Why Go RELEASE refuses to use KEY at all (even modulus, even exponent, ...),
 * or NULL. Its size is not looked at.
 */
const char *rsa_key_fault(const struct key *key, struct go_release release);

/*
 * Is SIGNATURE that of DIGEST (by hash MD) under KEY, of at most RSA_BYTES_MAX?
 * PSS: salt as long as the digest. False for wrong lengths, for what is no
 * residue of an odd modulus unless KEY takes any, and when memory runs out.
 */
bool rsa_verify(const struct key *key, mbedtls_md_type_t md, bool pss,
		struct bytes digest, struct bytes signature);

#endif
