/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two hellos; see fallback_hello.h. Probe process, sealed.
 */
#include "probe/tls/fallback/hello.h"

#include "probe/tls/entropy.h"

#define HANDSHAKE_CLIENT_HELLO 1

enum extension {
	EXTENSION_SERVER_NAME = 0,
	EXTENSION_SUPPORTED_VERSIONS = 43,
	EXTENSION_KEY_SHARE = 51,
};

static const uint16_t SUITES[] = {
	/* ECDHE with AES-GCM, ChaCha20-Poly1305, AES-CBC-SHA */
	0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc009, 0xc013, 0xc00a,
	0xc014,
	/* TLS 1.3 */
	0x1301, 0x1302, 0x1303};

/* Extensions that are always the same: type, length, content. */
static const uint8_t EXTENSIONS[] = {
	/* status_request: OCSP; a staple counts in the size of Certificate */
	0, 5, 0, 5, 1, 0, 0, 0, 0,
	/* supported_groups: as in fallback_keys */
	0, 10, 0, 10, 0, 8, 0, 29, 0, 23, 0, 24, 0, 25,
	/* ec_point_formats: uncompressed */
	0, 11, 0, 2, 1, 0,
	/* signature_algorithms: PSS-SHA256, P256-SHA256, Ed25519, PSS-SHA384,
	   PSS-SHA512, PKCS1-SHA256/384/512, P384-SHA384, P521-SHA512 */
	0, 13, 0, 22, 0, 20, 8, 4, 4, 3, 8, 7, 8, 5, 8, 6, 4, 1, 5, 1, 6, 1, 5,
	3, 6, 3,
	/* renegotiation_info: none */
	0xff, 1, 0, 1, 0,
	/* extended_master_secret */
	0, 23, 0, 0,
	/* signed_certificate_timestamp */
	0, 18, 0, 0,
	/* supported_versions */
	0, 43, 0, 5, 4, 3, 4, 3, 3};

static void put_name(struct octets_out *out, const struct registry *registry)
{
	size_t extension, list, name;

	if (registry->kind != REGISTRY_NAME)
		return;
	octets_put_number(out, EXTENSION_SERVER_NAME, 2);
	extension = octets_open(out, 2);
	list = octets_open(out, 2);
	octets_put_number(out, 0, 1); /* host_name */
	name = octets_open(out, 2);
	octets_put(out, registry->host, strlen(registry->host));
	octets_close(out, name, 2);
	octets_close(out, list, 2);
	octets_close(out, extension, 2);
}

static bool put_shares(struct octets_out *out, struct fallback_keys *k)
{
	size_t extension, list;
	bool made;

	octets_put_number(out, EXTENSION_KEY_SHARE, 2);
	extension = octets_open(out, 2);
	list = octets_open(out, 2);
	made = fallback_keys_offer(k, out);
	octets_close(out, list, 2);
	octets_close(out, extension, 2);
	return made;
}

static void put_suites(struct octets_out *out)
{
	size_t list = octets_open(out, 2);

	for (size_t i = 0; i < sizeof(SUITES) / sizeof(*SUITES); i++)
		octets_put_number(out, SUITES[i], 2);
	octets_close(out, list, 2);
}

/* see fallback_hello.h */
bool fallback_hello_write(const struct registry *registry,
			  struct fallback_keys *k, struct fallback_hello *hello)
{
	struct octets_out out = {hello->message, sizeof(hello->message), 0,
				 false};
	uint8_t session[32];
	size_t message, extensions;
	bool made;

	if (entropy_fill(NULL, hello->random, sizeof(hello->random)) ||
	    entropy_fill(NULL, session, sizeof(session)))
		return false;
	octets_put_number(&out, HANDSHAKE_CLIENT_HELLO, 1);
	message = octets_open(&out, 3);
	octets_put_number(&out, TLS12, 2);
	octets_put(&out, hello->random, sizeof(hello->random));
	octets_put_number(&out, sizeof(session), 1);
	octets_put(&out, session, sizeof(session));
	put_suites(&out);
	octets_put_number(&out, 0x0100, 2); /* one compression method: none */
	extensions = octets_open(&out, 2);
	put_name(&out, registry);
	octets_put(&out, EXTENSIONS, sizeof(EXTENSIONS));
	made = put_shares(&out, k);
	octets_close(&out, extensions, 2);
	octets_close(&out, message, 3);
	hello->len = out.len;
	return made && !out.overflow;
}

static bool read_extension(uint16_t type, struct bytes content,
			   struct fallback_server_hello *out)
{
	struct octets_in in = {content, false};

	if (type == EXTENSION_SUPPORTED_VERSIONS) {
		out->version = (uint16_t)octets_take_number(&in, 2);
		return octets_done(&in);
	}
	if (type == EXTENSION_KEY_SHARE) {
		out->group = (uint16_t)octets_take_number(&in, 2);
		/* A HelloRetryRequest has no more than that. */
		if (in.left.len)
			out->share = octets_take_vector(&in, 2);
		return octets_done(&in);
	}
	return true;
}

static bool read_all(struct octets_in *in, struct fallback_server_hello *out)
{
	struct octets_in extensions;

	out->version = (uint16_t)octets_take_number(in, 2);
	out->random = octets_take(in, HELLO_RANDOM_BYTES).data;
	octets_take_vector(in, 1); /* session */
	out->suite = (uint16_t)octets_take_number(in, 2);
	octets_take_number(in, 1); /* compression */
	if (octets_done(in))
		return true;
	extensions = (struct octets_in){octets_take_vector(in, 2), false};
	while (extensions.left.len && !extensions.bad) {
		uint16_t type = (uint16_t)octets_take_number(&extensions, 2);
		struct bytes content = octets_take_vector(&extensions, 2);

		if (!read_extension(type, content, out))
			return false;
	}
	return octets_done(&extensions) && octets_done(in);
}

static bool is_offered(uint16_t suite, uint16_t version)
{
	for (size_t i = 0; i < sizeof(SUITES) / sizeof(*SUITES); i++)
		if (SUITES[i] == suite)
			return suite >> 8 == 0x13 ? version == TLS13
						  : version == TLS12;
	return false;
}

/* see fallback_hello.h */
bool fallback_hello_read(struct bytes body, struct fallback_server_hello *out,
			 const char **why)
{
	struct octets_in in = {body, false};

	*out = (struct fallback_server_hello){0};
	*why = "its ServerHello is malformed";
	if (!read_all(&in, out))
		return false;
	*why = "it speaks neither TLS 1.2 nor 1.3";
	if (out->version != TLS12 && out->version != TLS13)
		return false;
	*why = "it chose a cipher suite that was not offered";
	if (!is_offered(out->suite, out->version))
		return false;
	*why = "it asks for a key exchange that Docker does not offer";
	return out->version == TLS12 || out->share.len;
}
