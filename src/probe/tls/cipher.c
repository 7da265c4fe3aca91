/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AES-GCM, ChaCha20-Poly1305 and blocks of AES; see cipher.h.
 */
#include "probe/tls/cipher.h"

/* see cipher.h */
bool cipher_begin(struct cipher *c, const struct suite *suite,
		  const uint8_t *key, bool encrypts)
{
	c->seal = suite->seal;
	c->encrypts = encrypts;
	switch (c->seal) {
	case SEAL_GCM:
		mbedtls_gcm_init(&c->gcm);
		return !mbedtls_gcm_setkey(&c->gcm, MBEDTLS_CIPHER_ID_AES, key,
					   suite->key_bits);
	case SEAL_CHACHA:
		mbedtls_chachapoly_init(&c->chacha);
		return !mbedtls_chachapoly_setkey(&c->chacha, key);
	case SEAL_CBC:
		mbedtls_aes_init(&c->aes);
		return !(encrypts ? mbedtls_aes_setkey_enc
				  : mbedtls_aes_setkey_dec)(&c->aes, key,
							    suite->key_bits);
	}
	return false;
}

/* see cipher.h */
void cipher_end(struct cipher *c)
{
	switch (c->seal) {
	case SEAL_GCM:
		mbedtls_gcm_free(&c->gcm);
		break;
	case SEAL_CHACHA:
		mbedtls_chachapoly_free(&c->chacha);
		break;
	case SEAL_CBC:
		mbedtls_aes_free(&c->aes);
		break;
	}
}

/* see cipher.h */
bool cipher_open(struct cipher *c, const uint8_t nonce[CIPHER_NONCE_BYTES],
		 struct bytes extra, uint8_t *data, size_t len)
{
	if (c->seal == SEAL_CHACHA)
		return !mbedtls_chachapoly_auth_decrypt(&c->chacha, len, nonce,
							extra.data, extra.len,
							data + len, data, data);
	return !mbedtls_gcm_auth_decrypt(
		&c->gcm, len, nonce, CIPHER_NONCE_BYTES, extra.data, extra.len,
		data + len, CIPHER_TAG_BYTES, data, data);
}

/* see cipher.h */
bool cipher_seal(struct cipher *c, const uint8_t nonce[CIPHER_NONCE_BYTES],
		 struct bytes extra, struct bytes plain, uint8_t *out)
{
	if (c->seal == SEAL_CHACHA)
		return !mbedtls_chachapoly_encrypt_and_tag(
			&c->chacha, plain.len, nonce, extra.data, extra.len,
			plain.data, out, out + plain.len);
	return !mbedtls_gcm_crypt_and_tag(
		&c->gcm, MBEDTLS_GCM_ENCRYPT, plain.len, nonce,
		CIPHER_NONCE_BYTES, extra.data, extra.len, plain.data, out,
		CIPHER_TAG_BYTES, out + plain.len);
}

/* see cipher.h */
bool cipher_block(struct cipher *c, const uint8_t in[CIPHER_BLOCK_BYTES],
		  uint8_t out[CIPHER_BLOCK_BYTES])
{
	return !mbedtls_aes_crypt_ecb(&c->aes,
				      c->encrypts ? MBEDTLS_AES_ENCRYPT
						  : MBEDTLS_AES_DECRYPT,
				      in, out);
}
