/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fields of a report's records, for its decoder only: big-endian numbers,
 * texts that are printable, moments that a certificate can name. Pure bytes.
 */
#ifndef COMMON_WIRE_READER_H
#define COMMON_WIRE_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/fingerprint.h"
#include "common/wire.h"

/* Sticky: a read past the end yields zeros and is seen once,
 * when the record is closed. */
struct wire_reader {
	struct bytes left;
	bool bad;
};

/* The next LEN bytes; none, and BAD, past the end. */
struct bytes wire_take(struct wire_reader *r, size_t len);

/* The next OCTETS (at most 8) as a number; 0 past the end. */
uint64_t wire_take_number(struct wire_reader *r, size_t octets);

/* LEN bytes of printable ASCII, at most LEN_MAX, without a blank at an end or
 * two in a row; else BAD. */
struct bytes wire_take_text(struct wire_reader *r, size_t len, size_t len_max);

/* All that is left, as such a text, into OUT of SIZE with a NUL. */
void wire_take_string(struct wire_reader *r, char *out, size_t size);

/* Seconds since 1970 in the years 0 to 9999; else 0 and BAD. */
int64_t wire_take_moment(struct wire_reader *r);

void wire_take_fingerprint(struct wire_reader *r, struct fingerprint *out);

#endif
