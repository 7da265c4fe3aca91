/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The certificates that a server presents, raw, as mbedTLS's TLS client meets
 * them. Takes the place of mbedTLS's X.509 module, which is not linked: its
 * parser would end the handshake over certificates that Docker takes (critical
 * name constraints, Ed25519 signatures) and its verifier judges otherwise than
 * Go. Probe process, sealed.
 */
#ifndef PROBE_PRESENTED_H
#define PROBE_PRESENTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/limits.h"

/* As sent, leaf first; views into storage. */
struct presented {
	size_t count;
	struct bytes certs[CHAIN_CERTS_MAX];
	bool cut; /* there were more than there is room for */
	size_t used;
	uint8_t storage[CHAIN_BYTES_MAX];
};

/*
 * Keep in OUT every certificate that mbedTLS hands over from now on; NULL ends
 * it. One handshake at a time: mbedTLS calls with nothing of ours.
 */
void presented_collect(struct presented *out);

#endif
