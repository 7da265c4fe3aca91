/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One TLS handshake as Docker would begin it: the certificates that the server
 * presents, and what Docker's own client (Go's crypto/tls) makes of the
 * handshake. Probe process, sealed. Judges no certificate: any chain is taken.
 */
#ifndef PROBE_CAPTURE_H
#define PROBE_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/error.h"
#include "common/limits.h"
#include "common/registry.h"
#include "probe/tls/presented.h"
#include "probe/tls/refusal.h"

/* How the handshake ended, for somebody who means to speak for Docker. */
enum capture_end {
	/* Not completed, and not known how Docker would have fared: our own
	 * limit, or our deadline. Nothing may be said for Docker. */
	CAPTURE_UNKNOWN,
	/* Completed by the rules of Go: the leaf's key signed this handshake,
	 * and both Finished were right. */
	CAPTURE_COMPLETED,
	/* Docker fails with REFUSAL, whatever certificates it trusts. */
	CAPTURE_REFUSED_EARLY,
	/* Docker fails with REFUSAL once it has accepted the certificates: it
	 * judges them before it comes to this. */
	CAPTURE_REFUSED,
};

struct capture {
	struct presented presented;
	uint16_t tls_version; /* 0x0303, 0x0304; 0 before ServerHello */
	uint16_t suite;	      /* IANA number; 0 before ServerHello */
	bool possession;      /* the leaf's key signed this handshake, and we
			       * found nothing wrong in it */
	bool client_cert;     /* it asked for a client certificate: Docker
			       * has one if a pair is in the directory, we
			       * never do, so a REFUSAL may be ours alone */
	/* An alert came in the place of a ServerHello, and the offer was
	 * Docker's own: with a wider one more may be seen */
	bool asks_wider;
	enum capture_end end;
	/* Go's error text, without what net/http puts before it (or that of
	 * net/http itself, for a handshake that took too long); or empty */
	char refusal[REFUSAL_CHARS_MAX];
	/* Of the answer to the request, header only; 0 where it came later than
	 * Docker waits for it */
	size_t reply_len;
	char reply[HTTP_HEADER_BYTES_MAX];
};

/* Whom to ask, and as whom. */
struct capture_query {
	const struct registry *registry;
	const char *docker;  /* a release, "29.7"; NULL: the newest */
	const char *request; /* or NULL */
	/* Offer also what DOCKER's classic path does not (suites.h): what the
	 * server then chooses Docker may refuse, see suite */
	bool wider;
};

/*
 * Shake hands on FD (connected, non-blocking) until DEADLINE_MS of clock_ms as
 * Go's client does (TLS 1.3 and 1.2, SNI when the registry is a name, none for
 * addresses), then send the request and keep the header of what comes back.
 *
 * ERR_OK when at least the leaf was captured, even if the handshake or the
 * request failed; OUT's end says how. Every certificate is kept raw, readable
 * or not. ERR_TLS, ERR_TIMEOUT, ERR_CONNECT or ERR_LIMIT otherwise.
 *
 * Go's limits are kept, and named when they are exceeded: CHAIN_BYTES_MAX for
 * Certificate (64 KiB before Go 1.23: such a chain is captured, and refused),
 * HANDSHAKE_MESSAGE_MAX for the rest, USELESS_RECORDS_MAX; bytes read in all
 * are bounded by HANDSHAKE_BYTES_MAX, whatever the server sends.
 *
 * Unlike Go it has no group with ML-KEM: what a server makes of that alone is
 * CAPTURE_UNKNOWN, or its own alert. What breaks the answer is a refusal where
 * Go's TLS names it; a connection that ends is only no answer. Not checked:
 * names, dates, the chain, staples and timestamps.
 */
MUST_CHECK enum err capture_chain(int fd, const struct capture_query *query,
				  int64_t deadline_ms, struct capture *out,
				  struct failure *f);

#endif
