/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HelloRetryRequest, and what it has alike with a ServerHello of TLS 1.3; see
 * session.h.
 */
#include "probe/tls/session.h"

/* see session.h */
bool session_check_hello(struct session *s)
{
	const struct suite *suite = suites_find(s->server.suite);
	const char *fault =
		server_hello_fault(&s->server, s->hello.session, true, s->go);

	if (fault)
		session_refuse(s, fault);
	if (s->keys.suite && suite != s->keys.suite)
		return session_refuse(s, "tls: server changed cipher suite "
					 "after a HelloRetryRequest");
	if (!suite || suite->kind != SUITE_TLS13)
		return session_refuse(s, "tls: server chose an unconfigured "
					 "cipher suite");
	return s->keys.suite || keys_begin(&s->keys, suite) || session_fail(s);
}

/* What Go says of a HelloRetryRequest that it will not follow, or NULL; then a
 * group that is not ours is left to be seen. */
static const char *fault_of_retry(const struct session *s)
{
	const struct server_hello *h = &s->server;

	if (h->has_ech && s->go.version >= GO_VERSION(23, 0))
		return s->go.version < GO_VERSION(24, 0)
			       ? "tls: unexpected ECH extension in serverHello"
			       : "tls: unexpected encrypted client hello "
				 "extension in serverHello";
	if (!h->retry_group && !h->cookie.len)
		return "tls: server sent an unnecessary HelloRetryRequest "
		       "message";
	if (h->group)
		return "tls: received malformed key_share extension";
	if (!h->retry_group)
		return NULL;
	if (h->retry_group == s->keys.group ||
	    (!s->query->wider &&
	     client_hello_lacks_share(h->retry_group, s->go)))
		return "tls: server sent an unnecessary HelloRetryRequest "
		       "key_share";
	return keys_knows(h->retry_group) ||
			       client_hello_names(h->retry_group, s->go) ||
			       s->query->wider
		       ? NULL
		       : "tls: server selected unsupported group";
}

/* see session.h */
bool session_put_change(struct session *s)
{
	static const uint8_t change = 1;

	if (s->changed)
		return true;
	s->changed = true;
	return records_put(&s->records, RECORD_CCS, &change, 1);
}

/* see session.h */
bool session_retry(struct session *s, struct message *m)
{
	const char *fault = fault_of_retry(s);

	if (fault)
		return session_refuse(s, fault);
	if (s->server.retry_group && !keys_knows(s->server.retry_group))
		return session_limit(s, SESSION_HYBRID);
	if (!keys_retry(&s->keys))
		return session_fail(s);
	keys_note(&s->keys, m->header, sizeof(m->header));
	keys_note(&s->keys, m->body.data, m->body.len);
	if (s->server.retry_group &&
	    !keys_make(&s->keys, s->server.retry_group))
		return session_fail(s);
	if (!client_hello_write(s->query, s->go, &s->keys, s->server.cookie,
				&s->hello))
		return session_limit(s,
				     "a cookie that is too long for dtr-trust");
	if (!session_put_change(s) ||
	    !records_put(&s->records, RECORD_HANDSHAKE, s->hello.message,
			 s->hello.len) ||
	    !records_flush(&s->records))
		return session_fail(s);
	keys_note(&s->keys, s->hello.message, s->hello.len);
	if (!session_read_hello(s, m))
		return false;
	if (s->server.version != TLS13)
		return session_refuse(
			s, s->server.version
				   ? "tls: server selected an invalid version "
				     "after a HelloRetryRequest"
				   : "tls: server selected TLS 1.3 using the "
				     "legacy version field");
	if (!session_check_hello(s))
		return false;
	return !server_hello_is_retry(&s->server) ||
	       session_refuse(s, "tls: server sent two HelloRetryRequest "
				 "messages");
}
