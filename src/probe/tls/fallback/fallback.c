/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The handshake, message by message; see fallback.h. Probe process, sealed.
 */
#include "probe/tls/fallback/fallback.h"

#include "probe/tls/explain.h"
#include "probe/tls/fallback/hello.h"
#include "probe/tls/fallback/proof.h"

#define RECORD_HANDSHAKE 22

#define HEADER_BYTES 4

/* Any message of which the content is wanted, but Certificate: a signature of
 * 1 KiB with an RSA key of 8192 bits. */
#define SMALL_BYTES_MAX 4096

enum message_type {
	MESSAGE_SERVER_HELLO = 2,
	MESSAGE_ENCRYPTED_EXTENSIONS = 8,
	MESSAGE_CERTIFICATE = 11,
	MESSAGE_SERVER_KEY_EXCHANGE = 12,
	MESSAGE_CERTIFICATE_REQUEST = 13,
	MESSAGE_SERVER_HELLO_DONE = 14,
	MESSAGE_CERTIFICATE_VERIFY = 15,
	MESSAGE_FINISHED = 20,
	MESSAGE_CERTIFICATE_STATUS = 22,
};

struct message {
	uint8_t type;
	uint8_t header[HEADER_BYTES];
	struct bytes body; /* as much of it as there was room for */
	bool whole;
};

struct session {
	struct stream stream;
	struct fallback_records records;
	struct fallback_keys keys;
	struct fallback_hello hello;
	bool is13;
	uint8_t server_random[HELLO_RANDOM_BYTES];
	uint8_t small[SMALL_BYTES_MAX];
	/* A message that Go would not read. */
	struct {
		size_t len, most;
		bool certificate;
	} too_long;
	struct capture *out;
};

static bool fault(struct session *s, const char *what)
{
	s->records.fault = what;
	return false;
}

/* Take LEN bytes of a message into ROOM, the first SIZE of them; all count for
 * the transcript. */
static bool take(struct session *s, size_t len, uint8_t *room, size_t size)
{
	struct bytes piece;

	for (size_t at = 0; at < len; at += piece.len) {
		if (!fallback_records_take(&s->records, len - at, &piece))
			return false;
		fallback_keys_note(&s->keys, piece.data, piece.len);
		if (piece.len <= size && at <= size - piece.len)
			memcpy(room + at, piece.data, piece.len);
	}
	return true;
}

/* The certificates stay where they arrive, the rest is read and forgotten. */
static bool read_message(struct session *s, struct message *m)
{
	struct presented *p = &s->out->presented;
	uint8_t *room = s->small;
	size_t size = sizeof(s->small), most = HANDSHAKE_MESSAGE_MAX, len;

	if (!take(s, HEADER_BYTES, m->header, HEADER_BYTES))
		return false;
	m->type = m->header[0];
	len = (size_t)m->header[1] << 16 | (size_t)m->header[2] << 8 |
	      m->header[3];
	if (m->type == MESSAGE_CERTIFICATE && p->count == 0) {
		room = p->storage;
		size = sizeof(p->storage);
		most = CHAIN_BYTES_MAX;
	}
	if (len > most) {
		s->too_long.len = len;
		s->too_long.most = most;
		s->too_long.certificate = room == p->storage;
		return false;
	}
	m->body = (struct bytes){room, len};
	m->whole = len <= size;
	return take(s, len, room, size);
}

static bool greet(struct session *s, const struct registry *registry)
{
	if (!fallback_hello_write(registry, &s->keys, &s->hello))
		return fault(s, "an internal error");
	return fallback_records_send(&s->records, RECORD_HANDSHAKE,
				     s->hello.message, s->hello.len);
}

/* From here on in TLS 1.3 everything is sealed. */
static bool change_keys(struct session *s, const struct message *m,
			const struct fallback_server_hello *server)
{
	if (!fallback_keys_begin(&s->keys, server->suite))
		return fault(s, "an internal error");
	fallback_keys_note(&s->keys, s->hello.message, s->hello.len);
	fallback_keys_note(&s->keys, m->header, sizeof(m->header));
	fallback_keys_note(&s->keys, m->body.data, m->body.len);
	if (!fallback_keys_derive(&s->keys, server->suite, server->group,
				  server->share, &s->records))
		return fault(s, "the key exchange failed");
	return fallback_records_seal(&s->records);
}

static bool be_greeted(struct session *s)
{
	struct fallback_server_hello server;
	struct message m = {0};
	const char *why;

	if (!read_message(s, &m))
		return false;
	if (m.type != MESSAGE_SERVER_HELLO || !m.whole)
		return fault(s, "a handshake message out of place");
	if (!fallback_hello_read(m.body, &server, &why))
		return fault(s, why);
	memcpy(s->server_random, server.random, sizeof(s->server_random));
	s->is13 = server.version == TLS13;
	s->out->tls_version = server.version;
	s->out->suite = server.suite;
	return !s->is13 || change_keys(s, &m, &server);
}

