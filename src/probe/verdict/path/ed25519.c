/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ed25519 verification (RFC 8032) on mbedTLS's big numbers. Probe process. Not
 * constant time: every input is public.
 */
#include "probe/verdict/path/ed25519.h"

#include <mbedtls/bignum.h>
#include <mbedtls/sha512.h>

#define BYTES ED25519_KEY_BYTES

/* A point in extended homogeneous coordinates: x = X/Z, y = Y/Z, xy = T/Z. */
struct point {
	mbedtls_mpi x, y, z, t;
};

/*
 * What one verification works with. The first failure of mbedTLS (no memory)
 * sticks in FAILED, and the result is then "not signed".
 */
struct curve25519 {
	mbedtls_mpi p, d, root_of_minus_one, order;
	mbedtls_mpi a, b, c, e, f, g, h; /* of one addition */
	int failed;
};

static const char P_HEX[] = "7fffffffffffffffffffffffffffffff"
			    "ffffffffffffffffffffffffffffffed";
static const char D_HEX[] = "52036cee2b6ffe738cc740797779e898"
			    "00700a4d4141d8ab75eb4dca135978a3";
static const char ROOT_HEX[] = "2b8324804fc1df0b2b4d00993dfbd7a7"
			       "2f431806ad2fe478c4ee1b274a0ea0b0";
static const char ORDER_HEX[] = "10000000000000000000000000000000"
				"14def9dea2f79cd65812631a5cf5d3ed";

/* The base point's encoding, RFC 8032 5.1. */
static const uint8_t BASE[BYTES] = {
	0x58, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
	0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
	0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66};

static void check(struct curve25519 *k, int result)
{
	if (result && !k->failed)
		k->failed = result;
}

static void curve_open(struct curve25519 *k)
{
	mbedtls_mpi *all[] = {&k->p,	 &k->d, &k->root_of_minus_one,
			      &k->order, &k->a, &k->b,
			      &k->c,	 &k->e, &k->f,
			      &k->g,	 &k->h};

	k->failed = 0;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		mbedtls_mpi_init(all[i]);
	check(k, mbedtls_mpi_read_string(&k->p, 16, P_HEX));
	check(k, mbedtls_mpi_read_string(&k->d, 16, D_HEX));
	check(k, mbedtls_mpi_read_string(&k->root_of_minus_one, 16, ROOT_HEX));
	check(k, mbedtls_mpi_read_string(&k->order, 16, ORDER_HEX));
}

static void curve_close(struct curve25519 *k)
{
	mbedtls_mpi *all[] = {&k->p,	 &k->d, &k->root_of_minus_one,
			      &k->order, &k->a, &k->b,
			      &k->c,	 &k->e, &k->f,
			      &k->g,	 &k->h};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		mbedtls_mpi_free(all[i]);
}

static void point_open(struct point *q)
{
	mbedtls_mpi_init(&q->x);
	mbedtls_mpi_init(&q->y);
	mbedtls_mpi_init(&q->z);
	mbedtls_mpi_init(&q->t);
}

static void point_close(struct point *q)
{
	mbedtls_mpi_free(&q->x);
	mbedtls_mpi_free(&q->y);
	mbedtls_mpi_free(&q->z);
	mbedtls_mpi_free(&q->t);
}

static void multiply(struct curve25519 *k, mbedtls_mpi *out,
		     const mbedtls_mpi *a, const mbedtls_mpi *b)
{
	check(k, mbedtls_mpi_mul_mpi(out, a, b));
	check(k, mbedtls_mpi_mod_mpi(out, out, &k->p));
}

/* Sums and differences stay unreduced: multiply reduces them. */
static void add(struct curve25519 *k, mbedtls_mpi *out, const mbedtls_mpi *a,
		const mbedtls_mpi *b)
{
	check(k, mbedtls_mpi_add_mpi(out, a, b));
}

