/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server's whole flight by the fallback client, in both versions. The first
 * byte says in pieces of how many bytes it comes. So that a fuzzer can get past
 * TLS 1.3's keys, there are none: a sealed record is its plain text and 16
 * bytes that nobody looks at. All randomness is 0x5a. Signatures, which take
 * nine tenths of the time, are for fuzz_chain: here the last byte decides.
 */
/* wrap: stream_receive stream_send entropy_fill */
/* wrap: fallback_keys_offer fallback_keys_derive signature_verify */
/* wrap: mbedtls_cipher_auth_decrypt_ext mbedtls_cipher_auth_encrypt_ext */
#include <stdlib.h>

#include "probe/tls/fallback/fallback.h"
#include "probe/tls/fallback/keys.h"
#include "probe/verdict/path/signature.h"
#include "support/tape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int __wrap_entropy_fill(void *context, unsigned char *out, size_t len);
bool __wrap_fallback_keys_offer(struct fallback_keys *k,
				struct octets_out *out);
bool __wrap_fallback_keys_derive(struct fallback_keys *k, uint16_t suite,
				 uint16_t group, struct bytes share,
				 struct fallback_records *records);
bool __wrap_signature_verify(const struct signature_algorithm *a,
			     const struct key *key, struct bytes message,
			     struct bytes signature);
int __wrap_mbedtls_cipher_auth_decrypt_ext(
	mbedtls_cipher_context_t *ctx, const unsigned char *iv, size_t iv_len,
	const unsigned char *ad, size_t ad_len, const unsigned char *input,
	size_t ilen, unsigned char *output, size_t output_len, size_t *olen,
	size_t tag_len);
int __wrap_mbedtls_cipher_auth_encrypt_ext(
	mbedtls_cipher_context_t *ctx, const unsigned char *iv, size_t iv_len,
	const unsigned char *ad, size_t ad_len, const unsigned char *input,
	size_t ilen, unsigned char *output, size_t output_len, size_t *olen,
	size_t tag_len);

int __wrap_entropy_fill(void *context, unsigned char *out, size_t len)
{
	(void)context;
	memset(out, 0x5a, len);
	return 0;
}

bool __wrap_fallback_keys_offer(struct fallback_keys *k, struct octets_out *out)
{
	(void)k;
	(void)out;
	return true;
}

bool __wrap_fallback_keys_derive(struct fallback_keys *k, uint16_t suite,
				 uint16_t group, struct bytes share,
				 struct fallback_records *records)
{
	uint8_t digest[MBEDTLS_MD_MAX_SIZE];

	(void)suite;
	(void)group;
	(void)share;
	records->reading.sequence = 0;
	records->writing.sequence = 0;
	return fallback_keys_transcript(k, digest) > 0;
}

int __wrap_mbedtls_cipher_auth_decrypt_ext(
	mbedtls_cipher_context_t *ctx, const unsigned char *iv, size_t iv_len,
	const unsigned char *ad, size_t ad_len, const unsigned char *input,
	size_t ilen, unsigned char *output, size_t output_len, size_t *olen,
	size_t tag_len)
{
	(void)ctx;
	(void)iv;
	(void)iv_len;
	(void)ad;
	(void)ad_len;
	if (ilen < tag_len || output_len < ilen - tag_len)
		return -1;
	memmove(output, input, ilen - tag_len);
	*olen = ilen - tag_len;
	return 0;
}

int __wrap_mbedtls_cipher_auth_encrypt_ext(
	mbedtls_cipher_context_t *ctx, const unsigned char *iv, size_t iv_len,
	const unsigned char *ad, size_t ad_len, const unsigned char *input,
	size_t ilen, unsigned char *output, size_t output_len, size_t *olen,
	size_t tag_len)
{
	(void)ctx;
	(void)iv;
	(void)iv_len;
	(void)ad;
	(void)ad_len;
	if (output_len < ilen + tag_len)
		abort();
	memmove(output, input, ilen);
	memset(output + ilen, 0, tag_len);
	*olen = ilen + tag_len;
	return 0;
}

bool __wrap_signature_verify(const struct signature_algorithm *a,
			     const struct key *key, struct bytes message,
			     struct bytes signature)
{
	(void)a;
	(void)key;
	return message.len && signature.len &&
	       signature.data[signature.len - 1] & 1;
}

static void assert_chain(const struct capture *c)
{
	const struct presented *p = &c->presented;

	if (p->count == 0 || p->count > CHAIN_CERTS_MAX || p->cut ||
	    (c->tls_version != 0x0303 && c->tls_version != 0x0304))
		abort();
	for (size_t i = 0; i < p->count; i++) {
		const uint8_t *at = p->certs[i].data;

		if (at < p->storage || !p->certs[i].len ||
		    at + p->certs[i].len > p->storage + sizeof(p->storage))
			abort();
	}
}

static void assert_failure(const struct capture *c, const struct failure *f)
{
	if (c->presented.count || c->possession || !*f->detail)
		abort();
	for (const char *at = f->detail; *at; at++)
		if (*at < 0x20 || *at > 0x7e)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct capture capture;
	static const struct registry registry = {
		.host = "r.example", .port = 443, .kind = REGISTRY_NAME};
	struct failure f = {.code = ERR_OK};

	if (len < 1)
		return 0;
	memset(&tape, 0, sizeof(tape));
	tape.piece = data[0];
	tape.left = (struct bytes){data + 1, len - 1};
	if (fallback_capture(-1, &registry, INT64_MAX, &capture, &f) == ERR_OK)
		assert_chain(&capture);
	else
		assert_failure(&capture, &f);
	return 0;
}
