/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of the TLS client, each with bytes that no server of the
 * integration tests would send.
 */
/* wrap: stream_receive stream_send */
#include "support/unit.h"

#include "common/limits.h"
#include "probe/tls/capture.h"
#include "probe/tls/client_hello.h"
#include "probe/tls/explain.h"
#include "probe/tls/forms.h"
#include "probe/tls/proof.h"
#include "probe/tls/server_hello.h"
#include "probe/verdict/path/signature.h"
#include "support/cases.h"
#include "support/tape.h"

#define BYTES(...)                                                             \
	((struct bytes){(const uint8_t[]){__VA_ARGS__},                        \
			sizeof((const uint8_t[]){__VA_ARGS__})})

static struct registry parse(const char *text)
{
	struct registry r;
	struct failure f;

	assert_int_equal(registry_parse(text, strlen(text), &r, &f), ERR_OK);
	return r;
}

static struct records records;
static struct stream stream;

static void play(struct bytes bytes)
{
	memset(&tape, 0, sizeof(tape));
	tape.left = bytes;
	memset(&stream, 0, sizeof(stream));
	records_open(&records, &stream, go_newest());
}

/* --- octets --- */

static void test_a_reader_never_leaves_its_bytes(void **state)
{
	struct octets_in in = {BYTES(0, 2, 7, 8, 9), false};
	struct bytes v = octets_take_vector(&in, 2);

	(void)state;
	assert_int_equal(v.len, 2);
	assert_int_equal(v.data[1], 8);
	assert_false(octets_done(&in));
	assert_int_equal(octets_take_number(&in, 1), 9);
	assert_true(octets_done(&in));
	assert_int_equal(octets_take(&in, 0).len, 0);
	assert_true(octets_done(&in));
	assert_int_equal(octets_take_number(&in, 1), 0);
	assert_false(octets_done(&in));
	/* Sticky. */
	assert_int_equal(octets_take(&in, 0).len, 0);
	assert_false(octets_done(&in));
}

static void test_a_length_beyond_the_end_is_bad(void **state)
{
	struct octets_in in = {BYTES(0, 0, 3, 1, 2), false};

	(void)state;
	assert_int_equal(octets_take_vector(&in, 3).len, 0);
	assert_true(in.bad);
	/* Although there are two octets left. */
	assert_int_equal(octets_take(&in, 1).len, 0);
}

static void test_a_writer_never_leaves_its_buffer(void **state)
{
	uint8_t data[5] = {0, 0, 0, 0, 0x55};
	struct octets_out out = {data, 4, 0, false};
	size_t at = octets_open(&out, 2);

	(void)state;
	octets_put_number(&out, 0xabcd, 2);
	octets_close(&out, at, 2);
	assert_memory_equal(data, "\0\2\xab\xcd", 4);
	assert_false(out.overflow);
	octets_put_number(&out, 1, 1);
	assert_true(out.overflow);
	assert_int_equal(out.len, 4);
	assert_int_equal(data[4], 0x55);
}

/* --- ClientHello --- */

/* The extension TYPE of the ClientHello that is written for QUERY; *SUITES of
 * it are offered. */
static bool find_in_hello(const struct capture_query *query,
			  struct go_release go, struct bytes cookie,
			  uint16_t type, struct bytes *found, size_t *suites)
{
	static struct client_hello hello;
	struct octets_in in, extensions;
	struct keys keys;
	struct bytes body;
	bool seen = false;

	keys_open(&keys);
	assert_true(client_hello_begin(&hello) && keys_make(&keys, 29));
	assert_true(client_hello_write(query, go, &keys, cookie, &hello));
	keys_close(&keys);
	in = (struct octets_in){{hello.message, hello.len}, false};
	assert_int_equal(octets_take_number(&in, 1), 1);
	body = octets_take_vector(&in, 3);
	assert_true(octets_done(&in));
	in = (struct octets_in){body, false};
	assert_int_equal(octets_take_number(&in, 2), TLS12);
	assert_memory_equal(octets_take(&in, 32).data, hello.random, 32);
	assert_int_equal(octets_take_vector(&in, 1).len, 32);
	*suites = octets_take_vector(&in, 2).len / 2;
	assert_int_equal(octets_take_vector(&in, 1).len, 1);
	extensions = (struct octets_in){octets_take_vector(&in, 2), false};
	assert_true(octets_done(&in));
	while (extensions.left.len) {
		uint16_t t = (uint16_t)octets_take_number(&extensions, 2);
		struct bytes content = octets_take_vector(&extensions, 2);

		assert_false(extensions.bad);
		if (t == type) {
			assert_false(seen);
			*found = content;
			seen = true;
		}
	}
	return seen;
}

static bool find_extension(const char *text, uint16_t type, struct bytes *found)
{
	struct registry registry = parse(text);
	const struct capture_query query = {.registry = &registry};
	const struct bytes none = {NULL, 0};
	size_t suites;

	return find_in_hello(&query, go_newest(), none, type, found, &suites);
}

