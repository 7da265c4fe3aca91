/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words for handshakes that failed; see explain.h.
 */
#include "probe/tls/explain.h"

#include <string.h>

#include "common/escape.h"
#include "probe/tls/protocol.h"
#include "probe/tls/refusal.h"

static const char *alert_text(int alert)
{
	switch (alert) {
	case ALERT_HANDSHAKE_FAILURE:
		return "handshake failure: no common protocol, cipher suite, "
		       "group or signature scheme; Docker fails alike, unless "
		       "the server insists on X25519MLKEM768, which Docker "
		       "has since 28.5 and dtr-trust has not";
	case ALERT_PROTOCOL_VERSION:
		return "protocol version: it speaks neither TLS 1.2 nor 1.3";
	case ALERT_UNRECOGNIZED_NAME:
		return "unrecognized name: it does not serve this host name";
	case ALERT_INTERNAL_ERROR:
		return "internal error: it may have no certificate for "
		       "this name";
	case ALERT_ACCESS_DENIED:
		return "access denied";
	default:
		return "a fatal alert";
	}
}

static bool spoke_tls(const struct stream *s)
{
	return s->head_len &&
	       (s->head[0] == RECORD_HANDSHAKE || s->head[0] == RECORD_ALERT);
}

static bool head_is(const struct stream *s, const char *text)
{
	size_t len = strlen(text);

	return s->head_len >= len && !memcmp(s->head, text, len);
}

static enum err explain_protocol(const struct stream *s, const char *otherwise,
				 struct failure *f)
{
	char head[4 * STREAM_HEAD_BYTES + 1];

	if (head_is(s, "HTTP/"))
		return failure_set(f, ERR_TLS,
				   "the port speaks plain HTTP, not TLS "
				   "(Docker: server gave HTTP response to "
				   "HTTPS client)");
	if (head_is(s, "SSH-"))
		return failure_set(f, ERR_TLS, "the port speaks SSH, not TLS");
	if (s->head_len && !spoke_tls(s)) {
		escape_text(head, sizeof(head), s->head, s->head_len);
		return failure_set(f, ERR_TLS,
				   "the port does not speak TLS; it sent "
				   "\"%s\"",
				   head);
	}
	return failure_set(f, ERR_TLS, "the TLS handshake failed: %s",
			   otherwise);
}

/* see explain.h */
enum err explain_handshake(const struct stream *s, int alert,
			   const char *otherwise, struct failure *f)
{
	char words[REFUSAL_CHARS_MAX];

	if (s->timed_out)
		return failure_set(f, ERR_TIMEOUT,
				   s->head_len
					   ? "the TLS handshake did not finish"
					   : "connected, but the server said "
					     "nothing");
	if (s->exhausted)
		return failure_set(f, ERR_LIMIT,
				   "the server sent more than %d bytes "
				   "without finishing the handshake",
				   HANDSHAKE_BYTES_MAX);
	if (s->cause)
		return failure_set(f, ERR_CONNECT,
				   "the connection broke during the TLS "
				   "handshake: %s",
				   strerror(s->cause));
	if (s->ended && !s->head_len)
		return failure_set(f, ERR_TLS,
				   "the server closed the connection without "
				   "a word");
	if (alert != EXPLAIN_NO_ALERT) {
		refusal_of_alert(alert, words);
		return failure_set(f, ERR_TLS,
				   "the server refused the TLS handshake: %s "
				   "(Docker: %s)",
				   alert_text(alert), words);
	}
	if (s->ended)
		return failure_set(f, ERR_TLS,
				   "the server closed the connection in the "
				   "middle of the TLS handshake");
	return explain_protocol(s, otherwise, f);
}
