/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages of the handshake; see session.h.
 */
#include "probe/tls/session.h"

#include <stdio.h>

#include "common/limits.h"
#include "probe/tls/explain.h"
#include "probe/tls/forms.h"

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
bool session_fail(struct session *s)
{
	return session_limit(s, "an internal error");
}

/* see session.h */
bool session_lose(struct session *s)
{
	bool proven = s->out->possession;

	if (!s->records.fault[0])
		return session_fail(s);
	session_refuse(s, s->records.fault);
	/* A server that misses a certificate of ours takes back no proof. */
	s->out->possession = proven && s->out->client_cert &&
			     s->records.alert != EXPLAIN_NO_ALERT;
	return false;
}

/* Take LEN bytes of a message into ROOM; they count for the transcript. */
static bool take(struct session *s, size_t len, uint8_t *room)
{
	struct bytes piece;

	for (size_t at = 0; at < len; at += piece.len) {
		if (!records_take(&s->records, len - at, &piece))
			return session_lose(s);
		s->records.partial = true;
		keys_note(&s->keys, piece.data, piece.len);
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
	struct presented *p = &s->out->presented;
	uint8_t *room = p->storage + s->chain_len;
	size_t size = sizeof(p->storage) - s->chain_len, len;

	*m = (struct message){0};
	s->before_len = keys_transcript(&s->keys, s->before);
	if (!take(s, HANDSHAKE_HEADER_BYTES, m->header))
		return false;
	m->type = m->header[0];
	len = (size_t)m->header[1] << 16 | (size_t)m->header[2] << 8 |
	      m->header[3];
	if (!check_length(s, m, len))
		return false;
	m->body = (struct bytes){room, len};
	if (len > size)
		return session_limit(s, "a long message behind a long chain");
	if (!take(s, len, room))
		return false;
	s->records.partial = false;
	return form_is_right(m->type, m->body, s->records.version, s->go) ||
	       session_malformed(s);
}

/* see session.h */
bool session_read_hello(struct session *s, struct message *m)
{
	if (!session_read(s, m))
		return false;
	if (m->type != HANDSHAKE_SERVER_HELLO)
		return session_unexpected(s, m, "serverHelloMsg");
	return server_hello_read(m->body, s->go, &s->server) ||
	       session_malformed(s);
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
		return session_fail(s);
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
	s->chain_len = m->body.len;
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
	switch (proof_check(proof, s->keys.suite, &s->leaf, s->go, message,
			    why)) {
	case PROOF_REFUSED:
		return session_refuse(s, why);
	case PROOF_UNCHECKED:
		return session_limit(s, "a key that cannot be checked here");
	case PROOF_HOLDS:
		break;
	}
	s->out->possession = s->out->end == CAPTURE_UNKNOWN;
	return true;
}