static void test_a_name_is_sent_and_an_address_is_not(void **state)
{
	struct bytes name;

	(void)state;
	assert_true(find_extension("reg.example:5000", 0, &name));
	assert_int_equal(name.len, 5 + 11);
	assert_memory_equal(name.data, "\0\x0e\0\0\x0breg.example", name.len);
	assert_false(find_extension("192.0.2.1", 0, &name));
	assert_false(find_extension("[2001:db8::1]:5000", 0, &name));
}

static void test_the_longest_name_fits(void **state)
{
	char text[HOST_CHARS_MAX + 1];
	struct bytes name;

	(void)state;
	memset(text, 'a', HOST_CHARS_MAX);
	text[HOST_CHARS_MAX] = '\0';
	for (size_t i = 63; i < HOST_CHARS_MAX - 1; i += 64)
		text[i] = '.';
	assert_true(find_extension(text, 0, &name));
	assert_int_equal(name.len, 5 + HOST_CHARS_MAX);
}

static void test_both_versions_and_one_share_are_offered(void **state)
{
	struct bytes found;

	(void)state;
	assert_true(find_extension("r.example", 43, &found));
	assert_memory_equal(found.data, "\4\3\4\3\3", 5);
	assert_true(find_extension("r.example", 51, &found));
	assert_int_equal(found.len, 2 + 2 + 2 + 32);
	assert_memory_equal(found.data, "\0\x24\0\x1d\0\x20", 6);
	assert_true(find_extension("r.example", 10, &found));
	assert_int_equal(found.len, 2 + 2 * 4);
	assert_false(find_extension("r.example", 16, &found)); /* ALPN */
	assert_false(find_extension("r.example", 44, &found)); /* cookie */
}

static void test_each_release_has_its_own_offer(void **state)
{
	const struct {
		const char *docker;
		bool wider;
		size_t suites, schemes, groups;
	} rows[] = {
		{NULL, false, 9, 10, 4},    {"29.7", false, 9, 10, 4},
		{"29.2", false, 7, 10, 4},  {"29.1", false, 7, 12, 4},
		{"28.4", false, 11, 12, 4}, {"28.4", true, 13, 12, 5},
		{NULL, true, 13, 10, 5},
	};
	struct registry registry = parse("r.example");
	const struct bytes none = {NULL, 0};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct capture_query query = {.registry = &registry,
						    .docker = rows[i].docker,
						    .wider = rows[i].wider};
		struct go_release go = suites_go(rows[i].docker);
		struct bytes found;
		size_t suites;

		assert_true(
			find_in_hello(&query, go, none, 13, &found, &suites));
		check(suites == rows[i].suites, "%zu: %zu suites", i, suites);
		check(found.len == 2 + 2 * rows[i].schemes, "%zu: %zu", i,
		      found.len);
		assert_true(
			find_in_hello(&query, go, none, 10, &found, &suites));
		check(found.len == 2 + 2 * rows[i].groups, "%zu: %zu", i,
		      found.len);
	}
}

static void test_a_cookie_is_given_back(void **state)
{
	struct registry registry = parse("r.example");
	const struct capture_query query = {.registry = &registry};
	static uint8_t large[2000];
	struct client_hello hello;
	struct bytes found;
	struct keys keys;
	size_t suites;

	(void)state;
	assert_true(find_in_hello(&query, go_newest(), BYTES(7, 8, 9), 44,
				  &found, &suites));
	assert_int_equal(found.len, 5);
	assert_memory_equal(found.data, "\0\3\7\x8\x9", 5);
	keys_open(&keys);
	assert_true(client_hello_begin(&hello) && keys_make(&keys, 29));
	assert_false(client_hello_write(&query, go_newest(), &keys,
					(struct bytes){large, sizeof(large)},
					&hello));
	keys_close(&keys);
}

/* --- ServerHello --- */

struct hello_row {
	const char *what;
	uint16_t version, suite;
	struct bytes extensions; /* with their length */
	const char *why;	 /* NULL: taken; "": malformed */
};

static size_t put_server_hello(uint8_t *data, size_t size,
			       const struct hello_row *row)
{
	struct octets_out out = {data, size, 0, false};
	static const uint8_t random[32] = {1, 2, 3};

	octets_put_number(&out, row->version, 2);
	octets_put(&out, random, sizeof(random));
	octets_put_number(&out, 0, 1);
	octets_put_number(&out, row->suite, 2);
	octets_put_number(&out, 0, 1);
	octets_put(&out, row->extensions.data, row->extensions.len);
	assert_false(out.overflow);
	return out.len;
}

