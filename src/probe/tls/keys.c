/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ECDHE and the transcript; see keys.h. Probe process, sealed.
 */
#include "probe/tls/keys.h"

#include "probe/tls/entropy.h"

/* SEC 1, 2.3.3 */
#define POINT_UNCOMPRESSED 4

static const struct {
	uint16_t id;
	mbedtls_ecp_group_id curve;
} GROUPS[] = {
	{GROUP_X25519, MBEDTLS_ECP_DP_CURVE25519},
	{23, MBEDTLS_ECP_DP_SECP256R1},
	{24, MBEDTLS_ECP_DP_SECP384R1},
	{25, MBEDTLS_ECP_DP_SECP521R1},
};

/* see keys.h */
void keys_open(struct keys *k)
{
	mbedtls_ecdh_init(&k->pair);
	mbedtls_md_init(&k->transcript);
	k->suite = NULL;
	k->group = 0;
}

/* see keys.h */
void keys_close(struct keys *k)
{
	mbedtls_ecdh_free(&k->pair);
	mbedtls_md_free(&k->transcript);
}

static mbedtls_ecp_group_id find_curve(uint16_t group)
{
	for (size_t i = 0; i < sizeof(GROUPS) / sizeof(*GROUPS); i++)
		if (GROUPS[i].id == group)
			return GROUPS[i].curve;
	return MBEDTLS_ECP_DP_NONE;
}

/* see keys.h */
bool keys_knows(uint16_t group)
{
	return find_curve(group) != MBEDTLS_ECP_DP_NONE;
}

/* see keys.h */
bool keys_make(struct keys *k, uint16_t group)
{
	mbedtls_ecp_group_id curve = find_curve(group);
	size_t len;

	mbedtls_ecdh_free(&k->pair);
	mbedtls_ecdh_init(&k->pair);
	k->group = group;
	return curve != MBEDTLS_ECP_DP_NONE &&
	       !mbedtls_ecdh_setup(&k->pair, curve) &&
	       !mbedtls_ecdh_make_public(&k->pair, &len, k->point,
					 sizeof(k->point), entropy_fill, NULL);
}

/* see keys.h */
bool keys_begin(struct keys *k, const struct suite *suite)
{
	k->suite = suite;
	k->md = mbedtls_md_info_from_type(suite->hash);
	return !mbedtls_md_setup(&k->transcript, k->md, 0) &&
	       !mbedtls_md_starts(&k->transcript);
}

/* see keys.h */
void keys_note(struct keys *k, const void *data, size_t len)
{
	if (k->suite)
		(void)mbedtls_md_update(&k->transcript, data, len);
}

/* see keys.h */
size_t keys_transcript(const struct keys *k,
		       uint8_t out[static MBEDTLS_MD_MAX_SIZE])
{
	mbedtls_md_context_t copy;
	bool done;

	if (!k->suite)
		return 0;
	mbedtls_md_init(&copy);
	done = !mbedtls_md_setup(&copy, k->md, 0) &&
	       !mbedtls_md_clone(&copy, &k->transcript) &&
	       !mbedtls_md_finish(&copy, out);
	mbedtls_md_free(&copy);
	return done ? mbedtls_md_get_size(k->md) : 0;
}

/* see keys.h */
bool keys_retry(struct keys *k)
{
	uint8_t hash[MBEDTLS_MD_MAX_SIZE];
	uint8_t header[HANDSHAKE_HEADER_BYTES] = {HANDSHAKE_MESSAGE_HASH};
	size_t len = keys_transcript(k, hash);

	header[3] = (uint8_t)len;
	return len && !mbedtls_md_starts(&k->transcript) &&
	       !mbedtls_md_update(&k->transcript, header, sizeof(header)) &&
	       !mbedtls_md_update(&k->transcript, hash, len);
}

/* see keys.h */
size_t keys_agree(struct keys *k, struct bytes share,
		  uint8_t out[static KEYS_SECRET_MAX])
{
	uint8_t point[1 + KEYS_SHARE_MAX];
	size_t len;

	if (!k->group || share.len > KEYS_SHARE_MAX || !share.len)
		return 0;
	/* mbedTLS takes compressed points as well; nobody offers them. */
	if (k->group != GROUP_X25519 && share.data[0] != POINT_UNCOMPRESSED)
		return 0;
	point[0] = (uint8_t)share.len;
	memcpy(point + 1, share.data, share.len);
	if (mbedtls_ecdh_read_public(&k->pair, point, 1 + share.len) ||
	    mbedtls_ecdh_calc_secret(&k->pair, &len, out, KEYS_SECRET_MAX,
				     entropy_fill, NULL))
		return 0;
	return len;
}
