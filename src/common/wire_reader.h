/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fields of a report's records, for its decoder only, beyond octets.h:
 * texts that are printable, moments that a certificate can name. Pure bytes.
 */
#ifndef COMMON_WIRE_READER_H
#define COMMON_WIRE_READER_H

#include "common/fingerprint.h"
#include "common/octets.h"
#include "common/wire.h"

/* LEN bytes of printable ASCII, at most LEN_MAX, without a blank at an end or
 * two in a row; else BAD. */
struct bytes wire_take_text(struct octets_in *r, size_t len, size_t len_max);

/* All that is left, as such a text, into OUT of SIZE with a NUL. */
void wire_take_string(struct octets_in *r, char *out, size_t size);

/* Seconds since 1970 in the years 0 to 9999; else 0 and BAD. */
int64_t wire_take_moment(struct octets_in *r);

void wire_take_fingerprint(struct octets_in *r, struct fingerprint *out);

#endif
