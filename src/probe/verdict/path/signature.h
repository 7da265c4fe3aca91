/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One signature check between two certificates, as Go's CheckSignatureFrom.
 * mbedTLS supplies hashes, big numbers and ECDSA. Probe process. Its heap is
 * mbedTLS's, freed before return.
 */
#ifndef VERDICT_SIGNATURE_H
#define VERDICT_SIGNATURE_H

#include "common/limits.h"
#include "probe/verdict/x509/certificate.h"

enum signature_result {
	SIGNATURE_VALID,
	SIGNATURE_NOT_CA,      /* no CA:TRUE or no keyCertSign in the parent */
	SIGNATURE_UNSUPPORTED, /* an algorithm that Go does not check */
	SIGNATURE_INSECURE,    /* MD5, SHA-1 */
	SIGNATURE_MISMATCH,    /* algorithm and key are of different kinds */
	SIGNATURE_SMALL_KEY,   /* RSA under 1024 bits */
	SIGNATURE_BAD_KEY,     /* an RSA key that Go refuses to use */
	SIGNATURE_WRONG,       /* checked, and not signed by the parent */
	SIGNATURE_UNCHECKED,   /* Go would check it, we cannot */
};

/*
 * Results of the expensive part, by content. Start with {0}. The octets of the
 * certificates that were checked must stay as long as it is used.
 */
struct signature_cache {
	struct {
		struct bytes tbs, signature, spki;
		uint8_t unused; /* bits of the signature */
		bool any_residue, valid;
	} entry[SIGNATURE_RESULTS_MAX];
	size_t used;
	uint32_t computed; /* how often it was done, remembered or not */
};

/*
 * Does Go RELEASE say that PARENT signed CHILD? Only basicConstraints,
 * keyUsage, key and signature are looked at; names, dates and everything else
 * are not. With a CACHE (or NULL) the same check is computed once.
 *
 * SIGNATURE_UNCHECKED: ML-DSA (Go 1.27 on), DSA (Go before 1.16), RSA keys of
 * more bits than mbedTLS was built for. Never to be read as valid.
 */
enum signature_result signature_check(const struct certificate *child,
				      const struct certificate *parent,
				      struct go_release release,
				      struct signature_cache *cache);

/*
 * Did KEY, of A's kind, sign MESSAGE by A's hash and padding? The expensive
 * part of the above alone, for TLS and to know roots: no rule about sizes of
 * keys or old hashes is applied. False also when the check cannot be computed.
 */
bool signature_verify(const struct signature_algorithm *a,
		      const struct key *key, struct bytes message,
		      struct bytes signature);

/*
 * Append Go's error text for a RESULT that signature_check gave for the same
 * certificates and release. Nothing for SIGNATURE_VALID.
 */
void signature_explain(struct text *t, enum signature_result result,
		       const struct certificate *child,
		       const struct certificate *parent,
		       struct go_release release);

#endif
