/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The key schedules; see keys.h.
 */
#include "probe/tls/keys.h"

/* What TLS 1.2 takes from its key block at most, for both directions. */
#define BLOCK_BYTES_MAX                                                        \
	(2 * (PROTECT_MAC_BYTES + PROTECT_KEY_BYTES + PROTECT_IV_BYTES))

static const struct bytes NOTHING = {NULL, 0};

/* HKDF-Expand-Label. No output is longer than a hash, so that HKDF-Expand is
 * one HMAC, of the label and the number 1. */
static bool expand(const struct keys *k, const uint8_t *secret,
		   const char *label, struct bytes context, uint8_t *out,
		   size_t len)
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
	    mbedtls_md_hmac(k->md, secret, mbedtls_md_get_size(k->md), data,
			    info.len, block))
		return false;
	memcpy(out, block, len);
	return true;
}

/* The next secret of the schedule, from the one before and what is new. */
static bool extract(struct keys *k, struct bytes input)
{
	uint8_t nothing[MBEDTLS_MD_MAX_SIZE], out[MBEDTLS_MD_MAX_SIZE];
	size_t len = mbedtls_md_get_size(k->md);

	if (mbedtls_md(k->md, nothing, 0, nothing) ||
	    !expand(k, k->secret, "derived", (struct bytes){nothing, len},
		    k->secret, len) ||
	    mbedtls_md_hmac(k->md, k->secret, len, input.data, input.len, out))
		return false;
	memcpy(k->secret, out, len);
	return true;
}

/* Key and IV of a traffic SECRET. */
static bool direct(const struct keys *k, const uint8_t *secret, bool encrypts,
		   struct direction *d)
{
	uint8_t key[PROTECT_KEY_BYTES], iv[PROTECT_IV_BYTES];

	protect_end(d);
	return expand(k, secret, "key", NOTHING, key,
		      (size_t)k->suite->key_bits / 8) &&
	       expand(k, secret, "iv", NOTHING, iv, sizeof(iv)) &&
	       protect_begin(d, k->suite, key, iv, NULL, encrypts);
}

/* Both traffic secrets for the transcript as it stands. */
static bool split(struct keys *k, const char *server, const char *client)
{
	uint8_t hash[MBEDTLS_MD_MAX_SIZE];
	struct bytes transcript = {hash, keys_transcript(k, hash)};

	return transcript.len &&
	       expand(k, k->secret, server, transcript, k->server,
		      transcript.len) &&
	       expand(k, k->secret, client, transcript, k->client,
		      transcript.len);
}

/* see keys.h */
bool keys_handshake(struct keys *k, struct bytes shared,
		    struct records *records)
{
	static const uint8_t zeros[KEYS_HASH_MAX];
	uint8_t early[MBEDTLS_MD_MAX_SIZE];
	size_t len = mbedtls_md_get_size(k->md);

	/* The early secret of no PSK. */
	if (mbedtls_md_hmac(k->md, zeros, len, zeros, len, early))
		return false;
	memcpy(k->secret, early, len);
	return extract(k, shared) && split(k, "s hs traffic", "c hs traffic") &&
	       direct(k, k->server, false, &records->reading) &&
	       direct(k, k->client, true, &records->writing);
}

/* see keys.h */
bool keys_read(struct keys *k, struct records *records)
{
	static const uint8_t zeros[KEYS_HASH_MAX];
	uint8_t hash[MBEDTLS_MD_MAX_SIZE], secret[KEYS_HASH_MAX];
	struct bytes transcript = {hash, keys_transcript(k, hash)};

	if (!transcript.len ||
	    !extract(k, (struct bytes){zeros, transcript.len}) ||
	    !expand(k, k->secret, "s ap traffic", transcript, secret,
		    transcript.len) ||
	    !direct(k, secret, false, &records->reading))
		return false;
	/* Ours is kept where the handshake's no longer is needed, and theirs
	 * in the place of the master secret. */
	if (!expand(k, k->secret, "c ap traffic", transcript, k->server,
		    transcript.len))
		return false;
	memcpy(k->secret, secret, transcript.len);
	return true;
}

/* see keys.h */
bool keys_write(struct keys *k, struct records *records)
{
	return direct(k, k->server, true, &records->writing);
}

