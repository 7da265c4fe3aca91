/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way through an HTTP proxy: one CONNECT and its reply. Probe process,
 * after the seal: sends, receives and polls on the connected socket, and does
 * nothing else.
 */
#ifndef PROBE_PROXY_H
#define PROBE_PROXY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/error.h"
#include "common/limits.h"
#include "probe/connect/route.h"

/* Whom a proxy is asked for. HOST is a registry's, without brackets: not
 * checked here for bytes that would end a header line. */
struct proxy_target {
	const char *host;
	uint16_t port;
};

/* `host:port` with the brackets of an IPv6 address, as CONNECT asks for it. */
#define PROXY_TARGET_SIZE (HOST_CHARS_MAX + sizeof("[]:65535"))
void proxy_target_print(struct proxy_target to,
			char out[static PROXY_TARGET_SIZE]);

/*
 * Ask the proxy of ROUTE, connected non-blocking at FD, for a tunnel to
 * TARGET. After ERR_OK the next byte on FD is the registry's. DEADLINE_MS is
 * of clock_ms(). Otherwise fails with ERR_PROXY (not HTTP, a status that is
 * not 200, closed), ERR_LIMIT or ERR_TIMEOUT; FD is then of no more use, and
 * stays the caller's to close.
 */
MUST_CHECK enum err proxy_open(int fd, const struct route *route,
			       struct proxy_target target, int64_t deadline_ms,
			       struct failure *f);

/*
 * Judge REPLY, everything that the proxy has sent so far. Pure; for
 * proxy_open and its fuzzer. DONE says whether the verdict is final: it is as
 * soon as the bytes cannot become an HTTP/1 reply, the status line and the
 * header are whole, or PROXY_REPLY_MAX is reached.
 *
 * Only the status line is read. Of 2xx it must be 200, as for Go, where any
 * would do for RFC 9110. Bytes after the header of that are refused, since a
 * TLS server never speaks first (Go drops them). Not checked: the rest of the
 * header (RFC 9110 9.3.6: it has no meaning in such a reply to CONNECT).
 */
MUST_CHECK enum err proxy_judge(struct bytes reply, const struct route *route,
				struct proxy_target target, bool *done,
				struct failure *f);

#endif
