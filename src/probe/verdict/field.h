/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Arithmetic modulo an odd number of 255 or 256 bits, in Montgomery form, for
 * checking signatures: mbedTLS's own is general, and ten times slower. Not in
 * constant time: every input is public. Never use it with a secret. Probe
 * process. No heap.
 */
#ifndef VERDICT_FIELD_H
#define VERDICT_FIELD_H

#include "common/bytes.h"

#define FIELD_LIMBS 4
#define FIELD_BYTES 32

/* A number below the modulus times 2^256; limbs least significant first. */
struct field_element {
	uint64_t limb[FIELD_LIMBS];
};

struct field {
	struct field_element modulus;
	uint64_t inverse;	     /* minus 1 / modulus, modulo 2^64 */
	struct field_element square; /* 2^512 modulo the modulus */
};

/*
 * Read LEN (at most FIELD_BYTES) big-endian octets. False if the number is not
 * below the modulus; OUT is then the number less the modulus once.
 */
bool field_read(const struct field *f, struct field_element *out,
		const uint8_t *octets, size_t len);

/* Write A as FIELD_BYTES big-endian octets. */
void field_write(const struct field *f, const struct field_element *a,
		 uint8_t *octets);

/* OUT may be an operand in all of these. */
void field_multiply(const struct field *f, struct field_element *out,
		    const struct field_element *a,
		    const struct field_element *b);
void field_add(const struct field *f, struct field_element *out,
	       const struct field_element *a, const struct field_element *b);
void field_subtract(const struct field *f, struct field_element *out,
		    const struct field_element *a,
		    const struct field_element *b);

/* OUT = A to the power of the FIELD_BYTES big-endian octets of EXPONENT. */
void field_raise(const struct field *f, struct field_element *out,
		 const struct field_element *a, const uint8_t *exponent);

/* OUT = 1 / A, for a prime modulus; 0 for 0. */
void field_invert(const struct field *f, struct field_element *out,
		  const struct field_element *a);

/* The number 1. */
void field_one(const struct field *f, struct field_element *out);

bool field_is_equal(const struct field_element *a,
		    const struct field_element *b);
bool field_is_zero(const struct field_element *a);

/* Is bit I (from 0) set in FIELD_BYTES big-endian octets? */
static inline bool field_bit(const uint8_t *octets, size_t i)
{
	return octets[FIELD_BYTES - 1 - i / 8] >> i % 8 & 1;
}

#endif
