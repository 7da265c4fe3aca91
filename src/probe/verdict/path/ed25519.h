/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ed25519 signatures (RFC 8032), verification only, on mbedTLS's big numbers
 * and SHA-512: mbedTLS has no Ed25519, Go does. Every input is public, so
 * nothing here runs in constant time. Never sign with this. Probe process.
 */
#ifndef VERDICT_ED25519_H
#define VERDICT_ED25519_H

#include "common/bytes.h"

#define ED25519_SIGNATURE_BYTES 64

/*
 * Did KEY sign MESSAGE? With the acceptance rules of Go's crypto/ed25519: S
 * below the group order, R compared as octets (so a non-canonical R never
 * matches), A may be a non-canonical encoding or of small order, cofactorless.
 * False for wrong lengths, and when memory runs out.
 */
bool ed25519_verify(struct bytes key, struct bytes message,
		    struct bytes signature);

#endif
