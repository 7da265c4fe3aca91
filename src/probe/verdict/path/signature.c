/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known without computing comes first, then the expensive part.
 */
#include "probe/verdict/path/signature.h"

#include <mbedtls/ecdsa.h>
#include <mbedtls/md.h>

#include "probe/verdict/path/ed25519.h"
#include "probe/verdict/path/rsa.h"

/* Smallest modulus that Go 1.24 and later take, in bits. */
#define RSA_BITS_MIN 1024

struct digest {
	uint8_t octets[64];
	size_t len;
};

static mbedtls_md_type_t md_type(enum hash_kind hash)
{
	return hash == HASH_MD5	     ? MBEDTLS_MD_MD5
	       : hash == HASH_SHA1   ? MBEDTLS_MD_SHA1
	       : hash == HASH_SHA256 ? MBEDTLS_MD_SHA256
	       : hash == HASH_SHA384 ? MBEDTLS_MD_SHA384
	       : hash == HASH_SHA512 ? MBEDTLS_MD_SHA512
				     : MBEDTLS_MD_NONE;
}

/* SIGNATURE := SEQUENCE { r INTEGER, s INTEGER }, and nothing after it. */
static bool read_ecdsa(struct bytes in, struct bytes *r, struct bytes *s)
{
	struct bytes inner;

	return der_read(&in, DER_SEQUENCE, &inner) && !in.len &&
	       der_read_integer(&inner, r) && der_read_integer(&inner, s) &&
	       !inner.len && r->data[0] < 0x80 && s->data[0] < 0x80;
}

static bool check_ecdsa(const struct key *key, const struct digest *digest,
			struct bytes signature)
{
	mbedtls_ecp_group group;
	mbedtls_ecp_point point;
	struct bytes r_octets, s_octets;
	mbedtls_mpi r, s;
	bool valid;

	if (!read_ecdsa(signature, &r_octets, &s_octets))
		return false;
	mbedtls_ecp_group_init(&group);
	mbedtls_ecp_point_init(&point);
	mbedtls_mpi_init(&r);
	mbedtls_mpi_init(&s);
	valid = !mbedtls_ecp_group_load(&group, curve_group(key->curve)) &&
		!mbedtls_ecp_point_read_binary(&group, &point, key->value.data,
					       key->value.len) &&
		!mbedtls_mpi_read_binary(&r, r_octets.data, r_octets.len) &&
		!mbedtls_mpi_read_binary(&s, s_octets.data, s_octets.len) &&
		!mbedtls_ecdsa_verify(&group, digest->octets, digest->len,
				      &point, &r, &s);
	mbedtls_mpi_free(&s);
	mbedtls_mpi_free(&r);
	mbedtls_ecp_point_free(&point);
	mbedtls_ecp_group_free(&group);
	return valid;
}

/* see signature.h */
bool signature_verify(const struct signature_algorithm *a,
		      const struct key *key, struct bytes message,
		      struct bytes signature)
{
	const mbedtls_md_info_t *md;
	struct digest digest;

	if (key->kind == KEY_ED25519)
		return ed25519_verify(key->value, message, signature);
	md = mbedtls_md_info_from_type(md_type(a->hash));
	if (!md || mbedtls_md(md, message.data, message.len, digest.octets))
		return false;
	digest.len = mbedtls_md_get_size(md);
	if (key->kind == KEY_ECDSA)
		return check_ecdsa(key, &digest, signature);
	return rsa_verify(key, md_type(a->hash), a->pss,
			  (struct bytes){digest.octets, digest.len}, signature);
}

/* Go shifts a signature whose BIT STRING is not whole octets to the right. */
static struct bytes align(const struct der_bits *bits, uint8_t *out,
			  size_t size)
{
	struct bytes b = bits->octets;

	if (!bits->unused)
		return b;
	if (b.len > size)
		return (struct bytes){0};
	for (size_t i = b.len; i > 0; i--)
		out[i - 1] =
			(uint8_t)(b.data[i - 1] >> bits->unused |
				  (i > 1 ? b.data[i - 2] << (8 - bits->unused)
					 : 0));
	return (struct bytes){out, b.len};
}

static bool check_cached(const struct certificate *child,
			 const struct certificate *parent,
			 struct signature_cache *cache)
{
	uint8_t aligned[RSA_BYTES_MAX];
	struct bytes signature =
		align(&child->signature, aligned, sizeof(aligned));
	bool valid;

	for (size_t i = 0; cache && i < cache->used; i++)
		if (bytes_equal(cache->entry[i].signature,
				child->signature.octets) &&
		    bytes_equal(cache->entry[i].spki, parent->spki) &&
		    bytes_equal(cache->entry[i].tbs, child->tbs))
			return cache->entry[i].valid;
	valid = signature_verify(child->algorithm, &parent->key, child->tbs,
				 signature);
	if (cache && cache->used < SIGNATURE_RESULTS_MAX) {
		cache->entry[cache->used].tbs = child->tbs;
		cache->entry[cache->used].signature = child->signature.octets;
		cache->entry[cache->used].spki = parent->spki;
		cache->entry[cache->used++].valid = valid;
	}
	return valid;
}

static bool may_sign(const struct certificate *parent)
{
	if (parent->version == 3 && !parent->has_basic_constraints)
		return false;
	if (parent->has_basic_constraints && !parent->is_ca)
		return false;
	return !parent->key_usage || parent->key_usage & KEY_USAGE_CERT_SIGN;
}

/* What Go says of an RSA key before it looks at the signature. */
static enum signature_result check_rsa_key(const struct key *key,
					   struct go_release release)
{
	if (go_follows(release, GO_REFUSE_SMALL_RSA) &&
	    key->bits < RSA_BITS_MIN)
		return SIGNATURE_SMALL_KEY;
	if (rsa_key_fault(key, release))
		return SIGNATURE_BAD_KEY;
	return key->value.len > RSA_BYTES_MAX ? SIGNATURE_UNCHECKED
					      : SIGNATURE_VALID;
}

/* Everything that is known without computing. */
static enum signature_result check_kinds(const struct certificate *child,
					 const struct certificate *parent,
					 struct go_release release)
{
	const struct signature_algorithm *a = child->algorithm;
	enum key_kind kind = parent->key.kind;

	if (!may_sign(parent))
		return SIGNATURE_NOT_CA;
	if (kind == KEY_UNKNOWN)
		return SIGNATURE_UNSUPPORTED;
	if (a->hash == HASH_NONE && a->key != KEY_ED25519 &&
	    a->key != KEY_MLDSA)
		return SIGNATURE_UNSUPPORTED;
	if (a->hash == HASH_MD5 ||
	    (a->hash == HASH_SHA1 && go_follows(release, GO_REFUSE_SHA1)))
		return SIGNATURE_INSECURE;
	if (kind == KEY_DSA)
		return go_follows(release, GO_DSA_GONE) ? SIGNATURE_UNSUPPORTED
							: SIGNATURE_UNCHECKED;
	if (kind != a->key)
		return SIGNATURE_MISMATCH;
	if (kind == KEY_MLDSA)
		return SIGNATURE_UNCHECKED;
	return kind == KEY_RSA ? check_rsa_key(&parent->key, release)
			       : SIGNATURE_VALID;
}

/* see signature.h */
enum signature_result signature_check(const struct certificate *child,
				      const struct certificate *parent,
				      struct go_release release,
				      struct signature_cache *cache)
{
	enum signature_result result = check_kinds(child, parent, release);

	if (result != SIGNATURE_VALID)
		return result;
	return check_cached(child, parent, cache) ? SIGNATURE_VALID
						  : SIGNATURE_WRONG;
}
