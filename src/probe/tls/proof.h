/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The certificates, and the signature by which the server proves that it holds
 * the leaf's key, by the rules and in the words of Go's TLS client. Probe
 * process, sealed. Pure; its heap is mbedTLS's, freed before return.
 */
#ifndef PROBE_PROOF_H
#define PROBE_PROOF_H

#include "probe/tls/presented.h"
#include "probe/tls/refusal.h"
#include "probe/tls/suites.h"
#include "probe/verdict/x509/certificate.h"

#define PROOF_INVALID "tls: invalid ServerKeyExchange message"

enum proof_result {
	PROOF_HOLDS,
	PROOF_REFUSED,
	PROOF_UNCHECKED, /* Go would compute it, we cannot */
};

struct proof {
	uint16_t scheme; /* SignatureScheme, RFC 8446 4.2.3 */
	struct bytes signature;
	/* TLS 1.2 */
	struct bytes signed_parameters;
	uint16_t group;
	struct bytes point;
	/* The signature is not as long as it says, which Go notices once it
	 * has looked at the scheme */
	bool misfit;
};

/*
 * Read the BODY of a Certificate message, which views in OUT point into. NULL,
 * also where it holds no certificate at all; or what Go says of it: "" where
 * the message is malformed or, as OUT then says, has more than CHAIN_CERTS_MAX.
 */
const char *proof_read_chain(struct bytes body, bool is13,
			     struct presented *out);

/* Read the BODY of TLS 1.3's CertificateVerify. False: malformed. */
bool proof_read_13(struct bytes body, struct proof *out);

/* Read the BODY of TLS 1.2's ServerKeyExchange: NULL, or what Go says of it
 * up to the point, which is not looked at. */
const char *proof_read_12(struct bytes body, struct go_release go,
			  struct proof *out);

/*
 * Did the key of LEAF, which Go parses, sign MESSAGE in a handshake with SUITE?
 * PROOF_REFUSED, with Go's words in WHY, also when the scheme was not offered
 * or is not one of that version, suite or key, or the signature is a misfit;
 * PROOF_UNCHECKED of ML-DSA and of RSA keys of more than RSA_BYTES_MAX.
 */
enum proof_result proof_check(const struct proof *proof,
			      const struct suite *suite,
			      const struct certificate *leaf,
			      struct go_release go, struct bytes message,
			      char why[static REFUSAL_CHARS_MAX]);

#endif
