/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What we say first; see client_hello.h.
 */
#include "probe/tls/client_hello.h"

#include "probe/tls/entropy.h"

/* Extensions that are always the same: type, length, content. */
static const uint8_t EXTENSIONS[] = {
	/* status_request: OCSP; a staple counts in the size of Certificate */
	0, EXTENSION_STATUS_REQUEST, 0, 5, 1, 0, 0, 0, 0,
	/* ec_point_formats: uncompressed */
	0, EXTENSION_POINT_FORMATS, 0, 2, 1, 0,
	/* renegotiation_info: none */
	EXTENSION_RENEGOTIATION >> 8, EXTENSION_RENEGOTIATION & 0xff, 0, 1, 0,
	/* signed_certificate_timestamp */
	0, EXTENSION_TIMESTAMPS, 0, 0,
	/* supported_versions */
	0, EXTENSION_SUPPORTED_VERSIONS, 0, 5, 4, 3, 4, 3, 3};

/* The last one in the wider offer only. */
static const uint16_t GROUPS[] = {GROUP_X25519, GROUP_SECP256R1,
				  GROUP_SECP384R1, GROUP_SECP521R1,
				  GROUP_X25519MLKEM768};

/* PSS-SHA256, P256-SHA256, Ed25519, PSS-SHA384, PSS-SHA512, PKCS1-SHA256, 384,
 * 512, P384-SHA384, P521-SHA512; SHA-1 by both last. */
static const uint16_t SIGNATURES[] = {0x0804, 0x0403, 0x0807, 0x0805,
				      0x0806, 0x0401, 0x0501, 0x0601,
				      0x0503, 0x0603, 0x0201, 0x0203};

static bool is_sha1(uint16_t scheme)
{
	return scheme >> 8 == 2;
}

/* SHA-1 went with Go 1.25, for programs with a go line of that. */
static bool has_sha1(struct go_release go)
{
	return go.version < GO_VERSION(25, 0) || (go.line && go.line < 25);
}

/* see client_hello.h */
bool client_hello_offers(uint16_t scheme, struct go_release go)
{
	for (size_t i = 0; i < sizeof(SIGNATURES) / sizeof(*SIGNATURES); i++)
		if (SIGNATURES[i] == scheme)
			return !is_sha1(scheme) || has_sha1(go);
	return false;
}

/* see client_hello.h */
bool client_hello_names(uint16_t group, struct go_release go)
{
	unsigned line = go.line ? go.line : go.version / 100;

	if (group == GROUP_X25519KYBER768)
		return go.version >= GO_VERSION(23, 0) &&
		       go.version < GO_VERSION(24, 0) && line >= 23;
	if (group == GROUP_X25519MLKEM768)
		return go.version >= GO_VERSION(24, 0) && line >= 24;
	if (group == GROUP_SECP256R1MLKEM768 ||
	    group == GROUP_SECP384R1MLKEM1024)
		return go.version >= GO_VERSION(26, 0) && line >= 26;
	return keys_knows(group);
}

/* see client_hello.h */
bool client_hello_lacks_share(uint16_t group, struct go_release go)
{
	return (group == GROUP_X25519MLKEM768 ||
		group == GROUP_X25519KYBER768) &&
	       client_hello_names(group, go);
}

/* An extension that holds one list, while it is written. */
struct listing {
	size_t extension, list;
};

static struct listing open_list(struct octets_out *out, unsigned type)
{
	struct listing at;

	octets_put_number(out, type, 2);
	at.extension = octets_open(out, 2);
	at.list = octets_open(out, 2);
	return at;
}

static void close_list(struct octets_out *out, struct listing at)
{
	octets_close(out, at.list, 2);
	octets_close(out, at.extension, 2);
}

static void put_name(struct octets_out *out, const struct registry *registry)
{
	struct listing at;
	size_t name;

	if (registry->kind != REGISTRY_NAME)
		return;
	at = open_list(out, EXTENSION_SERVER_NAME);
	octets_put_number(out, 0, 1); /* host_name */
	name = octets_open(out, 2);
	octets_put(out, registry->host, strlen(registry->host));
	octets_close(out, name, 2);
	close_list(out, at);
}

static void put_signatures(struct octets_out *out, struct go_release go)
{
	struct listing at = open_list(out, EXTENSION_SIGNATURES);

	for (size_t i = 0; i < sizeof(SIGNATURES) / sizeof(*SIGNATURES); i++)
		if (!is_sha1(SIGNATURES[i]) || has_sha1(go))
			octets_put_number(out, SIGNATURES[i], 2);
	close_list(out, at);
}

static void put_share(struct octets_out *out, const struct keys *k)
{
	struct listing at = open_list(out, EXTENSION_KEY_SHARE);
	size_t share;

	octets_put_number(out, k->group, 2);
	share = octets_open(out, 2);
	octets_put(out, k->point + 1, k->point[0]);
	octets_close(out, share, 2);
	close_list(out, at);
}

static void put_cookie(struct octets_out *out, struct bytes cookie)
{
	struct listing at;

	if (!cookie.len)
		return;
	at = open_list(out, EXTENSION_COOKIE);
	octets_put(out, cookie.data, cookie.len);
	close_list(out, at);
}

static void put_suites(struct octets_out *out,
		       const struct capture_query *query)
{
	size_t list = octets_open(out, 2);
	const struct suite *s;

	for (size_t i = 0; (s = suites_at(i)); i++)
		if (query->wider || suites_offers(query->docker, s->id))
			octets_put_number(out, s->id, 2);
	octets_close(out, list, 2);
}

static void put_groups(struct octets_out *out, bool wider)
{
	size_t count = sizeof(GROUPS) / sizeof(*GROUPS) - !wider;
	struct listing at = open_list(out, EXTENSION_GROUPS);

	for (size_t i = 0; i < count; i++)
		octets_put_number(out, GROUPS[i], 2);
	close_list(out, at);
}

/* see client_hello.h */
bool client_hello_begin(struct client_hello *hello)
{
	return !entropy_fill(NULL, hello->random, sizeof(hello->random)) &&
	       !entropy_fill(NULL, hello->session, sizeof(hello->session));
}

/* see client_hello.h */
bool client_hello_write(const struct capture_query *query, struct go_release go,
			const struct keys *k, struct bytes cookie,
			struct client_hello *hello)
{
	struct octets_out out = {hello->message, sizeof(hello->message), 0,
				 false};
	size_t message, extensions;

	octets_put_number(&out, HANDSHAKE_CLIENT_HELLO, 1);
	message = octets_open(&out, 3);
	octets_put_number(&out, TLS12, 2);
	octets_put(&out, hello->random, sizeof(hello->random));
	octets_put_number(&out, sizeof(hello->session), 1);
	octets_put(&out, hello->session, sizeof(hello->session));
	put_suites(&out, query);
	octets_put_number(&out, 0x0100, 2); /* one compression method: none */
	extensions = octets_open(&out, 2);
	put_name(&out, query->registry);
	octets_put(&out, EXTENSIONS, sizeof(EXTENSIONS));
	if (go.version >= GO_VERSION(21, 0)) {
		octets_put_number(&out, EXTENSION_EXTENDED_MASTER, 2);
		octets_put_number(&out, 0, 2);
	}
	put_groups(&out, query->wider);
	put_signatures(&out, go);
	put_cookie(&out, cookie);
	put_share(&out, k);
	octets_close(&out, extensions, 2);
	octets_close(&out, message, 3);
	hello->len = out.len;
	return !out.overflow;
}
