/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Big-endian numbers and length-prefixed vectors, as TLS (RFC 8446 section 3)
 * and the report on the pipe have them: a reader that never leaves its bytes
 * and a writer that never leaves its buffer. Both are sticky, so that one look
 * at the end tells. Pure: no heap.
 */
#ifndef COMMON_OCTETS_H
#define COMMON_OCTETS_H

#include "common/bytes.h"

struct octets_in {
	struct bytes left;
	bool bad; /* something was longer than what was left */
};

struct octets_out {
	uint8_t *data;
	size_t size;
	size_t len;
	bool overflow;
};

/* Take LEN octets; empty when fewer are left. */
struct bytes octets_take(struct octets_in *in, size_t len);

/* Take a big-endian number of 1 to 8 octets; 0 when fewer are left. */
uint64_t octets_take_number(struct octets_in *in, size_t octets);

/* Take a vector whose length stands before it in WIDTH octets. */
struct bytes octets_take_vector(struct octets_in *in, size_t width);

/* True when everything was read, and nothing beyond it. */
bool octets_done(const struct octets_in *in);

/* Append LEN octets of DATA, or the lowest OCTETS octets of VALUE. What does
 * not fit is left out, as is all that comes after it: OVERFLOW. */
void octets_put(struct octets_out *out, const void *data, size_t len);
void octets_put_number(struct octets_out *out, uint64_t value, size_t octets);

/* Begin a vector of WIDTH octets of length, and end the one that octets_open
 * gave AT for. Not checked: that its length fits in so many. */
size_t octets_open(struct octets_out *out, size_t width);
void octets_close(struct octets_out *out, size_t at, size_t width);

#endif
