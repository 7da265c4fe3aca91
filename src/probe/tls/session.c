/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages of the handshake; see session.h.
 */
#include "probe/tls/session.h"

#include <stdio.h>

#include "common/limits.h"
#include "probe/tls/explain.h"

/* see session.h */
bool session_refuse(struct session *s, const char *text)
{
	struct capture *out = s->out;

	if (out->end != CAPTURE_UNKNOWN || s->ours)
		return false;
	snprintf(out->refusal, sizeof(out->refusal), "%s", text);
	out->end = s->judged ? CAPTURE_REFUSED : CAPTURE_REFUSED_EARLY;
	out->possession = false;
	return false;
}

/* see session.h */
bool session_limit(struct session *s, const char *why)
{
	if (s->out->end == CAPTURE_UNKNOWN && !s->ours)
		s->ours = why;
	return false;
}

/* see session.h */
bool session_lose(struct session *s)
{
	bool proven = s->out->possession;

	if (!s->records.fault[0])
		return session_limit(s, "an internal error");
	session_refuse(s, s->records.fault);
	/* A server that misses a certificate of ours takes back no proof. */
	s->out->possession = proven && s->out->client_cert &&
			     s->records.alert != EXPLAIN_NO_ALERT;
	return false;
}

/* Take LEN bytes of a message into ROOM, the first SIZE of them; all count for
 * the transcript. */
static bool take(struct session *s, size_t len, uint8_t *room, size_t size)
{
	struct bytes piece;

	for (size_t at = 0; at < len; at += piece.len) {
		if (!records_take(&s->records, len - at, &piece))
			return session_lose(s);
		s->records.partial = true;
		keys_note(&s->keys, piece.data, piece.len);
		if (piece.len <= size && at <= size - piece.len)
			memcpy(room + at, piece.data, piece.len);
	}
	return true;
}

/* Go's limit for a message of TYPE: Certificate had none of its own before
 * 1.23, and has none before the ServerHello. */
static size_t limit_of(const struct session *s, uint8_t type)
{
	return type == HANDSHAKE_CERTIFICATE && s->records.version &&
			       s->go.version >= GO_VERSION(23, 0)
		       ? CHAIN_BYTES_MAX
		       : HANDSHAKE_MESSAGE_MAX;
}

/* A chain that Docker would not read is read all the same. */
static bool check_length(struct session *s, const struct message *m, size_t len)
{
	size_t most = limit_of(s, m->type);
	char text[REFUSAL_CHARS_MAX];
	bool is_chain = m->type == HANDSHAKE_CERTIFICATE &&
			s->out->presented.count == 0;

	if (len <= most)
		return true;
	snprintf(text, sizeof(text),
		 "tls: handshake message of length %zu bytes exceeds maximum "
		 "of %zu bytes",
		 len, most);
	session_refuse(s, text);
	if (is_chain && len <= CHAIN_BYTES_MAX)
		return true;
	s->too_long.len = len;
	s->too_long.most = most;
	s->too_long.certificate = is_chain;
	return false;
}

/* see session.h */
bool session_read(struct session *s, struct message *m)
{
	uint8_t *room = s->small;
	size_t size = sizeof(s->small), len;

	*m = (struct message){0};
	s->before_len = keys_transcript(&s->keys, s->before);
	if (!take(s, HANDSHAKE_HEADER_BYTES, m->header, sizeof(m->header)))
		return false;
	m->type = m->header[0];
	len = (size_t)m->header[1] << 16 | (size_t)m->header[2] << 8 |
	      m->header[3];
	if (!check_length(s, m, len))
		return false;
	if (m->type == HANDSHAKE_CERTIFICATE && s->out->presented.count == 0) {
		room = s->out->presented.storage;
		size = sizeof(s->out->presented.storage);
	}
	m->body = (struct bytes){room, len};
	m->whole = len <= size;
	if (!take(s, len, room, size))
		return false;
	s->records.partial = false;
	return true;
}

/* see session.h */
bool session_malformed(struct session *s)
{
	return session_refuse(s, s->go.version >= GO_VERSION(25, 0)
					 ? "local error: tls: error decoding "
					   "message"
					 : "local error: tls: unexpected "
					   "message");
}

