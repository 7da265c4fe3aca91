/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ECDHE and the transcript; see keys.h. Probe process, sealed.
 */
#include "probe/tls/keys.h"

#include <mbedtls/platform_util.h>

#include "probe/tls/entropy.h"

/* SEC 1, 2.3.3 */
#define POINT_UNCOMPRESSED 4

static const struct {
	uint16_t id;
	mbedtls_ecp_group_id curve;
} CURVES[] = {
	{GROUP_SECP256R1, MBEDTLS_ECP_DP_SECP256R1},
	{GROUP_SECP384R1, MBEDTLS_ECP_DP_SECP384R1},
	{GROUP_SECP521R1, MBEDTLS_ECP_DP_SECP521R1},
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
	mbedtls_platform_zeroize(k->scalar, sizeof(k->scalar));
	mbedtls_ecdh_free(&k->pair);
	mbedtls_md_free(&k->transcript);
}

static mbedtls_ecp_group_id find_curve(uint16_t group)
{
	for (size_t i = 0; i < sizeof(CURVES) / sizeof(*CURVES); i++)
		if (CURVES[i].id == group)
			return CURVES[i].curve;
	return MBEDTLS_ECP_DP_NONE;
}

/* see keys.h */
bool keys_knows(uint16_t group)
{
	return group == GROUP_X25519 ||
	       find_curve(group) != MBEDTLS_ECP_DP_NONE;
}

static bool make_x25519(struct keys *k)
{
	k->point[0] = X25519_BYTES;
	if (entropy_fill(NULL, k->scalar, sizeof(k->scalar)) != 0)
		return false;
	x25519_public(k->scalar, k->point + 1);
	return true;
}

static bool make_on_curve(struct keys *k, mbedtls_ecp_group_id curve)
{
	size_t len;

	mbedtls_ecdh_free(&k->pair);
	mbedtls_ecdh_init(&k->pair);
	return curve != MBEDTLS_ECP_DP_NONE &&
	       !mbedtls_ecdh_setup(&k->pair, curve) &&
	       !mbedtls_ecdh_make_public(&k->pair, &len, k->point,
					 sizeof(k->point), entropy_fill, NULL);
}

/* see keys.h */
bool keys_make(struct keys *k, uint16_t group)
{
	k->group = group;
	return group == GROUP_X25519 ? make_x25519(k)
				     : make_on_curve(k, find_curve(group));
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

static size_t agree_on_curve(struct keys *k, struct bytes share,
			     uint8_t out[static KEYS_SECRET_MAX])
{
	uint8_t point[1 + KEYS_SHARE_MAX];
	size_t len;

	/* mbedTLS takes compressed points as well; nobody offers them. */
	if (!share.len || share.len > KEYS_SHARE_MAX ||
	    share.data[0] != POINT_UNCOMPRESSED)
		return 0;
	point[0] = (uint8_t)share.len;
	memcpy(point + 1, share.data, share.len);
	if (mbedtls_ecdh_read_public(&k->pair, point, 1 + share.len) ||
	    mbedtls_ecdh_calc_secret(&k->pair, &len, out, KEYS_SECRET_MAX,
				     entropy_fill, NULL))
		return 0;
	return len;
}

/* see keys.h */
size_t keys_agree(struct keys *k, struct bytes share,
		  uint8_t out[static KEYS_SECRET_MAX])
{
	if (!k->group)
		return 0;
	if (k->group != GROUP_X25519)
		return agree_on_curve(k, share, out);
	return share.len == X25519_BYTES &&
			       x25519_agree(k->scalar, share.data, out)
		       ? X25519_BYTES
		       : 0;
}
