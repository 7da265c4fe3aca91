/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Montgomery arithmetic on four limbs. Probe process. Not constant time: every
 * input is public.
 */
#include "probe/verdict/field.h"

/* Inlined even where size counts more: this is where the time goes. */
#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* a * b + c + d as two limbs; it always fits. */
ALWAYS_INLINE uint64_t multiply_add(uint64_t a, uint64_t b, uint64_t c,
				    uint64_t d, uint64_t *high)
{
#ifdef __SIZEOF_INT128__
	__extension__ unsigned __int128 sum = (unsigned __int128)a * b + c + d;

	*high = (uint64_t)(sum >> 64);
	return (uint64_t)sum;
#else
	uint64_t al = (uint32_t)a, ah = a >> 32;
	uint64_t bl = (uint32_t)b, bh = b >> 32;
	uint64_t low = al * bl, m1 = ah * bl, m2 = al * bh;
	uint64_t middle = (low >> 32) + (uint32_t)m1 + (uint32_t)m2;
	uint64_t top = ah * bh + (m1 >> 32) + (m2 >> 32) + (middle >> 32);

	low = (uint32_t)low | middle << 32;
	low += c;
	top += low < c;
	low += d;
	top += low < d;
	*high = top;
	return low;
#endif
}

/* a + b + *carry, which becomes the next carry. */
ALWAYS_INLINE uint64_t add_carry(uint64_t a, uint64_t b, uint64_t *carry)
{
	uint64_t sum = a + b, all = sum + *carry;

	*carry = (uint64_t)(sum < a) | (uint64_t)(all < sum);
	return all;
}

/* a - b - *borrow, which becomes the next borrow. */
ALWAYS_INLINE uint64_t subtract_borrow(uint64_t a, uint64_t b, uint64_t *borrow)
{
	uint64_t rest = a - b, all = rest - *borrow;

	*borrow = (uint64_t)(a < b) | (uint64_t)(rest < all);
	return all;
}

/* out = a - b; returns the borrow. */
static uint64_t subtract(uint64_t *out, const uint64_t *a, const uint64_t *b)
{
	uint64_t borrow = 0;

	out[0] = subtract_borrow(a[0], b[0], &borrow);
	out[1] = subtract_borrow(a[1], b[1], &borrow);
	out[2] = subtract_borrow(a[2], b[2], &borrow);
	out[3] = subtract_borrow(a[3], b[3], &borrow);
	return borrow;
}

/* out = a + b; returns the carry. */
static uint64_t add(uint64_t *out, const uint64_t *a, const uint64_t *b)
{
	uint64_t carry = 0;

	out[0] = add_carry(a[0], b[0], &carry);
	out[1] = add_carry(a[1], b[1], &carry);
	out[2] = add_carry(a[2], b[2], &carry);
	out[3] = add_carry(a[3], b[3], &carry);
	return carry;
}

/* Bring CARRY * 2^256 + A, below twice the modulus, below it. */
static void reduce(const struct field *f, struct field_element *a,
		   uint64_t carry)
{
	struct field_element less;
	uint64_t borrow = subtract(less.limb, a->limb, f->modulus.limb);

	if (carry || !borrow)
		*a = less;
}

/* see field.h */
void field_multiply(const struct field *f, struct field_element *out,
		    const struct field_element *a,
		    const struct field_element *b)
{
	const uint64_t *m = f->modulus.limb;
	uint64_t t0 = 0, t1 = 0, t2 = 0, t3 = 0, t4 = 0;

	/* After each step t is divided by 2^64, modulo the modulus. */
	for (int i = 0; i < FIELD_LIMBS; i++) {
		uint64_t x = a->limb[i], carry, t5, y;

		t0 = multiply_add(x, b->limb[0], t0, 0, &carry);
		t1 = multiply_add(x, b->limb[1], t1, carry, &carry);
		t2 = multiply_add(x, b->limb[2], t2, carry, &carry);
		t3 = multiply_add(x, b->limb[3], t3, carry, &carry);
		t4 += carry;
		t5 = t4 < carry;
		y = t0 * f->inverse;
		multiply_add(y, m[0], t0, 0, &carry);
		t0 = multiply_add(y, m[1], t1, carry, &carry);
		t1 = multiply_add(y, m[2], t2, carry, &carry);
		t2 = multiply_add(y, m[3], t3, carry, &carry);
		t3 = t4 + carry;
		t4 = t5 + (t3 < carry);
	}
	*out = (struct field_element){{t0, t1, t2, t3}};
	reduce(f, out, t4);
}

/* see field.h */
void field_add(const struct field *f, struct field_element *out,
	       const struct field_element *a, const struct field_element *b)
{
	reduce(f, out, add(out->limb, a->limb, b->limb));
}

/* see field.h */
void field_subtract(const struct field *f, struct field_element *out,
		    const struct field_element *a,
		    const struct field_element *b)
{
	if (subtract(out->limb, a->limb, b->limb))
		add(out->limb, out->limb, f->modulus.limb);
}

/* see field.h */
bool field_read(const struct field *f, struct field_element *out,
		const uint8_t *octets, size_t len)
{
	struct field_element n = {{0}}, less;
	bool below;

	for (size_t i = 0; i < len; i++)
		n.limb[i / 8] |= (uint64_t)octets[len - 1 - i] << i % 8 * 8;
	below = subtract(less.limb, n.limb, f->modulus.limb);
	field_multiply(f, out, below ? &n : &less, &f->square);
	return below;
}

/* see field.h */
void field_write(const struct field *f, const struct field_element *a,
		 uint8_t *octets)
{
	const struct field_element one = {{1}};
	struct field_element n;

	field_multiply(f, &n, a, &one);
	for (size_t i = 0; i < FIELD_BYTES; i++)
		octets[FIELD_BYTES - 1 - i] =
			(uint8_t)(n.limb[i / 8] >> i % 8 * 8);
}

/* see field.h */
void field_one(const struct field *f, struct field_element *out)
{
	const struct field_element one = {{1}};

	field_multiply(f, out, &one, &f->square);
}

/* see field.h */
void field_raise(const struct field *f, struct field_element *out,
		 const struct field_element *a, const uint8_t *exponent)
{
	struct field_element base = *a;

	field_one(f, out);
	for (size_t i = 8 * FIELD_BYTES; i > 0; i--) {
		field_multiply(f, out, out, out);
		if (field_bit(exponent, i - 1))
			field_multiply(f, out, out, &base);
	}
}

/* see field.h */
void field_invert(const struct field *f, struct field_element *out,
		  const struct field_element *a)
{
	const struct field_element two = {{2}};
	struct field_element less;
	uint8_t exponent[FIELD_BYTES];

	/* Fermat: the modulus less two. */
	subtract(less.limb, f->modulus.limb, two.limb);
	for (size_t i = 0; i < FIELD_BYTES; i++)
		exponent[FIELD_BYTES - 1 - i] =
			(uint8_t)(less.limb[i / 8] >> i % 8 * 8);
	field_raise(f, out, a, exponent);
}

/* see field.h */
bool field_is_equal(const struct field_element *a,
		    const struct field_element *b)
{
	return !memcmp(a->limb, b->limb, sizeof(a->limb));
}

/* see field.h */
bool field_is_zero(const struct field_element *a)
{
	return !(a->limb[0] | a->limb[1] | a->limb[2] | a->limb[3]);
}
