/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ECDSA verification on P-256. Probe process. Not constant time: every input
 * is public.
 */
#include "probe/verdict/p256.h"

#include "probe/verdict/field.h"

/* A point in projective coordinates: x = X/Z, y = Y/Z; 0:1:0 is infinity. */
struct point {
	struct field_element x, y, z;
};

/* The prime of the field and the order of the group, FIPS 186-5 / SEC 2. */
static const struct field P = {
	.modulus = {{0xffffffffffffffff, 0x00000000ffffffff, 0x0000000000000000,
		     0xffffffff00000001}},
	.inverse = 0x0000000000000001,
	.square = {{0x0000000000000003, 0xfffffffbffffffff, 0xfffffffffffffffe,
		    0x00000004fffffffd}},
};
static const struct field ORDER = {
	.modulus = {{0xf3b9cac2fc632551, 0xbce6faada7179e84, 0xffffffffffffffff,
		     0xffffffff00000000}},
	.inverse = 0xccd1c8aaee00bc4f,
	.square = {{0x83244c95be79eea2, 0x4699799c49bd6fa6, 0x2845b2392b6bec59,
		    0x66e12d94f3d95620}},
};

/* B of the curve's equation and the base point, times 2^256. */
static const struct field_element B = {{0xd89cdf6229c4bddf, 0xacf005cd78843090,
					0xe5a220abf7212ed6,
					0xdc30061d04874834}};
static const struct field_element BASE_X = {
	{0x79e730d418a9143c, 0x75ba95fc5fedb601, 0x79fb732b77622510,
	 0x18905f76a53755c6}};
static const struct field_element BASE_Y = {
	{0xddf25357ce95560a, 0x8b4ab8e4ba19e45c, 0xd2e88688dd21f325,
	 0x8571ff1825885d85}};

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

/* (a + b) * (c + d) - (e + f) */
static void cross(struct field_element *out, const struct field_element *a,
		  const struct field_element *b, const struct field_element *c,
		  const struct field_element *d, const struct field_element *e,
		  const struct field_element *f)
{
	struct field_element left, right;

	add(&left, a, b);
	add(&right, c, d);
	multiply(out, &left, &right);
	add(&left, e, f);
	subtract(out, out, &left);
}

static void triple(struct field_element *a)
{
	struct field_element twice;

	add(&twice, a, a);
	add(a, a, &twice);
}

/*
 * p += q by the complete formulas of Renes, Costello and Batina, "Complete
 * addition formulas for prime order elliptic curves" (2015), algorithm 4: no
 * exception for doubling, infinity or inverses.
 */
static void point_add(struct point *p, const struct point *q)
{
	struct field_element xx, yy, zz, xy, yz, xz, u, v, w;

	multiply(&xx, &p->x, &q->x);
	multiply(&yy, &p->y, &q->y);
	multiply(&zz, &p->z, &q->z);
	cross(&xy, &p->x, &p->y, &q->x, &q->y, &xx, &yy);
	cross(&yz, &p->y, &p->z, &q->y, &q->z, &yy, &zz);
	cross(&xz, &p->x, &p->z, &q->x, &q->z, &xx, &zz);
	multiply(&u, &B, &zz);
	subtract(&u, &xz, &u);
	triple(&u);
	subtract(&v, &yy, &u);
	add(&u, &yy, &u);
	multiply(&w, &B, &xz);
	triple(&zz);
	subtract(&w, &w, &zz);
	subtract(&w, &w, &xx);
	triple(&w);
	triple(&xx);
	subtract(&xx, &xx, &zz);
	multiply(&yy, &yz, &w);
	multiply(&p->x, &xy, &u);
	subtract(&p->x, &p->x, &yy);
	multiply(&w, &xx, &w);
	multiply(&p->y, &u, &v);
	add(&p->y, &p->y, &w);
	multiply(&p->z, &yz, &v);
	multiply(&w, &xy, &xx);
	add(&p->z, &p->z, &w);
}

/* out = a * BASE + b * q, bit by bit of both at once. */
static void point_combine(struct point *out, const uint8_t *a, const uint8_t *b,
			  const struct point *q)
{
	struct point base = {BASE_X, BASE_Y, {{0}}}, both;

	field_one(&P, &base.z);
	both = base;
	point_add(&both, q);
	*out = (struct point){{{0}}, base.z, {{0}}};
	for (size_t i = 8 * FIELD_BYTES; i > 0; i--) {
		bool in_a = field_bit(a, i - 1), in_b = field_bit(b, i - 1);
		struct point same = *out;

		point_add(out, &same);
		if (in_a || in_b)
			point_add(out, !in_b ? &base : !in_a ? q : &both);
	}
}

/* Read R or S: a number from 1 to the order less 1. */
static bool read_scalar(struct field_element *out, struct bytes b)
{
	while (b.len && b.data[0] == 0) {
		b.data++;
		b.len--;
	}
	return b.len && b.len <= FIELD_BYTES &&
	       field_read(&ORDER, out, b.data, b.len);
}

/* see p256.h */
bool p256_verify(const uint8_t octets[P256_POINT_BYTES], struct bytes digest,
		 struct bytes r_octets, struct bytes s_octets)
{
	size_t len = digest.len < FIELD_BYTES ? digest.len : FIELD_BYTES;
	uint8_t of_base[FIELD_BYTES], of_key[FIELD_BYTES], x[FIELD_BYTES];
	struct field_element e, r, s, inverse;
	struct point key, sum;

	if (!read_scalar(&r, r_octets) || !read_scalar(&s, s_octets))
		return false;
	field_read(&ORDER, &e, digest.data, len);
	field_invert(&ORDER, &s, &s);
	field_multiply(&ORDER, &e, &e, &s);
	field_write(&ORDER, &e, of_base);
	field_multiply(&ORDER, &e, &r, &s);
	field_write(&ORDER, &e, of_key);

	field_read(&P, &key.x, octets + 1, FIELD_BYTES);
	field_read(&P, &key.y, octets + 1 + FIELD_BYTES, FIELD_BYTES);
	field_one(&P, &key.z);
	point_combine(&sum, of_base, of_key, &key);
	if (field_is_zero(&sum.z))
		return false;
	field_invert(&P, &inverse, &sum.z);
	field_multiply(&P, &inverse, &inverse, &sum.x);
	field_write(&P, &inverse, x);
	/* x may be above the order, once. */
	field_read(&ORDER, &e, x, FIELD_BYTES);
	return field_is_equal(&e, &r);
}