/* What can be said of any ServerHello; that of a handshake is in tests/data. */
static void test_server_hellos(void **state)
{
	const struct bytes none = {NULL, 0};
	const struct hello_row rows[] = {
		{"1.2", 0x0303, 0xc02f, none, NULL},
		{"1.2, no extension", 0x0303, 0xc02f, BYTES(0, 0), NULL},
		{"1.2, an unknown one", 0x0303, 0xcca8,
		 BYTES(0, 5, 0x5a, 0x5a, 0, 1, 0), NULL},
		{"1.2, RSA key exchange", 0x0303, 0x009c, none,
		 "unconfigured cipher suite"},
		{"1.2 with a suite of 1.3", 0x0303, 0x1301, none,
		 "unconfigured cipher suite"},
		{"1.2 with ALPN", 0x0303, 0xc02f,
		 BYTES(0, 7, 0, 16, 0, 3, 0, 1, 0), ""},
		{"an extension cut off", 0x0303, 0xc02f,
		 BYTES(0, 4, 0xff, 1, 0, 9), ""},
		{"octets after the extensions", 0x0303, 0xc02f, BYTES(0, 0, 0),
		 ""},
		{"extensions longer than the message", 0x0303, 0xc02f,
		 BYTES(0, 9, 0), ""},
		{"a version of three octets", 0x0303, 0x1301,
		 BYTES(0, 7, 0, 43, 0, 3, 3, 4, 0), ""},
		{"a share with a tail", 0x0303, 0x1301,
		 BYTES(0, 16, 0, 43, 0, 2, 3, 4, 0, 51, 0, 6, 0, 29, 0, 1, 9,
		       9),
		 ""},
		{"one twice", 0x0303, 0xc02f,
		 BYTES(0, 8, 0, 23, 0, 0, 0, 23, 0, 0), ""},
		{"an unknown one twice", 0x0303, 0xc02f,
		 BYTES(0, 8, 0x5a, 0x5a, 0, 0, 0x5a, 0x5a, 0, 0), ""},
	};
	const uint8_t session[SESSION_ID_BYTES] = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint8_t data[128];
		size_t len = put_server_hello(data, sizeof(data), &rows[i]);
		struct server_hello hello;
		bool read = server_hello_read((struct bytes){data, len},
					      go_newest(), &hello);
		const char *why = read ? server_hello_fault(&hello, session,
							    true, go_newest())
				       : "";

		check(!why == !rows[i].why, "%s: %s", rows[i].what, why);
		if (why)
			check_contains(why, rows[i].why);
		check(read || !*rows[i].why, "%s", rows[i].what);
	}
}

static void test_a_server_hello_cut_anywhere_is_malformed(void **state)
{
	const struct hello_row row = {
		"", 0x0303, 0x1301,
		BYTES(0, 15, 0, 43, 0, 2, 3, 4, 0, 51, 0, 5, 0, 29, 0, 1, 9),
		NULL};
	uint8_t data[128];
	size_t whole = put_server_hello(data, sizeof(data), &row);
	/* Without any extension it is a ServerHello of another kind. */
	size_t bare = whole - row.extensions.len;

	(void)state;
	for (size_t len = 0; len < whole; len++) {
		struct server_hello hello;

		check(server_hello_read((struct bytes){data, len}, go_newest(),
					&hello) == (len == bare),
		      "%zu octets", len);
	}
}

/* --- Certificate --- */

static struct presented presented;

