/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One TLS handshake as Docker would begin it, for the certificates that the
 * server presents. Probe process, sealed. Judges nothing: any chain is taken,
 * and whether the server holds the leaf's key is told, not required.
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

struct capture {
	struct presented presented;
	uint16_t tls_version; /* 0x0303, 0x0304; 0 before ServerHello */
	uint16_t suite;	      /* IANA number; 0 before ServerHello */
	bool possession;      /* the server proved that it holds the key */
	bool client_cert;     /* it asked for a client certificate */
	bool needs_fallback;  /* TLS, but the handshake was not completed:
			       * without a chain, try fallback_capture */
	size_t reply_len;     /* of the answer to the request, header only */
	char reply[HTTP_HEADER_BYTES_MAX];
};

/*
 * Shake hands on FD (connected, non-blocking) until DEADLINE_MS of clock_ms,
 * with SNI when REGISTRY is a name, none for addresses, as Go does, and with
 * the TLS 1.2 suites of the release DOCKER (see suites.h; NULL: the newest);
 * then send REQUEST (may be NULL) and keep the header of what comes back.
 *
 * ERR_OK when at least the leaf was captured, even if the handshake or the
 * request failed later: a server that demands a client certificate ends it
 * then. Every certificate is kept raw, also those that mbedTLS cannot parse.
 *
 * ERR_TLS, ERR_TIMEOUT, ERR_CONNECT or ERR_LIMIT otherwise. Bytes read are
 * bounded by HANDSHAKE_BYTES_MAX, whatever the server sends.
 */
MUST_CHECK enum err capture_chain(int fd, const struct registry *registry,
				  const char *docker, const char *request,
				  int64_t deadline_ms, struct capture *out,
				  struct failure *f);

#endif
