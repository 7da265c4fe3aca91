/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ECDHE and the key schedule; see fallback_keys.h. Probe process, sealed.
 */
#include "probe/tls/fallback/keys.h"

#include "probe/tls/entropy.h"

/* An uncompressed point of P-521. */
#define SHARE_BYTES_MAX	 133
#define SECRET_BYTES_MAX 66
#define HASH_BYTES_MAX	 48

static const struct {
	uint16_t id;
	mbedtls_ecp_group_id curve;
} GROUPS[FALLBACK_GROUPS] = {
	{29, MBEDTLS_ECP_DP_CURVE25519},
	{23, MBEDTLS_ECP_DP_SECP256R1},
	{24, MBEDTLS_ECP_DP_SECP384R1},
	{25, MBEDTLS_ECP_DP_SECP521R1},
};

static const struct suite {
	uint16_t id;
	mbedtls_md_type_t hash;
	mbedtls_cipher_type_t cipher;
	int key_bits;
} SUITES[] = {
	{0x1301, MBEDTLS_MD_SHA256, MBEDTLS_CIPHER_AES_128_GCM, 128},
	{0x1302, MBEDTLS_MD_SHA384, MBEDTLS_CIPHER_AES_256_GCM, 256},
	{0x1303, MBEDTLS_MD_SHA256, MBEDTLS_CIPHER_CHACHA20_POLY1305, 256},
};

static const struct suite *find_suite(uint16_t id)
{
	for (size_t i = 0; i < sizeof(SUITES) / sizeof(*SUITES); i++)
		if (SUITES[i].id == id)
			return &SUITES[i];
	return NULL;
}

/* see fallback_keys.h */
void fallback_keys_open(struct fallback_keys *k)
{
	for (size_t i = 0; i < FALLBACK_GROUPS; i++)
		mbedtls_ecdh_init(&k->shares[i]);
	mbedtls_md_init(&k->transcript);
	k->hash = MBEDTLS_MD_NONE;
}

/* see fallback_keys.h */
void fallback_keys_close(struct fallback_keys *k)
{
	for (size_t i = 0; i < FALLBACK_GROUPS; i++)
		mbedtls_ecdh_free(&k->shares[i]);
	mbedtls_md_free(&k->transcript);
}

/* see fallback_keys.h */
bool fallback_keys_offer(struct fallback_keys *k, struct octets_out *out)
{
	/* mbedTLS writes TLS 1.2's form: one octet of length, the point. */
	uint8_t point[1 + SHARE_BYTES_MAX];
	size_t len;

	for (size_t i = 0; i < FALLBACK_GROUPS; i++) {
		if (mbedtls_ecdh_setup(&k->shares[i], GROUPS[i].curve) ||
		    mbedtls_ecdh_make_public(&k->shares[i], &len, point,
					     sizeof(point), entropy_fill, NULL))
			return false;
		octets_put_number(out, GROUPS[i].id, 2);
		octets_put_number(out, (uint32_t)len - 1, 2);
		octets_put(out, point + 1, len - 1);
	}
	return true;
}

/* see fallback_keys.h */
bool fallback_keys_begin(struct fallback_keys *k, uint16_t suite)
{
	const struct suite *s = find_suite(suite);

	if (!s || mbedtls_md_setup(&k->transcript,
				   mbedtls_md_info_from_type(s->hash), 0))
		return false;
	k->hash = s->hash;
	return !mbedtls_md_starts(&k->transcript);
}

/* see fallback_keys.h */
void fallback_keys_note(struct fallback_keys *k, const void *data, size_t len)
{
	if (k->hash != MBEDTLS_MD_NONE)
		(void)mbedtls_md_update(&k->transcript, data, len);
}

/* see fallback_keys.h */
size_t fallback_keys_transcript(const struct fallback_keys *k,
				uint8_t out[MBEDTLS_MD_MAX_SIZE])
{
	const mbedtls_md_info_t *info = mbedtls_md_info_from_type(k->hash);
	mbedtls_md_context_t copy;
	bool done;

	mbedtls_md_init(&copy);
	done = !mbedtls_md_setup(&copy, info, 0) &&
	       !mbedtls_md_clone(&copy, &k->transcript) &&
	       !mbedtls_md_finish(&copy, out);
	mbedtls_md_free(&copy);
	return done ? mbedtls_md_get_size(info) : 0;
}

