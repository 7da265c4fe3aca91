/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Arithmetic of edwards25519: complete additions, plain double and add.
 */
#include "probe/verdict/path/edwards25519.h"

static const char P_HEX[] = "7fffffffffffffffffffffffffffffff"
			    "ffffffffffffffffffffffffffffffed";
static const char D_HEX[] = "52036cee2b6ffe738cc740797779e898"
			    "00700a4d4141d8ab75eb4dca135978a3";
static const char ROOT_HEX[] = "2b8324804fc1df0b2b4d00993dfbd7a7"
			       "2f431806ad2fe478c4ee1b274a0ea0b0";
static const char ORDER_HEX[] = "10000000000000000000000000000000"
				"14def9dea2f79cd65812631a5cf5d3ed";

/* see edwards25519.h */
const uint8_t EDWARDS_BASE[EDWARDS_BYTES] = {
	0x58, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
	0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
	0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66};

/* see edwards25519.h */
void edwards_note(struct edwards *k, int result)
{
	if (result && !k->failed)
		k->failed = result;
}

/* see edwards25519.h */
void edwards_open(struct edwards *k)
{
	mbedtls_mpi *all[] = {&k->p,	 &k->d, &k->root_of_minus_one,
			      &k->order, &k->a, &k->b,
			      &k->c,	 &k->e, &k->f,
			      &k->g,	 &k->h};

	k->failed = 0;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		mbedtls_mpi_init(all[i]);
	edwards_note(k, mbedtls_mpi_read_string(&k->p, 16, P_HEX));
	edwards_note(k, mbedtls_mpi_read_string(&k->d, 16, D_HEX));
	edwards_note(k, mbedtls_mpi_read_string(&k->root_of_minus_one, 16,
						ROOT_HEX));
	edwards_note(k, mbedtls_mpi_read_string(&k->order, 16, ORDER_HEX));
}

/* see edwards25519.h */
void edwards_close(struct edwards *k)
{
	mbedtls_mpi *all[] = {&k->p,	 &k->d, &k->root_of_minus_one,
			      &k->order, &k->a, &k->b,
			      &k->c,	 &k->e, &k->f,
			      &k->g,	 &k->h};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		mbedtls_mpi_free(all[i]);
}

/* see edwards25519.h */
void edwards_point_open(struct edwards_point *q)
{
	mbedtls_mpi_init(&q->x);
	mbedtls_mpi_init(&q->y);
	mbedtls_mpi_init(&q->z);
	mbedtls_mpi_init(&q->t);
}

/* see edwards25519.h */
void edwards_point_close(struct edwards_point *q)
{
	mbedtls_mpi_free(&q->x);
	mbedtls_mpi_free(&q->y);
	mbedtls_mpi_free(&q->z);
	mbedtls_mpi_free(&q->t);
}

static void multiply(struct edwards *k, mbedtls_mpi *out, const mbedtls_mpi *a,
		     const mbedtls_mpi *b)
{
	edwards_note(k, mbedtls_mpi_mul_mpi(out, a, b));
	edwards_note(k, mbedtls_mpi_mod_mpi(out, out, &k->p));
}

/* Sums and differences stay unreduced: multiply reduces them. */
static void add(struct edwards *k, mbedtls_mpi *out, const mbedtls_mpi *a,
		const mbedtls_mpi *b)
{
	edwards_note(k, mbedtls_mpi_add_mpi(out, a, b));
}

static void subtract(struct edwards *k, mbedtls_mpi *out, const mbedtls_mpi *a,
		     const mbedtls_mpi *b)
{
	edwards_note(k, mbedtls_mpi_sub_mpi(out, a, b));
}

/* see edwards25519.h */
void edwards_add(struct edwards *k, struct edwards_point *q,
		 const struct edwards_point *r)
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

/* see edwards25519.h */
void edwards_multiply(struct edwards *k, struct edwards_point *out,
		      const mbedtls_mpi *scalar, const struct edwards_point *q)
{
	edwards_note(k, mbedtls_mpi_lset(&out->x, 0));
	edwards_note(k, mbedtls_mpi_lset(&out->y, 1));
	edwards_note(k, mbedtls_mpi_lset(&out->z, 1));
	edwards_note(k, mbedtls_mpi_lset(&out->t, 0));
	for (size_t i = mbedtls_mpi_bitlen(scalar); i > 0 && !k->failed; i--) {
		edwards_add(k, out, out);
		if (mbedtls_mpi_get_bit(scalar, i - 1))
			edwards_add(k, out, q);
	}
}

/*
 * x from y: the square root of (y^2 - 1) / (d y^2 + 1), RFC 8032 5.1.3.
 * False: there is none. X is left even or odd as ODD says.
 */
static bool recover_x(struct edwards *k, struct edwards_point *q, bool odd)
{
	bool found;

	multiply(k, &k->a, &q->y, &q->y);
	multiply(k, &k->b, &k->a, &k->d);
	edwards_note(k, mbedtls_mpi_sub_int(&k->a, &k->a, 1));
	edwards_note(k, mbedtls_mpi_add_int(&k->b, &k->b, 1));
	edwards_note(k, mbedtls_mpi_inv_mod(&k->b, &k->b, &k->p));
	multiply(k, &k->a, &k->a, &k->b); /* x^2 */
	edwards_note(k, mbedtls_mpi_add_int(&k->c, &k->p, 3));
	edwards_note(k, mbedtls_mpi_shift_r(&k->c, 3));
	edwards_note(k, mbedtls_mpi_exp_mod(&q->x, &k->a, &k->c, &k->p, NULL));
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

/* see edwards25519.h */
bool edwards_decode(struct edwards *k, const uint8_t in[EDWARDS_BYTES],
		    struct edwards_point *q)
{
	uint8_t y[EDWARDS_BYTES];

	memcpy(y, in, EDWARDS_BYTES);
	y[EDWARDS_BYTES - 1] &= 0x7f;
	edwards_note(k, mbedtls_mpi_read_binary_le(&q->y, y, EDWARDS_BYTES));
	edwards_note(k, mbedtls_mpi_mod_mpi(&q->y, &q->y, &k->p));
	edwards_note(k, mbedtls_mpi_lset(&q->z, 1));
	if (k->failed || !recover_x(k, q, in[EDWARDS_BYTES - 1] >> 7))
		return false;
	multiply(k, &q->t, &q->x, &q->y);
	return !k->failed;
}

/* see edwards25519.h */
void edwards_encode(struct edwards *k, const struct edwards_point *q,
		    uint8_t out[EDWARDS_BYTES])
{
	edwards_note(k, mbedtls_mpi_inv_mod(&k->a, &q->z, &k->p));
	multiply(k, &k->b, &q->y, &k->a);
	multiply(k, &k->a, &q->x, &k->a);
	edwards_note(k, mbedtls_mpi_write_binary_le(&k->b, out, EDWARDS_BYTES));
	out[EDWARDS_BYTES - 1] |= (uint8_t)(mbedtls_mpi_get_bit(&k->a, 0) << 7);
}

/* see edwards25519.h */
void edwards_negate(struct edwards *k, struct edwards_point *q)
{
	subtract(k, &q->x, &k->p, &q->x);
	subtract(k, &q->t, &k->p, &q->t);
}