static void test_certificate_messages(void **state)
{
	const struct {
		const char *what;
		bool is13;
		struct bytes body;
		size_t count;
		const char *why; /* NULL: read */
	} rows[] = {
		{"one of 1.2", false, BYTES(0, 0, 5, 0, 0, 2, 7, 7), 1, NULL},
		{"two of 1.2", false, BYTES(0, 0, 9, 0, 0, 2, 7, 7, 0, 0, 1, 8),
		 2, NULL},
		{"one of 1.3", true, BYTES(0, 0, 0, 7, 0, 0, 2, 7, 7, 0, 0), 1,
		 NULL},
		{"with an extension", true,
		 BYTES(0, 0, 0, 11, 0, 0, 2, 7, 7, 0, 4, 90, 90, 0, 0), 1,
		 NULL},
		{"with half an extension", true,
		 BYTES(0, 0, 0, 9, 0, 0, 2, 7, 7, 0, 2, 5, 5), 0, ""},
		{"with a staple of another kind", true,
		 BYTES(0, 0, 0, 16, 0, 0, 2, 7, 7, 0, 9, 0, 5, 0, 5, 2, 0, 0, 1,
		       8),
		 0, ""},
		{"none of 1.2", false, BYTES(0, 0, 0), 0, NULL},
		{"none of 1.3", true, BYTES(0, 0, 0, 0), 0, NULL},
		{"nothing at all", false, {NULL, 0}, 0, ""},
		/* Where it is the last, form_is_right has refused it. */
		{"an empty one of 1.2", false,
		 BYTES(0, 0, 8, 0, 0, 0, 0, 0, 2, 7, 7), 0,
		 "malformed certificate"},
		{"an empty one of 1.3", true, BYTES(0, 0, 0, 5, 0, 0, 0, 0, 0),
		 0, "malformed certificate"},
		{"longer than its list", false, BYTES(0, 0, 5, 0, 0, 3, 7, 7),
		 0, ""},
		{"a list longer than the message", false,
		 BYTES(0, 0, 6, 0, 0, 2, 7, 7), 0, ""},
		{"a tail", false, BYTES(0, 0, 5, 0, 0, 2, 7, 7, 0), 0, ""},
		{"a request's context", true,
		 BYTES(1, 9, 0, 0, 7, 0, 0, 2, 7, 7, 0, 0), 0, ""},
		{"no extensions where they belong", true,
		 BYTES(0, 0, 0, 5, 0, 0, 2, 7, 7), 0, ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *why = proof_read_chain(rows[i].body, rows[i].is13,
						   &presented);

		check(!why == !rows[i].why, "%s: %s", rows[i].what, why);
		if (why)
			check_contains(why, rows[i].why);
		check(why || presented.count == rows[i].count, "%s",
		      rows[i].what);
		assert_false(presented.cut);
	}
}

/* Whole it is right; cut anywhere, or with more behind it, it is not. */
static void test_forms_of_messages(void **state)
{
	const struct {
		uint8_t type;
		uint16_t version;
		struct bytes body;
	} rows[] = {
		{HANDSHAKE_KEY_UPDATE, TLS13, BYTES(1)},
		{HANDSHAKE_CERTIFICATE_STATUS, TLS12, BYTES(1, 0, 0, 1, 9)},
		{HANDSHAKE_NEW_SESSION_TICKET, TLS12,
		 BYTES(0, 0, 0, 1, 0, 1, 9)},
		{HANDSHAKE_NEW_SESSION_TICKET, TLS13,
		 BYTES(0, 0, 0, 1, 0, 0, 0, 2, 1, 7, 0, 1, 9, 0, 8, 0, 42, 0, 4,
		       0, 0, 0, 1)},
		{HANDSHAKE_CERTIFICATE_REQUEST, 0, BYTES(1, 64, 0, 3, 0, 1, 9)},
		{HANDSHAKE_CERTIFICATE_REQUEST, TLS12,
		 BYTES(1, 64, 0, 2, 4, 3, 0, 3, 0, 1, 9)},
		{HANDSHAKE_CERTIFICATE_VERIFY, 0, BYTES(0, 2, 8, 8)},
		{HANDSHAKE_CERTIFICATE_VERIFY, TLS12, BYTES(4, 3, 0, 2, 8, 8)},
		{HANDSHAKE_CERTIFICATE_VERIFY, TLS13, BYTES(4, 3, 0, 2, 8, 8)},
		{HANDSHAKE_CERTIFICATE, TLS12, BYTES(0, 0, 5, 0, 0, 2, 7, 7)},
		{HANDSHAKE_CERTIFICATE, TLS12,
		 BYTES(0, 0, 8, 0, 0, 0, 0, 0, 2, 7, 7)},
		{HANDSHAKE_CERTIFICATE, TLS13,
		 BYTES(0, 0, 0, 7, 0, 0, 2, 7, 7, 0, 0)},
		{HANDSHAKE_ENCRYPTED_EXTENSIONS, TLS13,
		 BYTES(0, 4, 90, 90, 0, 0)},
		{HANDSHAKE_CERTIFICATE_REQUEST, TLS13,
		 BYTES(0, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3)},
	};
	uint8_t longer[64] = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bytes body = rows[i].body;

		memcpy(longer, body.data, body.len);
		for (size_t len = 0; len <= body.len + 1; len++)
			assert_int_equal(
				form_is_right(rows[i].type,
					      (struct bytes){longer, len},
					      rows[i].version, go_newest()),
				len == body.len);
		memset(longer, 0, sizeof(longer));
	}
}

static void test_as_many_certificates_as_there_is_room_for(void **state)
{
	static uint8_t body[3 + 4 * (CHAIN_CERTS_MAX + 1)];

	(void)state;
	for (size_t count = CHAIN_CERTS_MAX; count <= CHAIN_CERTS_MAX + 1;
	     count++) {
		struct octets_out out = {body, sizeof(body), 0, false};
		size_t at = octets_open(&out, 3);
		bool fits = count <= CHAIN_CERTS_MAX;

		for (size_t i = 0; i < count; i++)
			octets_put(&out, "\0\0\1x", 4);
		octets_close(&out, at, 3);
		assert_int_equal(
			!proof_read_chain((struct bytes){body, out.len}, false,
					  &presented),
			fits);
		assert_int_equal(presented.cut, !fits);
		assert_int_equal(presented.count, CHAIN_CERTS_MAX);
	}
}

