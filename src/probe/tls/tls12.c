/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TLS 1.2 from the ServerHello on, in the order of Go's client; see session.h.
 */
#include "probe/tls/session.h"

/* Certificate, and the message behind it, which Go reads before it judges. */
static bool read_chain(struct session *s, struct message *m)
{
	if (!session_read(s, m))
		return false;
	if (m->type != HANDSHAKE_CERTIFICATE)
		return session_unexpected(s, m, "certificateMsg");
	if (!session_keep_chain(s, m, false))
		return false;
	if (!s->out->presented.count)
		return session_refuse(s,
				      "tls: received unexpected handshake "
				      "message of type *tls.certificateMsg "
				      "when waiting for *tls.certificateMsg");
	if (!session_read(s, m))
		return false;
	if (m->type == HANDSHAKE_CERTIFICATE_STATUS) {
		if (!s->server.staple)
			session_refuse(s, "tls: received unexpected "
					  "CertificateStatus message");
		if (!session_read(s, m))
			return false;
	}
	s->judged = true;
	return true;
}

/* RFC 5246 7.4.3. */
static bool check_exchange(struct session *s, const struct proof *proof)
{
	uint8_t data[2 * HELLO_RANDOM_BYTES + PARAMETERS_12_MAX];
	struct octets_out out = {data, sizeof(data), 0, false};

	octets_put(&out, s->hello.random, sizeof(s->hello.random));
	octets_put(&out, s->server_random, sizeof(s->server_random));
	octets_put(&out, proof->signed_parameters.data,
		   proof->signed_parameters.len);
	return out.overflow ? session_fail(s)
			    : session_heed_proof(s, proof,
						 (struct bytes){data, out.len});
}

/* Agree on the secret, then check who said so: the point comes first. */
static bool read_exchange(struct session *s, const struct message *m,
			  uint8_t secret[static KEYS_SECRET_MAX], size_t *len)
{
	struct proof proof;
	const char *fault;

	fault = proof_read_12(m->body, s->go, &proof);
	if (fault)
		return session_refuse(s, fault);
	if (!keys_make(&s->keys, proof.group))
		return session_fail(s);
	*len = keys_agree(&s->keys, proof.point, secret);
	/* Go knows the groups' points only by ServerKeyExchange. */
	if (!*len)
		return session_refuse(s, PROOF_INVALID);
	return check_exchange(s, &proof);
}

/* ServerKeyExchange to ServerHelloDone; M is the first of them. */
static bool read_rest(struct session *s, struct message *m,
		      uint8_t secret[static KEYS_SECRET_MAX], size_t *len)
{
	*len = 0;
	if (m->type == HANDSHAKE_SERVER_KEY_EXCHANGE &&
	    (!read_exchange(s, m, secret, len) || !session_read(s, m)))
		return false;
	if (m->type == HANDSHAKE_CERTIFICATE_REQUEST) {
		s->out->client_cert = true;
		if (!session_read(s, m))
			return false;
	}
	if (m->type != HANDSHAKE_SERVER_HELLO_DONE)
		return session_unexpected(s, m, "serverHelloDoneMsg");
	return *len || session_refuse(s, "tls: missing ServerKeyExchange "
					 "message");
}

static bool make_keys(struct session *s, struct bytes shared,
		      struct direction *reading)
{
	uint8_t hash[MBEDTLS_MD_MAX_SIZE], randoms[2 * HELLO_RANDOM_BYTES];
	bool extended = s->server.extended_master;
	struct bytes seed = {randoms, sizeof(randoms)};

	memcpy(randoms, s->hello.random, HELLO_RANDOM_BYTES);
	memcpy(randoms + HELLO_RANDOM_BYTES, s->server_random,
	       HELLO_RANDOM_BYTES);
	if (extended)
		seed = (struct bytes){hash, keys_transcript(&s->keys, hash)};
	if (!keys_master(&s->keys, shared, extended, seed))
		return session_fail(s);
	/* Here the server's comes first. */
	memcpy(randoms, s->server_random, HELLO_RANDOM_BYTES);
	memcpy(randoms + HELLO_RANDOM_BYTES, s->hello.random,
	       HELLO_RANDOM_BYTES);
	return keys_expand(&s->keys, (struct bytes){randoms, sizeof(randoms)},
			   reading, &s->records.writing) ||
	       session_fail(s);
}

