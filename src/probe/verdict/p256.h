/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ECDSA signatures on P-256, verification only (FIPS 186-5 6.4.2). mbedTLS has
 * it too, at ten times the cost, which would be most of a capture; a test
 * compares the two. Not constant time: every input is public. Probe process.
 */
#ifndef VERDICT_P256_H
#define VERDICT_P256_H

#include "common/bytes.h"

#define P256_POINT_BYTES 65

/*
 * Did the key POINT (uncompressed, on the curve: the caller has checked that)
 * sign DIGEST? R and S are big-endian numbers of any length. A digest longer
 * than 32 octets counts by its first 32.
 */
bool p256_verify(const uint8_t point[P256_POINT_BYTES], struct bytes digest,
		 struct bytes r, struct bytes s);

#endif