static const char *go_message(uint8_t type, bool is13)
{
	switch (type) {
	case HANDSHAKE_HELLO_REQUEST:
		return "helloRequestMsg";
	case HANDSHAKE_CLIENT_HELLO:
		return "clientHelloMsg";
	case HANDSHAKE_SERVER_HELLO:
		return "serverHelloMsg";
	case HANDSHAKE_NEW_SESSION_TICKET:
		return is13 ? "newSessionTicketMsgTLS13"
			    : "newSessionTicketMsg";
	case HANDSHAKE_END_OF_EARLY_DATA:
		return "endOfEarlyDataMsg";
	case HANDSHAKE_ENCRYPTED_EXTENSIONS:
		return "encryptedExtensionsMsg";
	case HANDSHAKE_CERTIFICATE:
		return is13 ? "certificateMsgTLS13" : "certificateMsg";
	case HANDSHAKE_SERVER_KEY_EXCHANGE:
		return "serverKeyExchangeMsg";
	case HANDSHAKE_CERTIFICATE_REQUEST:
		return is13 ? "certificateRequestMsgTLS13"
			    : "certificateRequestMsg";
	case HANDSHAKE_SERVER_HELLO_DONE:
		return "serverHelloDoneMsg";
	case HANDSHAKE_CERTIFICATE_VERIFY:
		return "certificateVerifyMsg";
	case HANDSHAKE_CLIENT_KEY_EXCHANGE:
		return "clientKeyExchangeMsg";
	case HANDSHAKE_FINISHED:
		return "finishedMsg";
	case HANDSHAKE_CERTIFICATE_STATUS:
		return "certificateStatusMsg";
	case HANDSHAKE_KEY_UPDATE:
		return "keyUpdateMsg";
	default:
		return NULL;
	}
}

/* see session.h */
bool session_unexpected(struct session *s, const struct message *m,
			const char *name)
{
	const char *got = go_message(m->type, s->records.version == TLS13);
	char text[REFUSAL_CHARS_MAX];

	if (!got)
		return session_refuse(s,
				      "local error: tls: unexpected message");
	/* A form that is wrong comes first; where it takes no parser, it is
	 * looked at. */
	if ((m->type == HANDSHAKE_HELLO_REQUEST ||
	     m->type == HANDSHAKE_SERVER_HELLO_DONE ||
	     m->type == HANDSHAKE_END_OF_EARLY_DATA) &&
	    m->body.len)
		return session_malformed(s);
	snprintf(text, sizeof(text),
		 "tls: received unexpected handshake message of type *tls.%s "
		 "when waiting for *tls.%s",
		 got, name);
	return session_refuse(s, text);
}

/* see session.h */
bool session_put(struct session *s, uint8_t type, struct bytes body)
{
	uint8_t data[256];
	struct octets_out out = {data, sizeof(data), 0, false};

	octets_put_number(&out, type, 1);
	octets_put_number(&out, (uint32_t)body.len, 3);
	octets_put(&out, body.data, body.len);
	if (out.overflow ||
	    !records_put(&s->records, RECORD_HANDSHAKE, data, out.len))
		return session_limit(s, "an internal error");
	keys_note(&s->keys, data, out.len);
	return true;
}

/* see session.h */
bool session_keep_chain(struct session *s, const struct message *m, bool is13)
{
	struct presented *p = &s->out->presented;
	struct failure ignored;
	const char *why;

	why = proof_read_chain(m->body, is13, p);
	if (why) {
		p->count = 0;
		if (p->cut)
			return session_limit(s, "too many certificates");
		return *why ? session_refuse(s, why) : session_malformed(s);
	}
	s->has_leaf =
		p->count && certificate_parse(p->certs[0], s->go, &s->leaf,
					      &ignored) == ERR_OK;
	return true;
}

/* see session.h */
bool session_heed_proof(struct session *s, const struct proof *proof,
			struct bytes message)
{
	char why[REFUSAL_CHARS_MAX];

	/* What Docker says of the leaf is the verdict's. */
	if (!s->has_leaf)
		return session_limit(s, "its certificate cannot be read");
	if (!proof_check(proof, s->keys.suite, &s->leaf, s->go, message, why))
		return session_refuse(s, why);
	s->out->possession = s->out->end == CAPTURE_UNKNOWN;
	return true;
}
