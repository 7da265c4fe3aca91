/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The request, its answer, and messages that come in between; see session.h.
 */
#include "probe/tls/session.h"

#include <string.h>

#include "common/limits.h"

static bool update_keys(struct session *s, bool of_ours_too)
{
	static const uint8_t no_answer = 0;

	if (of_ours_too) {
		/* What cannot be sent is noticed where it is missed. */
		(void)(session_put(s, HANDSHAKE_KEY_UPDATE,
				   (struct bytes){&no_answer, 1}) &&
		       records_flush(&s->records));
		if (!keys_update_write(&s->keys, &s->records))
			return session_fail(s);
	}
	if (!records_end_of_key(&s->records) && s->records.fault[0])
		return session_lose(s);
	return keys_update_read(&s->keys, &s->records) || session_fail(s);
}

/* A message in the place of data, as Go's handlePostHandshakeMessage. */
static bool heed_message(struct session *s)
{
	struct message m;

	if (!session_read(s, &m))
		return false;
	/* Go's HTTP overlooks such an error at some places of a header. */
	if (s->out->reply_len && m.type != HANDSHAKE_NEW_SESSION_TICKET &&
	    m.type != HANDSHAKE_KEY_UPDATE)
		return session_limit(s, "a message within its answer");
	if (s->records.version != TLS13)
		return m.type == HANDSHAKE_HELLO_REQUEST
			       ? session_refuse(s, "local error: tls: no "
						   "renegotiation")
			       : session_unexpected(s, &m, "helloRequestMsg");
	if (m.type != HANDSHAKE_NEW_SESSION_TICKET &&
	    m.type != HANDSHAKE_KEY_UPDATE)
		return session_unexpected(s, &m, NULL);
	if (++s->records.useless > USELESS_RECORDS_MAX)
		return session_refuse(s, "tls: too many non-advancing records");
	return m.type == HANDSHAKE_NEW_SESSION_TICKET ||
	       update_keys(s, m.body.data[0] == 1);
}

static bool next_piece(struct session *s, struct bytes *piece)
{
	while (!records_data(&s->records, piece)) {
		if (s->records.fault[0])
			return !s->records.over && session_lose(s);
		if (s->records.at == s->records.len || !heed_message(s))
			return false;
	}
	return true;
}

/* Is the header of an answer here, behind those of interim answers (1xx)? */
static bool has_header(struct bytes text)
{
	size_t len = bytes_header(text);

	while (len > 9 && text.data[9] == '1') {
		text = bytes_from(text, len);
		len = bytes_header(text);
	}
	return len != 0;
}

static void read_answer(struct session *s)
{
	struct capture *out = s->out;
	struct bytes piece;

	while (out->reply_len < sizeof(out->reply) &&
	       !has_header((struct bytes){(const uint8_t *)out->reply,
					  out->reply_len})) {
		size_t room = sizeof(out->reply) - out->reply_len;

		if (!next_piece(s, &piece))
			break;
		if (piece.len > room)
			piece.len = room;
		memcpy(out->reply + out->reply_len, piece.data, piece.len);
		out->reply_len += piece.len;
	}
}

/* see session.h */
void session_exchange(struct session *s)
{
	bool proven = s->out->possession;

	s->records.complete = true;
	if (s->query->request &&
	    !records_put(&s->records, RECORD_DATA, s->query->request,
			 strlen(s->query->request)))
		return;
	if (!records_flush(&s->records) || !s->query->request)
		return;
	read_answer(s);
	/* What the server does now takes back no proof. */
	s->out->possession = proven;
}