static bool answer(struct session *s, struct bytes shared,
		   struct direction *reading)
{
	static const uint8_t nothing[3], change = 1;
	uint8_t hash[MBEDTLS_MD_MAX_SIZE], finished[KEYS_FINISHED_12];
	struct bytes transcript = {hash, 0};

	if (s->out->client_cert &&
	    !session_put(s, HANDSHAKE_CERTIFICATE,
			 (struct bytes){nothing, sizeof(nothing)}))
		return false;
	if (!session_put(s, HANDSHAKE_CLIENT_KEY_EXCHANGE,
			 (struct bytes){s->keys.point, 1 + s->keys.point[0]}))
		return false;
	/* In clear still, and the first word under the new keys. */
	if (!records_put(&s->records, RECORD_CCS, &change, 1))
		return session_fail(s);
	if (!make_keys(s, shared, reading))
		return false;
	transcript.len = keys_transcript(&s->keys, hash);
	if (!transcript.len ||
	    !keys_finished_12(&s->keys, false, transcript, finished))
		return session_fail(s);
	return session_put(s, HANDSHAKE_FINISHED,
			   (struct bytes){finished, sizeof(finished)}) &&
	       (records_flush(&s->records) || session_fail(s));
}

static bool read_finished(struct session *s, const struct direction *reading)
{
	uint8_t wanted[KEYS_FINISHED_12];
	struct message m;

	if (s->server.ticket) {
		if (s->go.version >= GO_VERSION(21, 0))
			return session_refuse(s, "tls: server sent unrequested "
						 "session ticket");
		if (!session_read(s, &m))
			return false;
		if (m.type != HANDSHAKE_NEW_SESSION_TICKET)
			return session_unexpected(s, &m, "newSessionTicketMsg");
	}
	if (!records_change(&s->records))
		return session_lose(s);
	s->records.reading = *reading;
	if (!session_read(s, &m))
		return false;
	if (m.type != HANDSHAKE_FINISHED)
		return session_unexpected(s, &m, "finishedMsg");
	if (!keys_finished_12(&s->keys, true,
			      (struct bytes){s->before, s->before_len}, wanted))
		return session_fail(s);
	return (m.body.len == sizeof(wanted) &&
		!memcmp(m.body.data, wanted, sizeof(wanted))) ||
	       session_refuse(s,
			      "tls: server's Finished message was incorrect");
}

/* see session.h */
bool session_run_12(struct session *s, const struct message *hello)
{
	const struct suite *suite = suites_find(s->server.suite);
	bool offered = s->query->wider ||
		       suites_offers(s->query->docker, s->server.suite);
	const char *fault = server_hello_fault(&s->server, s->hello.session,
					       offered, s->go);
	struct direction reading = {0};
	uint8_t secret[KEYS_SECRET_MAX];
	struct message m;
	size_t len;
	bool done;

	if (fault)
		session_refuse(s, fault);
	/* The chain of a suite that nobody asked for can be read as well. */
	if (!suite || suite->kind == SUITE_TLS13)
		return read_chain(s, &m) && false;
	if (!keys_begin(&s->keys, suite))
		return session_fail(s);
	keys_note(&s->keys, s->hello.message, s->hello.len);
	keys_note(&s->keys, hello->header, sizeof(hello->header));
	keys_note(&s->keys, hello->body.data, hello->body.len);
	if (!read_chain(s, &m) || !read_rest(s, &m, secret, &len))
		return false;
	done = answer(s, (struct bytes){secret, len}, &reading) &&
	       read_finished(s, &reading);
	if (!s->records.reading.suite)
		protect_end(&reading);
	return done;
}
