/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TLS 1.3 from the ServerHello on, in the order of Go's client; see session.h.
 */
#include "probe/tls/session.h"

static bool change_keys(struct session *s)
{
	const struct server_hello *h = &s->server;
	uint8_t secret[KEYS_SECRET_MAX];
	struct bytes shared = {secret, 0};

	if (h->cookie.len)
		session_refuse(s, "tls: server sent a cookie in a normal "
				  "ServerHello");
	if (h->retry_group)
		return session_refuse(s, "tls: malformed key_share extension");
	if (!h->group)
		return session_refuse(s,
				      "tls: server did not send a key share");
	/* Go had sent a share of it; we never do. */
	if (client_hello_lacks_share(h->group, s->go))
		return session_limit(s, SESSION_HYBRID);
	if (h->group != s->keys.group)
		return session_refuse(s,
				      "tls: server selected unsupported group");
	if (h->psk)
		session_refuse(s, "tls: server selected an invalid PSK");
	shared.len = keys_agree(&s->keys, h->share, secret);
	if (!shared.len)
		return session_refuse(s, "tls: invalid server key share");
	if (!records_end_of_key(&s->records))
		return session_lose(s);
	return (session_put_change(s) &&
		keys_handshake(&s->keys, shared, &s->records)) ||
	       session_fail(s);
}

static bool read_extensions(struct session *s)
{
	struct server_extensions e;
	struct message m;

	if (!session_read(s, &m))
		return false;
	if (m.type != HANDSHAKE_ENCRYPTED_EXTENSIONS)
		return session_unexpected(s, &m, "encryptedExtensionsMsg");
	if (!server_extensions_read(m.body, s->go, &e))
		return session_malformed(s);
	if (e.protocol)
		session_refuse(s, "tls: server advertised unrequested ALPN "
				  "extension");
	if (e.quic && s->go.version >= GO_VERSION(21, 0))
		session_refuse(s, "tls: server sent an unexpected "
				  "quic_transport_parameters extension");
	if (e.early_data)
		session_refuse(s, "tls: server sent an unexpected early_data "
				  "extension");
	return true;
}

static bool read_chain(struct session *s)
{
	struct message m;

	if (!session_read(s, &m))
		return false;
	if (m.type == HANDSHAKE_CERTIFICATE_REQUEST) {
		s->out->client_cert = true;
		if (!session_read(s, &m))
			return false;
	}
	if (m.type != HANDSHAKE_CERTIFICATE)
		return session_unexpected(s, &m, "certificateMsgTLS13");
	if (!session_keep_chain(s, &m, true))
		return false;
	if (!s->out->presented.count)
		return session_refuse(s, "tls: received empty certificates "
					 "message");
	s->judged = true;
	return true;
}

/* RFC 8446 4.4.3. */
static bool read_proof(struct session *s)
{
	static const char context[] = "TLS 1.3, server CertificateVerify";
	uint8_t data[64 + sizeof(context) + MBEDTLS_MD_MAX_SIZE];
	struct octets_out out = {data, sizeof(data), 0, false};
	struct proof proof;
	struct message m;

	if (!session_read(s, &m))
		return false;
	if (m.type != HANDSHAKE_CERTIFICATE_VERIFY)
		return session_unexpected(s, &m, "certificateVerifyMsg");
	if (!proof_read_13(m.body, &proof))
		return session_malformed(s);
	for (int i = 0; i < 64; i++)
		octets_put_number(&out, ' ', 1);
	octets_put(&out, context, sizeof(context)); /* with its NUL */
	octets_put(&out, s->before, s->before_len);
	return session_heed_proof(s, &proof, (struct bytes){data, out.len});
}

static bool read_finished(struct session *s)
{
	uint8_t wanted[MBEDTLS_MD_MAX_SIZE];
	struct message m;
	size_t len;

	if (!session_read(s, &m))
		return false;
	if (m.type != HANDSHAKE_FINISHED)
		return session_unexpected(s, &m, "finishedMsg");
	len = keys_finished(&s->keys, true,
			    (struct bytes){s->before, s->before_len}, wanted);
	if (!len)
		return session_fail(s);
	if (m.body.len != len || memcmp(m.body.data, wanted, len) != 0)
		return session_refuse(s, "tls: invalid server finished hash");
	if (!records_end_of_key(&s->records))
		return session_lose(s);
	return keys_read(&s->keys, &s->records) || session_fail(s);
}

static bool answer(struct session *s)
{
	/* No context, no certificate. */
	static const uint8_t nothing[4];
	uint8_t hash[MBEDTLS_MD_MAX_SIZE], finished[MBEDTLS_MD_MAX_SIZE];
	struct bytes transcript = {hash, 0};
	struct bytes body = {finished, 0};

	if (s->out->client_cert &&
	    !session_put(s, HANDSHAKE_CERTIFICATE,
			 (struct bytes){nothing, sizeof(nothing)}))
		return false;
	transcript.len = keys_transcript(&s->keys, hash);
	body.len = keys_finished(&s->keys, false, transcript, finished);
	if (!transcript.len || !body.len)
		return session_fail(s);
	return session_put(s, HANDSHAKE_FINISHED, body) &&
	       (keys_write(&s->keys, &s->records) || session_fail(s));
}

/* see session.h */
bool session_run_13(struct session *s, struct message *hello)
{
	if (!session_check_hello(s))
		return false;
	keys_note(&s->keys, s->hello.message, s->hello.len);
	if (server_hello_is_retry(&s->server)) {
		if (!session_retry(s, hello))
			return false;
	} else {
		keys_note(&s->keys, hello->header, sizeof(hello->header));
		keys_note(&s->keys, hello->body.data, hello->body.len);
	}
	return change_keys(s) && read_extensions(s) && read_chain(s) &&
	       read_proof(s) && read_finished(s) && answer(s);
}
