/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UTF-8 (RFC 3629) as Go's unicode/utf8 reads it. Both processes. Pure.
 */
#ifndef COMMON_UTF8_H
#define COMMON_UTF8_H

#include "common/bytes.h"

/*
 * Decode the first code point of B (not empty). Returns its length in bytes,
 * 0 if it is not valid UTF-8 (overlong, surrogate, above U+10FFFF, short).
 */
size_t utf8_decode(struct bytes b, uint32_t *code_point);

/* Is all of B valid UTF-8? */
bool utf8_is_valid(struct bytes b);

/* Encode a code point below U+10000 (no surrogate). Returns its length. */
size_t utf8_encode(uint32_t code_point, uint8_t out[3]);

/*
 * Would Go's %q print the code point (above U+007F) as it is? Exact for
 * Latin-1, spaces, controls, surrogates, private use and noncharacters; taken
 * as true for every other one, assigned or not.
 */
bool utf8_is_printable(uint32_t code_point);

#endif
