/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A certificate, read exactly as strictly as a Go release reads it. Every
 * field is a view into the caller's DER, which must stay as long as the
 * certificate is used. Probe process. No heap of ours.
 */
#ifndef VERDICT_CERTIFICATE_H
#define VERDICT_CERTIFICATE_H

#include "common/error.h"
#include "common/limits.h"
#include "probe/verdict/x509/algorithm.h"
#include "probe/verdict/x509/moment.h"

/* The keyUsage bit keyCertSign, as in `key_usage`. */
#define KEY_USAGE_CERT_SIGN (1u << 5)

/* Tags of a GeneralName. */
enum general_name {
	GENERAL_NAME_EMAIL = 0x81,
	GENERAL_NAME_DNS = 0x82,
	GENERAL_NAME_URI = 0x86,
	GENERAL_NAME_IP = 0x87,
};

struct certificate {
	struct bytes der, tbs;		    /* with headers */
	struct bytes serial;		    /* content of the INTEGER */
	struct bytes issuer, subject, spki; /* with headers */
	struct der_bits signature;
	const struct signature_algorithm *algorithm;
	struct key key;
	struct moment not_before, not_after;
	uint8_t version; /* 1, 2, 3; 4: any later (Go before 1.17) */

	bool unhandled_critical; /* a critical extension unknown to Go */
	bool has_basic_constraints, is_ca;
	int64_t path_length; /* -1: no limit */
	uint16_t key_usage;  /* bit i of the BIT STRING is 1 << i; 0: any */
	bool forbids_server; /* extendedKeyUsage without serverAuth and any */
	bool is_logged; /* timestamps of public logs (RFC 6962 3.3), not read */

	bool has_san;
	struct bytes san; /* extnValue of subjectAltName */
	uint32_t dns_names, ip_addresses, uris, emails; /* how many */

	bool has_constraints;
	struct bytes permitted, excluded; /* GeneralSubtrees, content */

	struct bytes policies, mappings;      /* content of the SEQUENCE */
	int64_t require_explicit_policy;      /* below 0: not given */
	int64_t inhibit_mapping, inhibit_any; /* below 0: not given */

	struct bytes subject_key_id, authority_key_id;
};

/*
 * Read DER as Go RELEASE's x509.ParseCertificate does. Fails with ERR_CHAIN
 * and Go's own text ("x509: malformed certificate"; releases before 1.17 have
 * other texts for broken DER). More than CERTIFICATE_ITEMS_MAX extensions,
 * policies or mappings, and a key with unused bits of more than
 * KEY_SHIFTED_BYTES_MAX, fail with ERR_LIMIT, which Go would not. Of WHY only
 * code and detail are filled. Not checked: the signature, dates, names, any
 * meaning.
 */
MUST_CHECK enum err certificate_parse(struct bytes der,
				      struct go_release release,
				      struct certificate *out,
				      struct failure *why);

/*
 * The subject of DER, with its header, found without reading anything else for
 * its form. False: there is none where it should be, and certificate_parse
 * fails too.
 */
bool certificate_subject(struct bytes der, struct bytes *subject);

/*
 * Walk the subject alternative names: NAMES starts as certificate_names(c) and
 * shrinks. False at the end.
 */
struct bytes certificate_names(const struct certificate *c);
bool certificate_next_name(struct bytes *names, uint8_t *tag,
			   struct bytes *value);

/* Walk GeneralSubtrees (c->permitted or c->excluded), as above. */
bool certificate_next_subtree(struct bytes *subtrees, uint8_t *tag,
			      struct bytes *value);

/* Are issuer and subject the same octets? Says nothing of the signature. */
bool certificate_is_self_issued(const struct certificate *c);

#endif