/* --- ServerKeyExchange, CertificateVerify --- */

static void test_exchanges_of_12(void **state)
{
	static const char invalid[] = "invalid ServerKeyExchange message";
	const struct {
		const char *what;
		struct bytes body;
		const char *why;
	} rows[] = {
		{"whole", BYTES(3, 0, 29, 1, 9, 8, 4, 0, 1, 7), NULL},
		{"explicit curve", BYTES(1, 0, 29, 1, 9, 8, 4, 0, 1, 7),
		 "unsupported curve"},
		{"another curve", BYTES(3, 0, 30, 1, 9, 8, 4, 0, 1, 7),
		 "unoffered curve"},
		{"point cut off", BYTES(3, 0, 29, 9, 9), invalid},
		{"no signature", BYTES(3, 0, 29, 1, 9), invalid},
		{"a tail", BYTES(3, 0, 29, 1, 9, 8, 4, 0, 1, 7, 7), invalid},
		{"three octets", BYTES(3, 0, 29), invalid},
		{"nothing", {NULL, 0}, invalid},
	};
	struct proof proof;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *why =
			proof_read_12(rows[i].body, go_newest(), &proof);

		check(!why == !rows[i].why, "%s: %s", rows[i].what, why);
		if (why)
			check_contains(why, rows[i].why);
	}
	assert_null(proof_read_12(rows[0].body, go_newest(), &proof));
	assert_int_equal(proof.scheme, 0x0804);
	assert_int_equal(proof.group, 29);
	assert_int_equal(proof.point.len, 1);
	assert_int_equal(proof.signed_parameters.len, 5);
	assert_int_equal(proof.signature.len, 1);
}

static void test_proofs_of_13(void **state)
{
	struct proof proof;

	(void)state;
	assert_true(proof_read_13(BYTES(8, 7, 0, 2, 7, 7), &proof));
	assert_int_equal(proof.scheme, 0x0807);
	assert_int_equal(proof.signature.len, 2);
	assert_false(proof_read_13(BYTES(8, 7, 0, 3, 7, 7), &proof));
	assert_false(proof_read_13(BYTES(8, 7, 0, 1, 7, 7), &proof));
	assert_false(proof_read_13((struct bytes){NULL, 0}, &proof));
}

struct signed_row {
	const char *algorithm; /* of the certificate */
	uint16_t scheme, other, suite;
	bool in_13;
};

static bool checks(const struct certificate *c, const struct proof *proof,
		   uint16_t suite, struct bytes message, const char *words)
{
	char why[REFUSAL_CHARS_MAX] = "";
	bool good = proof_check(proof, suites_find(suite), c, go_newest(),
				message, why) == PROOF_HOLDS;

	if (!good)
		check_contains(why, words);
	return good;
}

/* A self-signed certificate is a message with the signature of its own key. */
static void assert_checks(const struct certificate *c,
			  const struct signed_row *row)
{
	static const char scheme[] = "used with invalid signature algorithm";
	static const char failure[] = "invalid signature by the server "
				      "certificate: ";
	uint8_t bent[1024];
	struct proof proof = {.scheme = row->scheme,
			      .signature = c->signature.octets};

	assert_true(checks(c, &proof, row->suite, c->tbs, ""));
	assert_int_equal(checks(c, &proof, 0x1301, c->tbs, scheme), row->in_13);
	assert_false(checks(c, &proof, row->suite, c->der, failure));
	/* The other kind's suite. */
	assert_false(checks(c, &proof, row->suite == 0xc02f ? 0xc02b : 0xc02f,
			    c->tbs, "invalid ServerKeyExchange message"));
	proof.scheme = row->other;
	assert_false(checks(c, &proof, row->suite, c->tbs, ""));
	proof.scheme = 0x0806 + 0x100;
	assert_false(checks(c, &proof, row->suite, c->tbs, scheme));
	proof.scheme = row->scheme;
	assert_in_range(proof.signature.len, 64, sizeof(bent));
	memcpy(bent, proof.signature.data, proof.signature.len);
	bent[proof.signature.len - 1] ^= 1;
	proof.signature.data = bent;
	assert_false(checks(c, &proof, row->suite, c->tbs, failure));
}

/* The first certificate of FILE that signed itself with ALGORITHM. */
static bool find_certificate(const struct case_file *file,
			     const char *algorithm, struct certificate *c)
{
	struct failure f;

	for (size_t i = 0; i < file->blobs; i++)
		if (certificate_parse(file->blob[i], go_newest(), c, &f) ==
			    ERR_OK &&
		    !strcmp(c->algorithm->name, algorithm) &&
		    signature_check(c, c, go_newest(), NULL) == SIGNATURE_VALID)
			return true;
	return false;
}

