/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The handshake from hello to answer; see capture.h.
 */
#include "probe/tls/capture.h"

#include <stdio.h>
#include <string.h>

#include "common/clock.h"
#include "probe/tls/explain.h"
#include "probe/tls/session.h"

/* Everything as before a handshake; the header of an answer may be there still,
 * and has no length. */
static void clear(struct capture *out)
{
	out->presented.count = 0;
	out->presented.cut = false;
	out->tls_version = 0;
	out->suite = 0;
	out->possession = false;
	out->client_cert = false;
	out->asks_wider = false;
	out->end = CAPTURE_UNKNOWN;
	out->refusal[0] = '\0';
	out->reply_len = 0;
}

/* Docker's transport has given up by then. */
static void heed_clock(struct capture *out, int64_t took_ms)
{
	if (took_ms <= DOCKER_HANDSHAKE_MS)
		return;
	out->end = CAPTURE_REFUSED_EARLY;
	snprintf(out->refusal, sizeof(out->refusal),
		 "net/http: TLS handshake timeout");
}

static bool send_client_hello(struct session *s)
{
	const struct bytes no_cookie = {NULL, 0};

	/* Go, too, sends a share of this group alone, but for ML-KEM. */
	return (client_hello_begin(&s->hello) &&
		keys_make(&s->keys, GROUP_X25519) &&
		client_hello_write(s->query, s->go, &s->keys, no_cookie,
				   &s->hello) &&
		records_put(&s->records, RECORD_HANDSHAKE, s->hello.message,
			    s->hello.len) &&
		records_flush(&s->records)) ||
	       session_fail(s);
}

static bool read_server_hello(struct session *s, struct message *m)
{
	char text[REFUSAL_CHARS_MAX];
	uint16_t version;

	if (!session_read_hello(s, m))
		return false;
	version = server_hello_version(&s->server);
	snprintf(text, sizeof(text),
		 "tls: server selected unsupported protocol version %x",
		 version);
	if (version != TLS12 && version != TLS13)
		return session_refuse(s, text);
	s->records.version = version;
	s->out->tls_version = version;
	s->out->suite = s->server.suite;
	memcpy(s->server_random, s->server.random, sizeof(s->server_random));
	return true;
}

static bool handshake(struct session *s)
{
	struct message m;

	if (!send_client_hello(s) || !read_server_hello(s, &m))
		return false;
	return s->server.version == TLS13 ? session_run_13(s, &m)
					  : session_run_12(s, &m);
}

static void run(struct session *s, int64_t start_ms)
{
	struct capture *out = s->out;
	bool done = handshake(s);

	heed_clock(out, clock_ms() - start_ms);
	if (!done)
		return;
	session_exchange(s);
	/* Some readers have gone by now, and others have not. */
	if (clock_ms() - start_ms > DOCKER_REPLY_MS)
		out->reply_len = 0;
	if (out->end == CAPTURE_UNKNOWN && out->possession && !s->ours)
		out->end = CAPTURE_COMPLETED;
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
	return explain_handshake(&s->stream, s->records.alert,
				 *s->out->refusal ? s->out->refusal : s->ours,
				 f);
}

/* see capture.h */
enum err capture_chain(int fd, const struct capture_query *query,
		       int64_t deadline_ms, struct capture *out,
		       struct failure *f)
{
	struct session s;
	enum err err;

	memset(&s, 0, sizeof(s));
	s.query = query;
	s.go = suites_go(query->docker);
	s.out = out;
	clear(out);
	stream_begin(&s.stream, fd, deadline_ms, HANDSHAKE_BYTES_MAX);
	records_open(&s.records, &s.stream, s.go);
	keys_open(&s.keys);
	run(&s, clock_ms());
	err = out->presented.count ? ERR_OK : explain(&s, f);
	out->asks_wider = !query->wider && !out->tls_version &&
			  s.records.alert != EXPLAIN_NO_ALERT;
	records_end(&s.records);
	keys_close(&s.keys);
	records_close(&s.records);
	return err;
}
