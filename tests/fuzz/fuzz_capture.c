/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server's whole flight, in both versions, up to its answer. The first byte
 * says in pieces of how many bytes it comes, its highest bit whether the offer
 * is the wider one. So that a fuzzer can get past keys, there are none: a
 * protected record is its plain text and 16 bytes that nobody looks at, and a
 * Finished is right if it is all 0x5a, as is all randomness. Signatures, which
 * take nine tenths of the time, are for fuzz_chain: here the last byte decides.
 */
/* wrap: stream_receive stream_send entropy_fill signature_verify */
/* wrap: keys_make keys_agree keys_finished keys_finished_12 */
/* wrap: cipher_open cipher_seal */
#include <stdlib.h>

#include "probe/tls/capture.h"
#include "probe/tls/cipher.h"
#include "probe/tls/keys.h"
#include "probe/verdict/path/signature.h"
#include "support/tape.h"

/* In corpus/fuzz_capture, at least. */
#define SEEDS 10

/* Handshakes of each version that came to their end, with an answer. */
static size_t inputs, answered_12, answered_13;

#ifndef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
/* The seeds, replayed, reach what they are for; if not, they no longer fit the
 * client or what is stubbed, and a search begins at its door. */
__attribute__((destructor)) static void assert_reach(void)
{
	if (inputs >= SEEDS && (!answered_12 || !answered_13))
		abort();
}
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int __wrap_entropy_fill(void *context, unsigned char *out, size_t len);
bool __wrap_keys_make(struct keys *k, uint16_t group);
size_t __wrap_keys_agree(struct keys *k, struct bytes share,
			 uint8_t out[static KEYS_SECRET_MAX]);
size_t __wrap_keys_finished(const struct keys *k, bool server,
			    struct bytes hash,
			    uint8_t out[static MBEDTLS_MD_MAX_SIZE]);
bool __wrap_keys_finished_12(const struct keys *k, bool server,
			     struct bytes hash,
			     uint8_t out[static KEYS_FINISHED_12]);
bool __wrap_signature_verify(const struct signature_algorithm *a,
			     const struct key *key, struct bytes message,
			     struct bytes signature);
bool __wrap_cipher_open(struct cipher *c,
			const uint8_t nonce[CIPHER_NONCE_BYTES],
			struct bytes extra, uint8_t *data, size_t len);
bool __wrap_cipher_seal(struct cipher *c,
			const uint8_t nonce[CIPHER_NONCE_BYTES],
			struct bytes extra, struct bytes plain, uint8_t *out);

int __wrap_entropy_fill(void *context, unsigned char *out, size_t len)
{
	(void)context;
	memset(out, 0x5a, len);
	return 0;
}

bool __wrap_keys_make(struct keys *k, uint16_t group)
{
	memset(k->point, 0x5a, sizeof(k->point));
	k->point[0] = 32;
	k->group = group;
	return keys_knows(group);
}

size_t __wrap_keys_agree(struct keys *k, struct bytes share,
			 uint8_t out[static KEYS_SECRET_MAX])
{
	(void)k;
	memset(out, 0x5a, 32);
	return share.len ? 32 : 0;
}

size_t __wrap_keys_finished(const struct keys *k, bool server,
			    struct bytes hash,
			    uint8_t out[static MBEDTLS_MD_MAX_SIZE])
{
	(void)server;
	if (!hash.len)
		abort();
	memset(out, 0x5a, mbedtls_md_get_size(k->md));
	return mbedtls_md_get_size(k->md);
}

bool __wrap_keys_finished_12(const struct keys *k, bool server,
			     struct bytes hash,
			     uint8_t out[static KEYS_FINISHED_12])
{
	(void)k;
	(void)server;
	if (!hash.len)
		abort();
	memset(out, 0x5a, KEYS_FINISHED_12);
	return true;
}

/* A record is what it holds, with a tag of any kind behind it. */
bool __wrap_cipher_open(struct cipher *c,
			const uint8_t nonce[CIPHER_NONCE_BYTES],
			struct bytes extra, uint8_t *data, size_t len)
{
	(void)c;
	(void)nonce;
	(void)extra;
	(void)data;
	(void)len;
	return true;
}

bool __wrap_cipher_seal(struct cipher *c,
			const uint8_t nonce[CIPHER_NONCE_BYTES],
			struct bytes extra, struct bytes plain, uint8_t *out)
{
	(void)c;
	(void)nonce;
	(void)extra;
	memmove(out, plain.data, plain.len);
	memset(out + plain.len, 0, CIPHER_TAG_BYTES);
	return true;
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

static void assert_printable(const char *text)
{
	for (const char *at = text; *at; at++)
		if (*at < 0x20 || *at > 0x7e)
			abort();
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

static void assert_end(const struct capture *c)
{
	bool refused =
		c->end == CAPTURE_REFUSED || c->end == CAPTURE_REFUSED_EARLY;

	if (refused != (*c->refusal != '\0') ||
	    (c->end == CAPTURE_COMPLETED && !c->possession) ||
	    (c->reply_len && !c->presented.count) ||
	    c->reply_len > sizeof(c->reply))
		abort();
	assert_printable(c->refusal);
}

static void assert_failure(const struct capture *c, const struct failure *f)
{
	if (c->presented.count || c->possession || !*f->detail ||
	    c->end == CAPTURE_COMPLETED)
		abort();
	assert_printable(f->detail);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct capture capture;
	static const struct registry registry = {
		.host = "r.example", .port = 443, .kind = REGISTRY_NAME};
	struct capture_query query = {.registry = &registry,
				      .request = "GET /v2/ HTTP/1.1\r\n\r\n"};
	struct failure f = {.code = ERR_OK};

	if (len < 1)
		return 0;
	memset(&tape, 0, sizeof(tape));
	tape.piece = data[0] & 0x7f;
	query.wider = data[0] & 0x80;
	tape.left = (struct bytes){data + 1, len - 1};
	if (capture_chain(-1, &query, INT64_MAX, &capture, &f) == ERR_OK)
		assert_chain(&capture);
	else
		assert_failure(&capture, &f);
	assert_end(&capture);
	inputs++;
	answered_12 += capture.reply_len && capture.tls_version == 0x0303;
	answered_13 += capture.reply_len && capture.tls_version == 0x0304;
	return 0;
}
