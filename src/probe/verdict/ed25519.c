/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ed25519 verification (RFC 8032). Probe process. Not constant time: every
 * input is public.
 */
#include "probe/verdict/ed25519.h"

#include <mbedtls/sha512.h>

#include "probe/verdict/field.h"

#define BYTES ED25519_KEY_BYTES

/* A point in extended coordinates: x = X/Z, y = Y/Z, x y = T/Z. */
struct point {
	struct field_element x, y, z, t;
};

/* 2^255 - 19, and the order of the base point. */
static const struct field P = {
	.modulus = {{0xffffffffffffffed, 0xffffffffffffffff, 0xffffffffffffffff,
		     0x7fffffffffffffff}},
	.inverse = 0x86bca1af286bca1b,
	.square = {{0x00000000000005a4, 0x0000000000000000, 0x0000000000000000,
		    0x0000000000000000}},
};
static const struct field ORDER = {
	.modulus = {{0x5812631a5cf5d3ed, 0x14def9dea2f79cd6, 0x0000000000000000,
		     0x1000000000000000}},
	.inverse = 0xd2b51da312547e1b,
	.square = {{0xa40611e3449c0f01, 0xd00e1ba768859347, 0xceec73d217f5be65,
		    0x0399411b7c309a3d}},
};

/* D of the curve's equation, the square root of -1 and the base point; all
 * times 2^256. */
static const struct field_element D = {{0x80ed8bfedf47e9fa, 0x10a18777afc62973,
					0xe5939207bc188690,
					0x2c822b5a729fc526}};
static const struct field_element ROOT = {
	{0x3b5807d4fe2bdb04, 0x03f590fdb51be9ed, 0x6d6e16bf336202d1,
	 0x75776b0bd6c71ba8}};
static const struct field_element BASE_X = {
	{0xe2cabc553f9da287, 0x9ca598562396e489, 0x9879936bade4b5b7,
	 0x759e23707e6077d0}};
static const struct field_element BASE_Y = {
	{0x333333333333334a, 0x3333333333333333, 0x3333333333333333,
	 0x3333333333333333}};

static void multiply(struct field_element *out, const struct field_element *a,
		     const struct field_element *b)
{
	field_multiply(&P, out, a, b);
}

static void add(struct field_element *out, const struct field_element *a,
		const struct field_element *b)
{
	field_add(&P, out, a, b);
}

static void subtract(struct field_element *out, const struct field_element *a,
		     const struct field_element *b)
{
	field_subtract(&P, out, a, b);
}

/* p += q, by the complete addition of RFC 8032 5.1.4. */
static void point_add(struct point *p, const struct point *q)
{
	struct field_element a, b, c, d;

	subtract(&a, &p->y, &p->x);
	subtract(&b, &q->y, &q->x);
	multiply(&a, &a, &b);
	add(&b, &p->y, &p->x);
	add(&c, &q->y, &q->x);
	multiply(&b, &b, &c);
	multiply(&c, &p->t, &q->t);
	multiply(&c, &c, &D);
	add(&c, &c, &c);
	multiply(&d, &p->z, &q->z);
	add(&d, &d, &d);
	subtract(&p->x, &b, &a); /* E, F, G, H of the RFC */
	subtract(&p->y, &d, &c);
	add(&c, &d, &c);
	add(&b, &b, &a);
	multiply(&p->t, &p->x, &b);
	multiply(&p->z, &p->y, &c);
	multiply(&p->x, &p->x, &p->y);
	multiply(&p->y, &c, &b);
}

/* out = a * BASE + b * q, bit by bit of both at once. */
static void point_combine(struct point *out, const uint8_t *a, const uint8_t *b,
			  const struct point *q)
{
	struct point base = {BASE_X, BASE_Y, {{0}}, {{0}}}, both;

	field_one(&P, &base.z);
	multiply(&base.t, &base.x, &base.y);
	both = base;
	point_add(&both, q);
	*out = (struct point){{{0}}, base.z, base.z, {{0}}};
	for (size_t i = 8 * BYTES; i > 0; i--) {
		bool in_a = field_bit(a, i - 1), in_b = field_bit(b, i - 1);
		struct point same = *out;

		point_add(out, &same);
		if (in_a || in_b)
			point_add(out, !in_b ? &base : !in_a ? q : &both);
	}
}

static void reverse(uint8_t *out, const uint8_t *in)
{
	for (size_t i = 0; i < BYTES; i++)
		out[i] = in[BYTES - 1 - i];
}

