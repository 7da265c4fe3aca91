/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A strict DER cursor with the rules of Go's cryptobyte (golang.org/x/crypto).
 * A cursor is a struct bytes that shrinks from the front. On false the cursor
 * and the out-parameters are unspecified: the caller gives up on the whole
 * input. Probe process. Pure: no heap, no recursion.
 */
#ifndef VERDICT_DER_H
#define VERDICT_DER_H

#include "common/bytes.h"

enum der_tag {
	DER_BOOLEAN = 0x01,
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_OCTET_STRING = 0x04,
	DER_NULL = 0x05,
	DER_OID = 0x06,
	DER_UTF8_STRING = 0x0c,
	DER_NUMERIC_STRING = 0x12,
	DER_PRINTABLE_STRING = 0x13,
	DER_T61_STRING = 0x14,
	DER_IA5_STRING = 0x16,
	DER_UTC_TIME = 0x17,
	DER_GENERALIZED_TIME = 0x18,
	DER_BMP_STRING = 0x1e,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
	DER_CONTEXT = 0x80,
	DER_CONTEXT_CONSTRUCTED = 0xa0,
};

/* A BIT STRING's octets; the lowest UNUSED bits of the last are zero. */
struct der_bits {
	struct bytes octets;
	uint8_t unused; /* 0..7 */
};

/*
 * Read the next element, whatever its tag. ELEMENT gets it with its header,
 * CONTENT without; either may be NULL, and CONTENT may be IN itself, to step
 * into the element (so in every function here). Lengths must be minimal and at
 * most four octets, tags below 31.
 */
bool der_read_any(struct bytes *in, uint8_t *tag, struct bytes *element,
		  struct bytes *content);

/* Read the next element, which must have TAG. */
bool der_read(struct bytes *in, uint8_t tag, struct bytes *content);
bool der_read_element(struct bytes *in, uint8_t tag, struct bytes *element);

/* Does the next element have TAG? (Only the tag octet is looked at.) */
bool der_peek(struct bytes in, uint8_t tag);

/* Read an element of TAG if it is the next one; PRESENT says whether. */
bool der_read_optional(struct bytes *in, uint8_t tag, bool *present,
		       struct bytes *content);

/* Read an INTEGER, minimally encoded; CONTENT gets its two's complement. */
bool der_read_integer(struct bytes *in, struct bytes *content);

/* Is CONTENT that of a minimally encoded INTEGER that fits int64? */
bool der_int64(struct bytes content, int64_t *value);

/* Read an INTEGER that fits int64. */
bool der_read_int64(struct bytes *in, int64_t *value);

bool der_read_boolean(struct bytes *in, bool *value);
bool der_read_bits(struct bytes *in, struct der_bits *bits);

/*
 * Shift B, which follows the octet BEFORE, right by BITS (1..7), into ROOM. Go
 * does so with BIT STRINGs of unused bits (RightAlign). False: it has not SIZE.
 */
bool der_shift(struct bytes b, unsigned bits, uint8_t before, uint8_t *room,
	       size_t size, struct bytes *out);

/*
 * Read an OBJECT IDENTIFIER whose arcs fit 31 bits. STRICT: a leading 0x80 in
 * an arc is refused (Go 1.20 on).
 */
bool der_read_oid(struct bytes *in, bool strict, struct bytes *content);

/* As der_read_oid, but over content and with arcs of any size. */
bool der_oid_is_minimal(struct bytes content);

#endif
