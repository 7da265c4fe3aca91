/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The expensive part, all of it mbedTLS's but Ed25519.
 */
#include "probe/verdict/path/signature.h"

#include <mbedtls/ecdsa.h>
#include <mbedtls/md.h>

#include "probe/verdict/path/ed25519.h"
#include "probe/verdict/path/rsa.h"

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

/* mbedTLS's own with a ready table, for P-256 alone: scripts/compile-mbedtls */
int mbedtls_ecp_group_load_p256(mbedtls_ecp_group *group,
				mbedtls_ecp_group_id id);

static bool load_group(enum key_curve curve, mbedtls_ecp_group *out)
{
	mbedtls_ecp_group_id id = curve_group(curve);

	return !(id == MBEDTLS_ECP_DP_SECP256R1
			 ? mbedtls_ecp_group_load_p256
			 : mbedtls_ecp_group_load)(out, id);
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
	valid = load_group(key->curve, &group) &&
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
	uint8_t room[RSA_BYTES_MAX];
	const mbedtls_md_info_t *md;
	struct digest digest;
	struct key aligned;

	if (!key_align(key, room, sizeof(room), &aligned))
		return false;
	key = &aligned;
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
