/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the fallback client is there for: the certificates, and the signature by
 * which the server proves that it holds the leaf's key. Probe process, sealed.
 * Pure; its heap is mbedTLS's, freed before return.
 */
#ifndef PROBE_FALLBACK_PROOF_H
#define PROBE_FALLBACK_PROOF_H

#include "probe/tls/presented.h"

struct fallback_proof {
	uint16_t scheme;		/* SignatureScheme, RFC 8446 4.2.3 */
	struct bytes signed_parameters; /* TLS 1.2 */
	struct bytes signature;
};

/*
 * Read the BODY of a Certificate message, which views in OUT point into. False
 * when it is malformed, holds no certificate or, as OUT then says, more than
 * CHAIN_CERTS_MAX.
 */
bool fallback_certificates_read(struct bytes body, bool is13,
				struct presented *out);

/* Read the BODY of TLS 1.2's ServerKeyExchange, or 1.3's CertificateVerify. */
bool fallback_proof_read(struct bytes body, bool is13,
			 struct fallback_proof *out);

/*
 * Did the key of LEAF, a certificate, sign MESSAGE? By the rules of Go's TLS
 * client: the scheme is one that was offered, and in TLS 1.3 not PKCS #1. False
 * also when LEAF is not one that Go parses.
 */
bool fallback_proof_check(const struct fallback_proof *proof, bool is13,
			  struct bytes leaf, struct bytes message);

#endif
