/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The four curves that Go knows, in mbedTLS's terms. Probe process.
 */
#ifndef VERDICT_CURVE_H
#define VERDICT_CURVE_H

#include <mbedtls/ecp.h>

#include "common/bytes.h"

enum key_curve {
	CURVE_NONE,
	CURVE_P224,
	CURVE_P256,
	CURVE_P384,
	CURVE_P521,
};

/* The size of the field, and the curve in mbedTLS. Not for CURVE_NONE. */
uint32_t curve_bits(enum key_curve curve);
mbedtls_ecp_group_id curve_group(enum key_curve curve);

/* "P-256" for people. */
const char *curve_name(enum key_curve curve);

/*
 * NULL if VALUE is an uncompressed point on the curve; else what Go 1.26 says
 * of it on amd64. mbedTLS allocates while it checks; no memory reads as not on
 * the curve.
 */
const char *curve_point_fault(enum key_curve curve, struct bytes value);

#endif