/* The secret behind SECRET, RFC 8446 7.2, and its keys. */
static bool update(const struct keys *k, uint8_t *secret, bool encrypts,
		   struct direction *d)
{
	return expand(k, secret, "traffic upd", NOTHING, secret,
		      mbedtls_md_get_size(k->md)) &&
	       direct(k, secret, encrypts, d);
}

/* see keys.h */
bool keys_update_read(struct keys *k, struct records *records)
{
	return update(k, k->secret, false, &records->reading);
}

/* see keys.h */
bool keys_update_write(struct keys *k, struct records *records)
{
	return update(k, k->server, true, &records->writing);
}

/* see keys.h */
size_t keys_finished(const struct keys *k, bool server, struct bytes hash,
		     uint8_t out[static MBEDTLS_MD_MAX_SIZE])
{
	uint8_t key[KEYS_HASH_MAX];
	size_t len = mbedtls_md_get_size(k->md);

	if (!expand(k, server ? k->server : k->client, "finished", NOTHING, key,
		    len) ||
	    mbedtls_md_hmac(k->md, key, len, hash.data, hash.len, out))
		return 0;
	return len;
}

/* P_hash of RFC 5246 section 5, over LABEL and SEED. */
static bool pseudo_random(const struct keys *k, struct bytes secret,
			  const char *label, struct bytes seed, uint8_t *out,
			  size_t len)
{
	uint8_t data[MBEDTLS_MD_MAX_SIZE + 128], block[MBEDTLS_MD_MAX_SIZE];
	size_t hash = mbedtls_md_get_size(k->md), n = strlen(label);
	uint8_t *text = data + hash;

	if (n + seed.len > sizeof(data) - hash)
		return false;
	memcpy(text, label, n);
	memcpy(text + n, seed.data, seed.len);
	n += seed.len;
	/* A(1) of the label and seed alone, A(i) of A(i - 1). */
	if (mbedtls_md_hmac(k->md, secret.data, secret.len, text, n, data))
		return false;
	for (size_t at = 0; at < len; at += hash) {
		size_t part = len - at < hash ? len - at : hash;

		if (mbedtls_md_hmac(k->md, secret.data, secret.len, data,
				    hash + n, block))
			return false;
		memcpy(out + at, block, part);
		if (mbedtls_md_hmac(k->md, secret.data, secret.len, data, hash,
				    block))
			return false;
		memcpy(data, block, hash);
	}
	return true;
}

/* see keys.h */
bool keys_master(struct keys *k, struct bytes shared, bool extended,
		 struct bytes seed)
{
	return pseudo_random(k, shared,
			     extended ? "extended master secret"
				      : "master secret",
			     seed, k->secret, KEYS_MASTER_BYTES);
}

/* see keys.h */
bool keys_expand(struct keys *k, struct bytes randoms,
		 struct direction *reading, struct direction *writing)
{
	const struct bytes master = {k->secret, KEYS_MASTER_BYTES};
	const struct suite *s = k->suite;
	size_t mac = s->seal == SEAL_CBC ? PROTECT_MAC_BYTES : 0;
	size_t key = (size_t)s->key_bits / 8;
	size_t iv = s->seal == SEAL_CHACHA ? PROTECT_IV_BYTES
		    : s->seal == SEAL_GCM  ? 4
					   : 0;
	/* Read beyond by protect_begin, which takes 12 octets of an IV. */
	uint8_t block[BLOCK_BYTES_MAX + PROTECT_IV_BYTES] = {0};
	const uint8_t *keys = block + 2 * mac, *ivs = keys + 2 * key;

	return pseudo_random(k, master, "key expansion", randoms, block,
			     2 * (mac + key + iv)) &&
	       protect_begin(writing, s, keys, ivs, block, true) &&
	       protect_begin(reading, s, keys + key, ivs + iv, block + mac,
			     false);
}

/* see keys.h */
bool keys_finished_12(const struct keys *k, bool server, struct bytes hash,
		      uint8_t out[static KEYS_FINISHED_12])
{
	return pseudo_random(k, (struct bytes){k->secret, KEYS_MASTER_BYTES},
			     server ? "server finished" : "client finished",
			     hash, out, KEYS_FINISHED_12);
}
