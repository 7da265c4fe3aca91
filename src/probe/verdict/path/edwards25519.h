/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The curve edwards25519 (RFC 8032 5.1) on mbedTLS's big numbers. Probe
 * process. Not constant time: for public inputs only.
 */
#ifndef VERDICT_EDWARDS25519_H
#define VERDICT_EDWARDS25519_H

#include <mbedtls/bignum.h>

#include "common/bytes.h"

#define EDWARDS_BYTES 32 /* of an encoded point, and of a scalar */

/* A point in extended homogeneous coordinates: x = X/Z, y = Y/Z, xy = T/Z. */
struct edwards_point {
	mbedtls_mpi x, y, z, t;
};

/*
 * What one computation works with. The first failure of mbedTLS (no memory)
 * sticks in FAILED; every result is then void.
 */
struct edwards {
	mbedtls_mpi p, d, root_of_minus_one, order;
	mbedtls_mpi a, b, c, e, f, g, h; /* of one addition */
	int failed;
};

/* Take and free mbedTLS's memory. */
void edwards_open(struct edwards *k);
void edwards_close(struct edwards *k);
void edwards_point_open(struct edwards_point *q);
void edwards_point_close(struct edwards_point *q);

/* Remember RESULT, an mbedTLS return value, if it is the first failure. */
void edwards_note(struct edwards *k, int result);

/* The base point's encoding. */
extern const uint8_t EDWARDS_BASE[EDWARDS_BYTES];

/*
 * Decode IN to Q. False: no point. A y above the field's prime and x = 0 with
 * its sign set are taken, as Go does and RFC 8032 does not.
 */
bool edwards_decode(struct edwards *k, const uint8_t in[EDWARDS_BYTES],
		    struct edwards_point *q);

/* Encode Q. */
void edwards_encode(struct edwards *k, const struct edwards_point *q,
		    uint8_t out[EDWARDS_BYTES]);

/* Q = -Q, Q += R, OUT = SCALAR * Q. */
void edwards_negate(struct edwards *k, struct edwards_point *q);
void edwards_add(struct edwards *k, struct edwards_point *q,
		 const struct edwards_point *r);
void edwards_multiply(struct edwards *k, struct edwards_point *out,
		      const mbedtls_mpi *scalar, const struct edwards_point *q);

#endif