static void subtract(struct curve25519 *k, mbedtls_mpi *out,
		     const mbedtls_mpi *a, const mbedtls_mpi *b)
{
	check(k, mbedtls_mpi_sub_mpi(out, a, b));
}

/* q += r, by the complete addition of RFC 8032 5.1.4. */
static void point_add(struct curve25519 *k, struct point *q,
		      const struct point *r)
{
	subtract(k, &k->a, &q->y, &q->x);
	subtract(k, &k->b, &r->y, &r->x);
	multiply(k, &k->a, &k->a, &k->b);
	add(k, &k->b, &q->y, &q->x);
	add(k, &k->c, &r->y, &r->x);
	multiply(k, &k->b, &k->b, &k->c);
	multiply(k, &k->c, &q->t, &r->t);
	multiply(k, &k->c, &k->c, &k->d);
	add(k, &k->c, &k->c, &k->c);
	multiply(k, &k->e, &q->z, &r->z);
	add(k, &k->e, &k->e, &k->e); /* D of the RFC */
	subtract(k, &k->f, &k->e, &k->c);
	add(k, &k->g, &k->e, &k->c);
	add(k, &k->h, &k->b, &k->a);
	subtract(k, &k->e, &k->b, &k->a);
	multiply(k, &q->x, &k->e, &k->f);
	multiply(k, &q->y, &k->g, &k->h);
	multiply(k, &q->t, &k->e, &k->h);
	multiply(k, &q->z, &k->f, &k->g);
}

/* out = scalar * q; plain double and add. */
static void point_multiply(struct curve25519 *k, struct point *out,
			   const mbedtls_mpi *scalar, const struct point *q)
{
	check(k, mbedtls_mpi_lset(&out->x, 0));
	check(k, mbedtls_mpi_lset(&out->y, 1));
	check(k, mbedtls_mpi_lset(&out->z, 1));
	check(k, mbedtls_mpi_lset(&out->t, 0));
	for (size_t i = mbedtls_mpi_bitlen(scalar); i > 0 && !k->failed; i--) {
		point_add(k, out, out);
		if (mbedtls_mpi_get_bit(scalar, i - 1))
			point_add(k, out, q);
	}
}

/*
 * x from y: the square root of (y^2 - 1) / (d y^2 + 1), RFC 8032 5.1.3.
 * False: there is none. X is left even or odd as ODD says.
 */
static bool recover_x(struct curve25519 *k, struct point *q, bool odd)
{
	bool found;

	multiply(k, &k->a, &q->y, &q->y);
	multiply(k, &k->b, &k->a, &k->d);
	check(k, mbedtls_mpi_sub_int(&k->a, &k->a, 1));
	check(k, mbedtls_mpi_add_int(&k->b, &k->b, 1));
	check(k, mbedtls_mpi_inv_mod(&k->b, &k->b, &k->p));
	multiply(k, &k->a, &k->a, &k->b); /* x^2 */
	check(k, mbedtls_mpi_add_int(&k->c, &k->p, 3));
	check(k, mbedtls_mpi_shift_r(&k->c, 3));
	check(k, mbedtls_mpi_exp_mod(&q->x, &k->a, &k->c, &k->p, NULL));
	multiply(k, &k->b, &q->x, &q->x);
	found = mbedtls_mpi_cmp_mpi(&k->b, &k->a) == 0;
	if (!found) {
		multiply(k, &q->x, &q->x, &k->root_of_minus_one);
		multiply(k, &k->b, &q->x, &q->x);
		found = mbedtls_mpi_cmp_mpi(&k->b, &k->a) == 0;
	}
	/* Go takes x = 0 with the sign bit set; RFC 8032 would not. */
	if (mbedtls_mpi_get_bit(&q->x, 0) != odd)
		subtract(k, &q->x, &k->p, &q->x);
	return found;
}

static bool point_decode(struct curve25519 *k, const uint8_t in[BYTES],
			 struct point *q)
{
	uint8_t y[BYTES];