static bool is_odd(const struct field_element *a)
{
	uint8_t octets[BYTES];

	field_write(&P, a, octets);
	return octets[BYTES - 1] & 1;
}

static void negate(struct field_element *a)
{
	const struct field_element zero = {{0}};

	subtract(a, &zero, a);
}

/*
 * x from y: the square root of (y^2 - 1) / (d y^2 + 1), RFC 8032 5.1.3.
 * False: there is none.
 */
static bool recover_x(struct point *q, bool odd)
{
	/* (p + 3) / 8 */
	static const uint8_t exponent[BYTES] = {
		0x0f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe};
	struct field_element u, v, one;

	field_one(&P, &one);
	multiply(&u, &q->y, &q->y);
	multiply(&v, &u, &D);
	subtract(&u, &u, &one);
	add(&v, &v, &one);
	field_invert(&P, &v, &v);
	multiply(&u, &u, &v); /* x^2 */
	field_raise(&P, &q->x, &u, exponent);
	multiply(&v, &q->x, &q->x);
	if (!field_is_equal(&u, &v)) {
		multiply(&q->x, &q->x, &ROOT);
		multiply(&v, &q->x, &q->x);
		if (!field_is_equal(&u, &v))
			return false;
	}
	/* Go takes x = 0 with the sign bit set; RFC 8032 would not. */
	if (is_odd(&q->x) != odd)
		negate(&q->x);
	return true;
}

static bool point_decode(const uint8_t in[BYTES], struct point *q)
{
	uint8_t y[BYTES];

	reverse(y, in);
	y[0] &= 0x7f;
	/* Go takes a y from the prime on, less the prime. */
	field_read(&P, &q->y, y, BYTES);
	field_one(&P, &q->z);
	if (!recover_x(q, in[BYTES - 1] >> 7))
		return false;
	multiply(&q->t, &q->x, &q->y);
	return true;
}

static void point_encode(const struct point *q, uint8_t out[BYTES])
{
	struct field_element inverse, x, y;
	uint8_t octets[BYTES];

	field_invert(&P, &inverse, &q->z);
	multiply(&x, &q->x, &inverse);
	multiply(&y, &q->y, &inverse);
	field_write(&P, &y, octets);
	reverse(out, octets);
	out[BYTES - 1] |= (uint8_t)(is_odd(&x) << 7);
}

/* SHA-512(R || A || M). */
static bool hash(struct bytes key, struct bytes message, struct bytes signature,
		 uint8_t digest[64])
{
	mbedtls_sha512_context sha;
	bool done;

	mbedtls_sha512_init(&sha);
	done = !mbedtls_sha512_starts(&sha, 0) &&
	       !mbedtls_sha512_update(&sha, signature.data, BYTES) &&
	       !mbedtls_sha512_update(&sha, key.data, BYTES) &&
	       !mbedtls_sha512_update(&sha, message.data, message.len) &&
	       !mbedtls_sha512_finish(&sha, digest);
	mbedtls_sha512_free(&sha);
	return done;
}

/* The 64 little-endian octets of DIGEST modulo the order, as octets. */
static void reduce(const uint8_t digest[64], uint8_t out[BYTES])
{
	struct field_element sum = {{0}}, digit, radix;
	const uint8_t radix_octets[2] = {1, 0};

	field_read(&ORDER, &radix, radix_octets, 2);
	for (size_t i = 64; i > 0; i--) {
		field_read(&ORDER, &digit, &digest[i - 1], 1);
		field_multiply(&ORDER, &sum, &sum, &radix);
		field_add(&ORDER, &sum, &sum, &digit);
	}
	field_write(&ORDER, &sum, out);
}

/* see ed25519.h */
bool ed25519_verify(struct bytes key, struct bytes message,
		    struct bytes signature)
{
	uint8_t digest[64], of_key[BYTES], of_base[BYTES], encoded[BYTES];
	struct field_element s;
	struct point a, sum;

	if (key.len != ED25519_KEY_BYTES ||
	    signature.len != ED25519_SIGNATURE_BYTES)
		return false;
	reverse(of_base, signature.data + BYTES);
	if (!field_read(&ORDER, &s, of_base, BYTES) ||
	    !point_decode(key.data, &a) ||
	    !hash(key, message, signature, digest))
		return false;
	negate(&a.x);
	negate(&a.t);
	reduce(digest, of_key);
	point_combine(&sum, of_base, of_key, &a);
	point_encode(&sum, encoded);
	return !memcmp(encoded, signature.data, BYTES);
}