static void test_signatures_by_scheme(void **state)
{
	const struct signed_row rows[] = {
		{"SHA256-RSA", 0x0401, 0x0804, 0xc02f, false},
		{"ECDSA-SHA256", 0x0403, 0x0503, 0xc02b, true},
		{"Ed25519", 0x0807, 0x0403, 0xc02b, true},
	};
	struct case_file file;

	(void)state;
	cases_open(&file, CASES_MEASURED);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct certificate c;

		check(find_certificate(&file, rows[i].algorithm, &c),
		      "no certificate with %s", rows[i].algorithm);
		assert_checks(&c, &rows[i]);
	}
	cases_close(&file);
}

/* --- keys --- */

static void test_shares_that_are_no_points(void **state)
{
	static const uint16_t groups[] = {29, 23, 24, 25};
	static const size_t lengths[] = {0,   1,   31,	33,  65,
					 133, 134, 255, 256, 4096};
	static uint8_t share[4096];
	uint8_t secret[KEYS_SECRET_MAX];
	struct keys keys;

	(void)state;
	memset(share, 0xff, sizeof(share));
	keys_open(&keys);
	assert_false(keys_make(&keys, 0x11ec));
	for (size_t i = 0; i < COUNT(groups); i++) {
		assert_true(keys_make(&keys, groups[i]));
		for (size_t j = 0; j < COUNT(lengths); j++)
			check(!keys_agree(&keys,
					  (struct bytes){share, lengths[j]},
					  secret),
			      "%zu octets for group %u", lengths[j], groups[i]);
	}
	keys_close(&keys);
}

/* --- records --- */

static void test_handshake_bytes_come_out_of_any_records(void **state)
{
	const struct bytes sent = BYTES(
		22, 3, 1, 0, 1, 'a', 21, 3, 3, 0, 2, 1, 90, 22, 3, 3, 0, 4, 'b',
		'c', 'd', 'e', 21, 3, 3, 0, 2, 1, 90, 22, 3, 3, 0, 1, 'f');

	(void)state;
	for (size_t piece = 0; piece < 4; piece++) {
		char out[8] = "";
		size_t len = 0;
		struct bytes taken;

		play(sent);
		tape.piece = piece;
		while (records_take(&records, 2, &taken)) {
			assert_in_range(taken.len, 1, 2);
			memcpy(out + len, taken.data, taken.len);
			len += taken.len;
		}
		assert_string_equal(out, "abcdef");
		assert_true(stream.ended);
		assert_int_equal(records.alert, EXPLAIN_NO_ALERT);
	}
}

