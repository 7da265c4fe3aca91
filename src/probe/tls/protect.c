/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records under keys; see protect.h.
 */
#include "probe/tls/protect.h"

#include "probe/tls/entropy.h"

#define EXPLICIT_BYTES 8
#define BLOCK_BYTES    CIPHER_BLOCK_BYTES
#define SALT_BYTES     4
/* TLS 1.2: sequence number, type, version, length. */
#define EXTRA_BYTES 13

/* see protect.h */
bool protect_begin(struct direction *d, const struct suite *suite,
		   const uint8_t *key, const uint8_t *iv, const uint8_t *mac,
		   bool encrypts)
{
	d->suite = suite;
	d->sequence = 0;
	if (iv)
		memcpy(d->iv, iv, sizeof(d->iv));
	if (mac)
		memcpy(d->mac, mac, sizeof(d->mac));
	return cipher_begin(&d->cipher, suite, key, encrypts);
}

/* see protect.h */
void protect_end(struct direction *d)
{
	if (d->suite)
		cipher_end(&d->cipher);
	d->suite = NULL;
}

static void put_number(uint8_t *out, uint64_t value, size_t octets)
{
	for (size_t i = 0; i < octets; i++)
		out[i] = (uint8_t)(value >> (8 * (octets - 1 - i)));
}

/* The number goes over the end of the IV (RFC 8446 5.3, RFC 7905), or is sent
 * behind a salt (RFC 5288). */
static void make_nonce(const struct direction *d, const uint8_t *sent,
		       uint8_t nonce[PROTECT_IV_BYTES])
{
	uint8_t number[8];

	memcpy(nonce, d->iv, PROTECT_IV_BYTES);
	if (sent) {
		memcpy(nonce + SALT_BYTES, sent, EXPLICIT_BYTES);
		return;
	}
	put_number(number, d->sequence, sizeof(number));
	for (size_t i = 0; i < sizeof(number); i++)
		nonce[PROTECT_IV_BYTES - sizeof(number) + i] ^= number[i];
}

/* What is authenticated beside the content, of LEN plain bytes. */
static size_t make_extra(const struct direction *d,
			 const uint8_t header[RECORD_HEADER_BYTES], size_t len,
			 uint8_t extra[EXTRA_BYTES])
{
	if (d->suite->kind == SUITE_TLS13) {
		memcpy(extra, header, RECORD_HEADER_BYTES);
		return RECORD_HEADER_BYTES;
	}
	put_number(extra, d->sequence, 8);
	memcpy(extra + 8, header, 3);
	put_number(extra + 11, len, 2);
	return EXTRA_BYTES;
}

/* Does TLS 1.2 send a part of the nonce with each record? */
static bool sends_nonce(const struct direction *d)
{
	return d->suite->kind != SUITE_TLS13 && d->suite->seal == SEAL_GCM;
}

static bool open_aead(struct direction *d,
		      const uint8_t header[RECORD_HEADER_BYTES], uint8_t **body,
		      size_t *len)
{
	const uint8_t *sent = sends_nonce(d) ? *body : NULL;
	size_t before = sent ? EXPLICIT_BYTES : 0;
	uint8_t nonce[PROTECT_IV_BYTES], extra[EXTRA_BYTES];
	size_t extra_len;

	if (*len < before + CIPHER_TAG_BYTES)
		return false;
	make_nonce(d, sent, nonce);
	*body += before;
	*len -= before + CIPHER_TAG_BYTES;
	extra_len = make_extra(d, header, *len, extra);
	return cipher_open(&d->cipher, nonce, (struct bytes){extra, extra_len},
			   *body, *len);
}

static size_t seal_aead(struct direction *d, const uint8_t *plain, size_t len,
			uint8_t *out, uint8_t *header)
{
	size_t before = sends_nonce(d) ? EXPLICIT_BYTES : 0;
	uint8_t nonce[PROTECT_IV_BYTES], extra[EXTRA_BYTES];
	size_t total = before + len + CIPHER_TAG_BYTES;
	size_t extra_len;

	if (before)
		put_number(out, d->sequence, EXPLICIT_BYTES);
	put_number(header + 3, total, 2);
	make_nonce(d, before ? out : NULL, nonce);
	extra_len = make_extra(d, header, len, extra);
	if (!cipher_seal(&d->cipher, nonce, (struct bytes){extra, extra_len},
			 (struct bytes){plain, len}, out + before))
		return 0;
	return total;
}