	memcpy(y, in, BYTES);
	y[BYTES - 1] &= 0x7f;
	check(k, mbedtls_mpi_read_binary_le(&q->y, y, BYTES));
	check(k, mbedtls_mpi_mod_mpi(&q->y, &q->y, &k->p));
	check(k, mbedtls_mpi_lset(&q->z, 1));
	if (k->failed || !recover_x(k, q, in[BYTES - 1] >> 7))
		return false;
	multiply(k, &q->t, &q->x, &q->y);
	return !k->failed;
}

static void point_encode(struct curve25519 *k, const struct point *q,
			 uint8_t out[BYTES])
{
	check(k, mbedtls_mpi_inv_mod(&k->a, &q->z, &k->p));
	multiply(k, &k->b, &q->y, &k->a);
	multiply(k, &k->a, &q->x, &k->a);
	check(k, mbedtls_mpi_write_binary_le(&k->b, out, BYTES));
	out[BYTES - 1] |= (uint8_t)(mbedtls_mpi_get_bit(&k->a, 0) << 7);
}

/* SHA-512(R || A || M) as a number below the order. */
static void hash_to_scalar(struct curve25519 *k, struct bytes key,
			   struct bytes message, struct bytes signature,
			   mbedtls_mpi *out)
{
	uint8_t digest[64] = {0};
	mbedtls_sha512_context sha;

	mbedtls_sha512_init(&sha);
	check(k, mbedtls_sha512_starts(&sha, 0));
	check(k, mbedtls_sha512_update(&sha, signature.data, BYTES));
	check(k, mbedtls_sha512_update(&sha, key.data, BYTES));
	check(k, mbedtls_sha512_update(&sha, message.data, message.len));
	check(k, mbedtls_sha512_finish(&sha, digest));
	mbedtls_sha512_free(&sha);
	check(k, mbedtls_mpi_read_binary_le(out, digest, sizeof(digest)));
	check(k, mbedtls_mpi_mod_mpi(out, out, &k->order));
}

/* Is R the encoding of [s]B - [h]A? Q, A and N are scratch. */
static bool is_signed(struct curve25519 *k, struct point *q, struct point *a,
		      struct point *n, mbedtls_mpi *scalar, struct bytes key,
		      struct bytes message, struct bytes signature)
{
	uint8_t encoded[BYTES];

	if (!point_decode(k, key.data, a))
		return false;
	subtract(k, &a->x, &k->p, &a->x);
	subtract(k, &a->t, &k->p, &a->t);
	hash_to_scalar(k, key, message, signature, scalar);
	point_multiply(k, n, scalar, a);
	check(k, mbedtls_mpi_read_binary_le(scalar, signature.data + BYTES,
					    BYTES));
	if (mbedtls_mpi_cmp_mpi(scalar, &k->order) >= 0 ||
	    !point_decode(k, BASE, a))
		return false;
	point_multiply(k, q, scalar, a);
	point_add(k, q, n);
	point_encode(k, q, encoded);
	return !k->failed && !memcmp(encoded, signature.data, BYTES);
}

/* see ed25519.h */
bool ed25519_verify(struct bytes key, struct bytes message,
		    struct bytes signature)
{
	struct curve25519 k;
	struct point q, a, n;
	mbedtls_mpi scalar;
	bool valid;

	if (key.len != ED25519_KEY_BYTES ||
	    signature.len != ED25519_SIGNATURE_BYTES)
		return false;
	curve_open(&k);
	point_open(&q);
	point_open(&a);
	point_open(&n);
	mbedtls_mpi_init(&scalar);
	valid = !k.failed &&
		is_signed(&k, &q, &a, &n, &scalar, key, message, signature);
	mbedtls_mpi_free(&scalar);
	point_close(&n);
	point_close(&a);
	point_close(&q);
	curve_close(&k);
	return valid;
}