static void test_records_that_end_it(void **state)
{
	const struct {
		const char *what;
		struct bytes sent;
		int alert;
		const char *fault; /* Go's words */
	} rows[] = {
		{"fatal alert", BYTES(21, 3, 3, 0, 2, 2, 40), 40,
		 "remote error: tls: handshake failure"},
		{"close_notify", BYTES(21, 3, 3, 0, 2, 1, 0), EXPLAIN_NO_ALERT,
		 "EOF"},
		{"alert of three octets", BYTES(21, 3, 3, 0, 3, 2, 40, 0),
		 EXPLAIN_NO_ALERT, "local error: tls: unexpected message"},
		{"empty handshake", BYTES(22, 3, 3, 0, 0), EXPLAIN_NO_ALERT,
		 "local error: tls: unexpected message"},
		{"data", BYTES(23, 3, 3, 0, 1, 0), EXPLAIN_NO_ALERT,
		 "tls: first record does not look like a TLS handshake"},
		{"heartbeat", BYTES(24, 3, 3, 0, 1, 0), EXPLAIN_NO_ALERT,
		 "tls: first record does not look like a TLS handshake"},
		{"SSL 2", BYTES(0x80, 3, 3, 0, 1, 0), EXPLAIN_NO_ALERT,
		 "tls: unsupported SSLv2 handshake received"},
		{"18 KiB and 1", BYTES(22, 3, 3, 0x48, 1), EXPLAIN_NO_ALERT,
		 "tls: oversized record received with length 18433"},
		{"cut header", BYTES(22, 3, 3), EXPLAIN_NO_ALERT,
		 "unexpected EOF"},
		{"cut body", BYTES(22, 3, 3, 0, 2, 1), EXPLAIN_NO_ALERT,
		 "unexpected EOF"},
		{"nothing", {NULL, 0}, EXPLAIN_NO_ALERT, "EOF"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bytes taken;

		play(rows[i].sent);
		check(!records_take(&records, 1, &taken), "%s", rows[i].what);
		check(records.alert == rows[i].alert, "%s: %d", rows[i].what,
		      records.alert);
		assert_string_equal(records.fault, rows[i].fault);
	}
}

static void test_sixteen_useless_records_in_a_row(void **state)
{
	static const uint8_t warning[] = {21, 3, 3, 0, 2, 1, 90};
	static const uint8_t use[] = {22, 3, 3, 0, 1, 'x'};

	(void)state;
	for (size_t count = USELESS_RECORDS_MAX;
	     count <= USELESS_RECORDS_MAX + 1; count++) {
		uint8_t data[512];
		struct octets_out out = {data, sizeof(data), 0, false};
		struct bytes taken;
		int useful = 0;

		/* Twice, since useful ones begin the count anew. */
		for (int round = 0; round < 2; round++) {
			for (size_t i = 0; i < count; i++)
				octets_put(&out, warning, sizeof(warning));
			octets_put(&out, use, sizeof(use));
		}
		play((struct bytes){data, out.len});
		while (records_take(&records, 9, &taken))
			useful++;
		assert_int_equal(useful, count > USELESS_RECORDS_MAX ? 0 : 2);
	}
	assert_string_equal(records.fault, "tls: too many ignored records");
}

static void test_a_record_across_the_change_of_keys(void **state)
{
	const struct go_release old = {GO_VERSION(24, 4), 0};
	struct bytes taken;

	(void)state;
	play(BYTES(22, 3, 3, 0, 2, 'a', 'b'));
	assert_true(records_take(&records, 1, &taken));
	assert_false(records_end_of_key(&records));
	check_contains(records.fault, "handshake buffer not empty");
	records.go = old;
	assert_false(records_end_of_key(&records));
	assert_string_equal(records.fault, "");
	play(BYTES(22, 3, 3, 0, 1, 'a'));
	assert_true(records_take(&records, 1, &taken));
	assert_true(records_end_of_key(&records));
}

/* --- the whole --- */

static struct capture capture;

static enum err capture_from(struct bytes sent, struct failure *f)
{
	struct registry registry = parse("r.example");
	const struct capture_query query = {.registry = &registry};

	memset(&tape, 0, sizeof(tape));
	tape.left = sent;
	return capture_chain(-1, &query, INT64_MAX, &capture, f);
}

static void test_the_farewell_is_close_notify(void **state)
{
	struct failure f;

	(void)state;
	assert_int_equal(capture_from(BYTES(21, 3, 3, 0, 2, 2, 40), &f),
			 ERR_TLS);
	check_contains(f.detail, "handshake failure");
	assert_in_range(tape.sent_len, 7, sizeof(tape.sent));
	assert_memory_equal(tape.sent + tape.sent_len - 7, "\25\3\1\0\2\1\0",
			    7);
	assert_true(capture.asks_wider);
	assert_false(capture.possession);
	assert_int_equal(capture.end, CAPTURE_REFUSED_EARLY);
	assert_string_equal(capture.refusal,
			    "remote error: tls: handshake failure");
}

static void test_lengths_beyond_go_are_named(void **state)
{
	struct failure f;

	(void)state;
	assert_int_equal(capture_from(BYTES(22, 3, 3, 0, 4, 2, 1, 0, 1), &f),
			 ERR_LIMIT);
	assert_string_equal(f.detail, "the server's handshake message of 65537 "
				      "bytes exceeds the 65536 that Docker "
				      "reads");
	assert_int_equal(capture_from(BYTES(22, 3, 3, 0, 4, 11, 4, 0, 1), &f),
			 ERR_LIMIT);
	assert_string_equal(f.detail, "the server's Certificate message of "
				      "262145 bytes exceeds the 65536 that "
				      "Docker reads");
}

/* Go reads a message before it asks whether it waits for it. */
static void test_malformed_messages_out_of_place(void **state)
{
	const struct bytes rows[] = {
		BYTES(22, 3, 3, 0, 4, 1, 0, 0, 0),
		BYTES(22, 3, 3, 0, 4, 11, 0, 0, 0),
		BYTES(22, 3, 3, 0, 5, 15, 0, 0, 1, 9),
		BYTES(22, 3, 3, 0, 5, 8, 0, 0, 1, 0),
	};
	struct failure f;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(capture_from(rows[i], &f), ERR_TLS);
		check_contains(f.detail, "error decoding message");
	}
}

static void test_messages_out_of_place(void **state)
{
	const struct bytes rows[] = {
		/* a HelloRequest; Certificate first; Finished */
		BYTES(22, 3, 3, 0, 4, 0, 0, 0, 0),
		BYTES(22, 3, 3, 0, 12, 11, 0, 0, 8, 0, 0, 5, 0, 0, 2, 7, 7),
		BYTES(22, 3, 3, 0, 4, 20, 0, 0, 0),
	};
	struct failure f;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(capture_from(rows[i], &f), ERR_TLS);
		check_contains(f.detail, "unexpected handshake message");
	}
}

/* TLS 1.2 up to and with MESSAGES, as one record. */
static enum err capture_12(struct bytes messages, struct failure *f)
{
	const struct hello_row hello = {"", 0x0303, 0xc02f, {NULL, 0}, NULL};
	uint8_t data[512], body[64];
	struct octets_out out = {data, sizeof(data), 0, false};
	size_t len = put_server_hello(body, sizeof(body), &hello);
	size_t at;