/* HMAC over what make_extra gives and the content. */
static bool make_mac(const struct direction *d, const uint8_t *header,
		     const uint8_t *plain, size_t len,
		     uint8_t out[PROTECT_MAC_BYTES])
{
	uint8_t extra[EXTRA_BYTES];
	size_t extra_len = make_extra(d, header, len, extra);
	mbedtls_md_context_t md;
	bool made;

	mbedtls_md_init(&md);
	made = !mbedtls_md_setup(
		       &md, mbedtls_md_info_from_type(MBEDTLS_MD_SHA1), 1) &&
	       !mbedtls_md_hmac_starts(&md, d->mac, sizeof(d->mac)) &&
	       !mbedtls_md_hmac_update(&md, extra, extra_len) &&
	       !mbedtls_md_hmac_update(&md, plain, len) &&
	       !mbedtls_md_hmac_finish(&md, out);
	mbedtls_md_free(&md);
	return made;
}

/* mbedTLS is built without a CBC mode: blocks, and here their chain. */
static bool chain_blocks(struct direction *d, uint8_t *blocks, size_t len,
			 bool decrypt)
{
	uint8_t before[BLOCK_BYTES], block[BLOCK_BYTES];

	memcpy(before, blocks, BLOCK_BYTES);
	for (size_t at = BLOCK_BYTES; at < len; at += BLOCK_BYTES) {
		uint8_t *now = blocks + at;

		memcpy(block, now, BLOCK_BYTES);
		for (size_t i = 0; !decrypt && i < BLOCK_BYTES; i++)
			block[i] ^= before[i];
		if (!cipher_block(&d->cipher, block, now))
			return false;
		for (size_t i = 0; decrypt && i < BLOCK_BYTES; i++)
			now[i] ^= before[i];
		memcpy(before, decrypt ? block : now, BLOCK_BYTES);
	}
	return true;
}

/* The peer learns from our answer whether padding or MAC was wrong, which here
 * is no secret: nothing that others wrote is ever sent under these keys. */
static bool open_cbc(struct direction *d,
		     const uint8_t header[RECORD_HEADER_BYTES], uint8_t **body,
		     size_t *len)
{
	uint8_t mac[PROTECT_MAC_BYTES];
	size_t padding, plain;

	if (*len % BLOCK_BYTES || *len < 3 * BLOCK_BYTES ||
	    !chain_blocks(d, *body, *len, true))
		return false;
	*body += BLOCK_BYTES;
	*len -= BLOCK_BYTES;
	padding = (size_t)(*body)[*len - 1] + 1;
	if (padding + PROTECT_MAC_BYTES > *len)
		return false;
	for (size_t i = 1; i <= padding; i++)
		if ((*body)[*len - i] != padding - 1)
			return false;
	plain = *len - padding - PROTECT_MAC_BYTES;
	*len = plain;
	return make_mac(d, header, *body, plain, mac) &&
	       !memcmp(mac, *body + plain, sizeof(mac));
}

static size_t seal_cbc(struct direction *d, const uint8_t *plain, size_t len,
		       uint8_t *out, uint8_t *header)
{
	size_t padding = BLOCK_BYTES - (len + PROTECT_MAC_BYTES) % BLOCK_BYTES;
	size_t total = BLOCK_BYTES + len + PROTECT_MAC_BYTES + padding;
	uint8_t *content = out + BLOCK_BYTES;

	memmove(content, plain, len);
	put_number(header + 3, total, 2);
	if (entropy_fill(NULL, out, BLOCK_BYTES) ||
	    !make_mac(d, header, content, len, content + len))
		return 0;
	memset(content + len + PROTECT_MAC_BYTES, (int)padding - 1, padding);
	return chain_blocks(d, out, total, false) ? total : 0;
}

/* see protect.h */
bool protect_open(struct direction *d,
		  const uint8_t header[RECORD_HEADER_BYTES], uint8_t **body,
		  size_t *len)
{
	bool opened = d->suite->seal == SEAL_CBC
			      ? open_cbc(d, header, body, len)
			      : open_aead(d, header, body, len);

	d->sequence++;
	return opened;
}

/* see protect.h */
size_t protect_seal(struct direction *d, uint8_t type, const uint8_t *plain,
		    size_t len, uint8_t *out,
		    uint8_t header[RECORD_HEADER_BYTES])
{
	bool is13 = d->suite->kind == SUITE_TLS13;
	size_t sealed;

	header[0] = is13 ? RECORD_DATA : type;
	put_number(header + 1, TLS12, 2);
	if (is13) {
		memmove(out, plain, len);
		out[len++] = type;
		plain = out;
	}
	sealed = d->suite->seal == SEAL_CBC
			 ? seal_cbc(d, plain, len, out, header)
			 : seal_aead(d, plain, len, out, header);
	d->sequence++;
	return sealed;
}