/* The shared secret; 0 when there is none. */
static size_t agree(struct fallback_keys *k, uint16_t group, struct bytes share,
		    uint8_t secret[SECRET_BYTES_MAX])
{
	uint8_t point[1 + SHARE_BYTES_MAX];
	size_t i = 0, len;

	while (GROUPS[i].id != group)
		if (++i == FALLBACK_GROUPS)
			return 0;
	if (share.len > SHARE_BYTES_MAX)
		return 0;
	point[0] = (uint8_t)share.len;
	if (share.len)
		memcpy(point + 1, share.data, share.len);
	if (mbedtls_ecdh_read_public(&k->shares[i], point, 1 + share.len) ||
	    mbedtls_ecdh_calc_secret(&k->shares[i], &len, secret,
				     SECRET_BYTES_MAX, entropy_fill, NULL))
		return 0;
	return len;
}

/* HKDF-Expand-Label. No output is longer than a hash, so that HKDF-Expand is
 * one HMAC, of the label and the number 1. */
static bool expand(const mbedtls_md_info_t *md,
		   const uint8_t secret[HASH_BYTES_MAX], const char *label,
		   struct bytes context, uint8_t *out, size_t len)
{
	static const char prefix[] = "tls13 ";
	uint8_t data[128], block[MBEDTLS_MD_MAX_SIZE];
	struct octets_out info = {data, sizeof(data), 0, false};
	size_t at;

	octets_put_number(&info, (uint32_t)len, 2);
	at = octets_open(&info, 1);
	octets_put(&info, prefix, sizeof(prefix) - 1);
	octets_put(&info, label, strlen(label));
	octets_close(&info, at, 1);
	at = octets_open(&info, 1);
	octets_put(&info, context.data, context.len);
	octets_close(&info, at, 1);
	octets_put_number(&info, 1, 1);
	if (info.overflow ||
	    mbedtls_md_hmac(md, secret, mbedtls_md_get_size(md), data, info.len,
			    block))
		return false;
	memcpy(out, block, len);
	return true;
}

/* The handshake secret, from the early secret of no PSK. */
static bool extract(const mbedtls_md_info_t *md, struct bytes shared,
		    uint8_t out[HASH_BYTES_MAX])
{
	static const uint8_t zeros[HASH_BYTES_MAX];
	uint8_t early[MBEDTLS_MD_MAX_SIZE], nothing[MBEDTLS_MD_MAX_SIZE];
	size_t len = mbedtls_md_get_size(md);

	return !mbedtls_md_hmac(md, zeros, len, zeros, len, early) &&
	       !mbedtls_md(md, zeros, 0, nothing) &&
	       expand(md, early, "derived", (struct bytes){nothing, len}, early,
		      len) &&
	       !mbedtls_md_hmac(md, early, len, shared.data, shared.len, out);
}

static bool direct(const struct suite *s, const mbedtls_md_info_t *md,
		   const uint8_t secret[HASH_BYTES_MAX], const char *label,
		   struct bytes transcript, mbedtls_operation_t operation,
		   struct fallback_direction *d)
{
	const struct bytes nothing = {NULL, 0};
	uint8_t traffic[HASH_BYTES_MAX], key[32];

	d->sequence = 0;
	return expand(md, secret, label, transcript, traffic,
		      mbedtls_md_get_size(md)) &&
	       expand(md, traffic, "key", nothing, key,
		      (size_t)s->key_bits / 8) &&
	       expand(md, traffic, "iv", nothing, d->iv, sizeof(d->iv)) &&
	       !mbedtls_cipher_setup(
		       &d->cipher, mbedtls_cipher_info_from_type(s->cipher)) &&
	       !mbedtls_cipher_setkey(&d->cipher, key, s->key_bits, operation);
}

/* see fallback_keys.h */
bool fallback_keys_derive(struct fallback_keys *k, uint16_t suite,
			  uint16_t group, struct bytes share,
			  struct fallback_records *records)
{
	const mbedtls_md_info_t *md = mbedtls_md_info_from_type(k->hash);
	const struct suite *s = find_suite(suite);
	uint8_t shared[SECRET_BYTES_MAX], secret[MBEDTLS_MD_MAX_SIZE];
	uint8_t hash[MBEDTLS_MD_MAX_SIZE];
	const struct bytes transcript = {hash,
					 fallback_keys_transcript(k, hash)};
	size_t len = agree(k, group, share, shared);

	return s && len && transcript.len &&
	       extract(md, (struct bytes){shared, len}, secret) &&
	       direct(s, md, secret, "s hs traffic", transcript,
		      MBEDTLS_DECRYPT, &records->reading) &&
	       direct(s, md, secret, "c hs traffic", transcript,
		      MBEDTLS_ENCRYPT, &records->writing);
}