	octets_put_number(&out, 22, 1);
	octets_put_number(&out, 0x0303, 2);
	at = octets_open(&out, 2);
	octets_put_number(&out, 2, 1);
	octets_put_number(&out, (uint32_t)len, 3);
	octets_put(&out, body, len);
	octets_put(&out, messages.data, messages.len);
	octets_close(&out, at, 2);
	assert_false(out.overflow);
	return capture_from((struct bytes){data, out.len}, f);
}

static void test_what_comes_after_the_certificates_costs_no_chain(void **state)
{
	const struct {
		const char *what;
		struct bytes messages;
		bool client_cert;
	} rows[] = {
		{"nothing", BYTES(11, 0, 0, 8, 0, 0, 5, 0, 0, 2, 7, 7), false},
		{"a staple and a request",
		 BYTES(11, 0, 0, 8, 0, 0, 5, 0, 0, 2, 7, 7, 22, 0, 0, 5, 1, 0,
		       0, 1, 9, 13, 0, 0, 8, 1, 64, 0, 2, 4, 3, 0, 0, 14, 0, 0,
		       0),
		 true},
		{"a second Certificate",
		 BYTES(11, 0, 0, 8, 0, 0, 5, 0, 0, 2, 7, 7, 11, 0, 0, 7, 0, 0,
		       4, 0, 0, 1, 9),
		 false},
		{"a proof that is none",
		 BYTES(11, 0, 0, 8, 0, 0, 5, 0, 0, 2, 7, 7, 12, 0, 0, 1, 3),
		 false},
		{"TLS 1.3's proof",
		 BYTES(11, 0, 0, 8, 0, 0, 5, 0, 0, 2, 7, 7, 15, 0, 0, 4, 8, 7,
		       0, 0),
		 false},
		{"a signature by no key",
		 BYTES(11, 0, 0, 8, 0, 0, 5, 0, 0, 2, 7, 7, 12, 0, 0, 10, 3, 0,
		       29, 1, 9, 8, 4, 0, 1, 7, 14, 0, 0, 0),
		 false},
	};
	struct failure f;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		check(capture_12(rows[i].messages, &f) == ERR_OK, "%s",
		      rows[i].what);
		assert_int_equal(capture.presented.count, 1);
		assert_memory_equal(capture.presented.certs[0].data, "\7\7", 2);
		assert_int_equal(capture.tls_version, TLS12);
		assert_false(capture.possession);
		check(capture.client_cert == rows[i].client_cert, "%s",
		      rows[i].what);
	}
}

static void test_a_proof_before_the_certificates_is_none(void **state)
{
	struct failure f;

	(void)state;
	assert_int_equal(
		capture_12(BYTES(12, 0, 0, 10, 3, 0, 29, 1, 9, 8, 4, 0, 1, 7),
			   &f),
		ERR_TLS);
	check_contains(f.detail, "unexpected handshake message");
	assert_int_equal(capture_12(BYTES(14, 0, 0, 0), &f), ERR_TLS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_reader_never_leaves_its_bytes),
		cmocka_unit_test(test_a_length_beyond_the_end_is_bad),
		cmocka_unit_test(test_a_writer_never_leaves_its_buffer),
		cmocka_unit_test(test_a_name_is_sent_and_an_address_is_not),
		cmocka_unit_test(test_the_longest_name_fits),
		cmocka_unit_test(test_both_versions_and_one_share_are_offered),
		cmocka_unit_test(test_each_release_has_its_own_offer),
		cmocka_unit_test(test_a_cookie_is_given_back),
		cmocka_unit_test(test_server_hellos),
		cmocka_unit_test(test_a_server_hello_cut_anywhere_is_malformed),
		cmocka_unit_test(test_certificate_messages),
		cmocka_unit_test(test_forms_of_messages),
		cmocka_unit_test(
			test_as_many_certificates_as_there_is_room_for),
		cmocka_unit_test(test_exchanges_of_12),
		cmocka_unit_test(test_proofs_of_13),
		cmocka_unit_test(test_signatures_by_scheme),
		cmocka_unit_test(test_shares_that_are_no_points),
		cmocka_unit_test(test_handshake_bytes_come_out_of_any_records),
		cmocka_unit_test(test_records_that_end_it),
		cmocka_unit_test(test_sixteen_useless_records_in_a_row),
		cmocka_unit_test(test_a_record_across_the_change_of_keys),
		cmocka_unit_test(test_the_farewell_is_close_notify),
		cmocka_unit_test(test_lengths_beyond_go_are_named),
		cmocka_unit_test(test_messages_out_of_place),
		cmocka_unit_test(test_malformed_messages_out_of_place),
		cmocka_unit_test(
			test_what_comes_after_the_certificates_costs_no_chain),
		cmocka_unit_test(test_a_proof_before_the_certificates_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
