/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The verification equation; the curve is in edwards25519.c.
 */
#include "probe/verdict/path/ed25519.h"

#include <mbedtls/sha512.h>

#include "probe/verdict/path/edwards25519.h"
#include "probe/verdict/x509/key.h"

/* SHA-512(R || A || M) as a number below the order. */
static void hash_to_scalar(struct edwards *k, struct bytes key,
			   struct bytes message, struct bytes signature,
			   mbedtls_mpi *out)
{
	uint8_t digest[64] = {0};
	mbedtls_sha512_context sha;

	mbedtls_sha512_init(&sha);
	edwards_note(k, mbedtls_sha512_starts(&sha, 0));
	edwards_note(
		k, mbedtls_sha512_update(&sha, signature.data, EDWARDS_BYTES));
	edwards_note(k, mbedtls_sha512_update(&sha, key.data, EDWARDS_BYTES));
	edwards_note(k, mbedtls_sha512_update(&sha, message.data, message.len));
	edwards_note(k, mbedtls_sha512_finish(&sha, digest));
	mbedtls_sha512_free(&sha);
	edwards_note(k,
		     mbedtls_mpi_read_binary_le(out, digest, sizeof(digest)));
	edwards_note(k, mbedtls_mpi_mod_mpi(out, out, &k->order));
}

/* Is R the encoding of [s]B - [h]A? Q, A and N are scratch. */
static bool is_signed(struct edwards *k, struct edwards_point *q,
		      struct edwards_point *a, struct edwards_point *n,
		      mbedtls_mpi *scalar, struct bytes key,
		      struct bytes message, struct bytes signature)
{
	uint8_t encoded[EDWARDS_BYTES];

	if (!edwards_decode(k, key.data, a))
		return false;
	edwards_negate(k, a);
	hash_to_scalar(k, key, message, signature, scalar);
	edwards_multiply(k, n, scalar, a);
	edwards_note(k, mbedtls_mpi_read_binary_le(
				scalar, signature.data + EDWARDS_BYTES,
				EDWARDS_BYTES));
	if (mbedtls_mpi_cmp_mpi(scalar, &k->order) >= 0 ||
	    !edwards_decode(k, EDWARDS_BASE, a))
		return false;
	edwards_multiply(k, q, scalar, a);
	edwards_add(k, q, n);
	edwards_encode(k, q, encoded);
	return !k->failed && !memcmp(encoded, signature.data, EDWARDS_BYTES);
}

/* see ed25519.h */
bool ed25519_verify(struct bytes key, struct bytes message,
		    struct bytes signature)
{
	struct edwards k;
	struct edwards_point q, a, n;
	mbedtls_mpi scalar;
	bool valid;

	if (key.len != KEY_ED25519_BYTES ||
	    signature.len != ED25519_SIGNATURE_BYTES)
		return false;
	edwards_open(&k);
	edwards_point_open(&q);
	edwards_point_open(&a);
	edwards_point_open(&n);
	mbedtls_mpi_init(&scalar);
	valid = !k.failed &&
		is_signed(&k, &q, &a, &n, &scalar, key, message, signature);
	mbedtls_mpi_free(&scalar);
	edwards_point_close(&n);
	edwards_point_close(&a);
	edwards_point_close(&q);
	edwards_close(&k);
	return valid;
}
