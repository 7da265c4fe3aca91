/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/verdict/x509/algorithm.h"

#include "probe/verdict/x509/oid.h"

#define OID(oid)                                                               \
	{                                                                      \
		(const uint8_t *)(oid), sizeof(oid) - 1                        \
	}

static const struct {
	struct bytes oid;
	struct signature_algorithm algorithm;
} ALGORITHMS[] = {
	{OID(OID_MD2_RSA), {"MD2-RSA", KEY_RSA, HASH_NONE, false}},
	{OID(OID_MD5_RSA), {"MD5-RSA", KEY_RSA, HASH_MD5, false}},
	{OID(OID_SHA1_RSA), {"SHA1-RSA", KEY_RSA, HASH_SHA1, false}},
	{OID(OID_SHA1_RSA_ISO), {"SHA1-RSA", KEY_RSA, HASH_SHA1, false}},
	{OID(OID_SHA256_RSA), {"SHA256-RSA", KEY_RSA, HASH_SHA256, false}},
	{OID(OID_SHA384_RSA), {"SHA384-RSA", KEY_RSA, HASH_SHA384, false}},
	{OID(OID_SHA512_RSA), {"SHA512-RSA", KEY_RSA, HASH_SHA512, false}},
	{OID(OID_SHA256), {"SHA256-RSAPSS", KEY_RSA, HASH_SHA256, true}},
	{OID(OID_SHA384), {"SHA384-RSAPSS", KEY_RSA, HASH_SHA384, true}},
	{OID(OID_SHA512), {"SHA512-RSAPSS", KEY_RSA, HASH_SHA512, true}},
	{OID(OID_SHA1_DSA), {"DSA-SHA1", KEY_DSA, HASH_SHA1, false}},
	{OID(OID_SHA256_DSA), {"DSA-SHA256", KEY_DSA, HASH_SHA256, false}},
	{OID(OID_SHA1_ECDSA), {"ECDSA-SHA1", KEY_ECDSA, HASH_SHA1, false}},
	{OID(OID_SHA256_ECDSA),
	 {"ECDSA-SHA256", KEY_ECDSA, HASH_SHA256, false}},
	{OID(OID_SHA384_ECDSA),
	 {"ECDSA-SHA384", KEY_ECDSA, HASH_SHA384, false}},
	{OID(OID_SHA512_ECDSA),
	 {"ECDSA-SHA512", KEY_ECDSA, HASH_SHA512, false}},
	{OID(OID_ED25519), {"Ed25519", KEY_ED25519, HASH_NONE, false}},
	{OID(OID_MLDSA44), {"ML-DSA-44", KEY_MLDSA, HASH_NONE, false}},
	{OID(OID_MLDSA65), {"ML-DSA-65", KEY_MLDSA, HASH_NONE, false}},
	{OID(OID_MLDSA87), {"ML-DSA-87", KEY_MLDSA, HASH_NONE, false}},
};

static const struct signature_algorithm UNKNOWN = {"", KEY_UNKNOWN, HASH_NONE,
						   false};

/* By signature OID, or for PSS by the OID of the hash. */
static const struct signature_algorithm *find(struct bytes oid, bool pss)
{
	for (size_t i = 0; i < sizeof(ALGORITHMS) / sizeof(*ALGORITHMS); i++)
		if (ALGORITHMS[i].algorithm.pss == pss &&
		    bytes_equal(ALGORITHMS[i].oid, oid))
			return &ALGORITHMS[i].algorithm;
	return &UNKNOWN;
}

/* A SEQUENCE of an OID and, at most, a NULL. Octets after it are let be. */
static bool read_hash(struct bytes *in, struct bytes *oid)
{
	struct bytes identifier, null;

	return der_read(in, DER_SEQUENCE, &identifier) &&
	       der_read_oid(&identifier, false, oid) &&
	       (!identifier.len || (der_read(&identifier, DER_NULL, &null) &&
				    !null.len && !identifier.len));
}

static bool read_tagged_int(struct bytes *in, uint8_t tag, int64_t *value)
{
	bool present;
	struct bytes content;

	if (!der_read_optional(in, tag, &present, &content))
		return false;
	return !present || (der_read_int64(&content, value) && !content.len);
}

/*
 * RSASSA-PSS as the three forms that Go takes: hash and MGF1 hash the same
 * SHA-2, salt as long as the hash, trailer 1.
 */
static const struct signature_algorithm *find_pss(struct bytes in)
{
	const struct signature_algorithm *found;
	struct bytes hash = {0}, mgf = {0}, oid, mgf_hash, part;
	int64_t salt = 20, trailer = 1, hash_bytes;

	if (!der_read(&in, DER_SEQUENCE, &in) ||
	    !der_read(&in, DER_CONTEXT_CONSTRUCTED | 0, &part) ||
	    !read_hash(&part, &hash) ||
	    !der_read(&in, DER_CONTEXT_CONSTRUCTED | 1, &part) ||
	    !der_read(&part, DER_SEQUENCE, &mgf) ||
	    !der_read_oid(&mgf, false, &oid) || !oid_is(oid, OID_MGF1) ||
	    !read_hash(&mgf, &mgf_hash) || !bytes_equal(hash, mgf_hash) ||
	    !read_tagged_int(&in, DER_CONTEXT_CONSTRUCTED | 2, &salt) ||
	    !read_tagged_int(&in, DER_CONTEXT_CONSTRUCTED | 3, &trailer) ||
	    trailer != 1)
		return &UNKNOWN;
	found = find(hash, true);
	hash_bytes = found->hash == HASH_SHA256	  ? 32
		     : found->hash == HASH_SHA384 ? 48
						  : 64;
	return salt == hash_bytes ? found : &UNKNOWN;
}

/* see algorithm.h */
bool algorithm_parse(struct bytes in, struct go_release release,
		     const struct signature_algorithm **out, struct text *why)
{
	struct bytes oid, parameters = {0};
	uint8_t tag;

	if (!der_read_oid(&in, go_follows(release, GO_STRICT_ARCS), &oid))
		return text_refuse(why, "x509: malformed OID");
	if (in.len && !der_read_any(&in, &tag, &parameters, NULL))
		return text_refuse(why, "x509: malformed parameters");
	if (oid_is(oid, OID_RSA_PSS)) {
		*out = find_pss(parameters);
		return true;
	}
	*out = find(oid, false);
	if (((*out)->key == KEY_ED25519 && parameters.len) ||
	    ((*out)->key == KEY_MLDSA &&
	     (parameters.len || !go_follows(release, GO_MLDSA))))
		*out = &UNKNOWN;
	return true;
}