/* What the server must have signed; RFC 5246 7.4.3, RFC 8446 4.4.3. HASH is
 * that of the transcript before the proof. */
static void put_signed(const struct session *s, const struct bytes *hash,
		       const struct fallback_proof *proof,
		       struct octets_out *out)
{
	static const char context[] = "TLS 1.3, server CertificateVerify";

	if (!s->is13) {
		octets_put(out, s->hello.random, sizeof(s->hello.random));
		octets_put(out, s->server_random, sizeof(s->server_random));
		octets_put(out, proof->signed_parameters.data,
			   proof->signed_parameters.len);
		return;
	}
	for (int i = 0; i < 64; i++)
		octets_put_number(out, ' ', 1);
	octets_put(out, context, sizeof(context)); /* with its NUL */
	octets_put(out, hash->data, hash->len);
}

static bool heed_proof(struct session *s, const struct message *m,
		       const struct bytes *hash)
{
	const struct presented *p = &s->out->presented;
	uint8_t data[2 * HELLO_RANDOM_BYTES + SMALL_BYTES_MAX];
	struct octets_out out = {data, sizeof(data), 0, false};
	struct fallback_proof proof;

	if (p->count == 0 || !m->whole ||
	    !fallback_proof_read(m->body, s->is13, &proof))
		return fault(s, "a malformed proof of possession");
	put_signed(s, hash, &proof, &out);
	s->out->possession =
		!out.overflow &&
		fallback_proof_check(&proof, s->is13, p->certs[0],
				     (struct bytes){data, out.len});
	return true;
}

static bool heed_certificates(struct session *s, const struct message *m)
{
	struct presented *p = &s->out->presented;

	if (p->count)
		return fault(s, "a second Certificate message");
	if (fallback_certificates_read(m->body, s->is13, p))
		return true;
	p->count = 0;
	return fault(s, "its Certificate message is malformed");
}

/* Read and heed the next message; *LAST when the server waits for us now. */
static bool step(struct session *s, bool *last)
{
	uint8_t digest[MBEDTLS_MD_MAX_SIZE];
	struct bytes hash = {digest, 0};
	struct message m = {0};

	if (s->is13)
		hash.len = fallback_keys_transcript(&s->keys, digest);
	if (!read_message(s, &m))
		return false;
	*last = m.type ==
		(s->is13 ? MESSAGE_FINISHED : MESSAGE_SERVER_HELLO_DONE);
	if (*last)
		return true;
	if (m.type == MESSAGE_CERTIFICATE)
		return heed_certificates(s, &m);
	if (m.type == (s->is13 ? MESSAGE_CERTIFICATE_VERIFY
			       : MESSAGE_SERVER_KEY_EXCHANGE))
		return heed_proof(s, &m, &hash);
	if (m.type == MESSAGE_CERTIFICATE_REQUEST)
		s->out->client_cert = true;
	return m.type == MESSAGE_CERTIFICATE_REQUEST ||
	       m.type == (s->is13 ? MESSAGE_ENCRYPTED_EXTENSIONS
				  : MESSAGE_CERTIFICATE_STATUS) ||
	       fault(s, "a handshake message out of place");
}

static void run(struct session *s, const struct registry *registry)
{
	bool last = false;

	if (!greet(s, registry) || !be_greeted(s))
		return;
	while (!last && step(s, &last))
		continue;
}

static enum err explain(const struct session *s, struct failure *f)
{
	if (s->out->presented.cut)
		return failure_set(f, ERR_LIMIT,
				   "the server sent more than %d certificates",
				   CHAIN_CERTS_MAX);
	if (s->too_long.len)
		return failure_set(
			f, ERR_LIMIT,
			"the server's %s message of %zu bytes exceeds the %zu "
			"that Docker reads",
			s->too_long.certificate ? "Certificate" : "handshake",
			s->too_long.len, s->too_long.most);
	return explain_handshake(&s->stream, s->records.alert, s->records.fault,
				 f);
}

/* see fallback.h */
enum err fallback_capture(int fd, const struct registry *registry,
			  int64_t deadline_ms, struct capture *out,
			  struct failure *f)
{
	struct session s = {.out = out};
	enum err err;

	out->presented.count = 0;
	out->presented.cut = false;
	out->tls_version = 0;
	out->suite = 0;
	out->possession = false;
	out->client_cert = false;
	out->needs_fallback = true;
	out->reply_len = 0;
	stream_begin(&s.stream, fd, deadline_ms, HANDSHAKE_BYTES_MAX);
	fallback_records_open(&s.records, &s.stream);
	fallback_keys_open(&s.keys);
	run(&s, registry);
	err = out->presented.count ? ERR_OK : explain(&s, f);
	fallback_records_end(&s.records);
	fallback_keys_close(&s.keys);
	fallback_records_close(&s.records);
	return err;
}
