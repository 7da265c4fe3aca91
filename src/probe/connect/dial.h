/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A TCP connection to a host: RFC 8305 Happy Eyeballs over all its addresses.
 * Probe process, before the seal. Reads no byte from the peer.
 */
#ifndef PROBE_DIAL_H
#define PROBE_DIAL_H

#include <stdint.h>

#include "common/error.h"
#include "probe/connect/resolve.h"

/*
 * FD is connected, non-blocking, close-on-exec, with TCP_NODELAY; the caller
 * closes it. PEER is the address that answered.
 */
struct connection {
	int fd;
	bool has_loopback; /* among the addresses, see resolve.h */
	char peer[ADDRESS_CHARS_MAX];
};

/*
 * Resolve HOST and connect to the first of its addresses that answers: one
 * more is tried every DIAL_STAGGER_MS, at once where one failed, and all but
 * the first to answer are closed. DEADLINE_MS is of clock_ms(); it bounds the
 * connecting, not the resolving (see resolve_host). Fails as that does, or with
 * ERR_CONNECT (every address failed; each named with its reason) or
 * ERR_TIMEOUT (the deadline passed first); OUT->fd is then -1.
 */
MUST_CHECK enum err dial_open(const char *host, uint16_t port,
			      int64_t deadline_ms, struct connection *out,
			      struct failure *f);

/* The same for addresses that resolve_host gave; HOST is for the message. */
MUST_CHECK enum err dial_addresses(const struct addresses *from,
				   const char *host, int64_t deadline_ms,
				   struct connection *out, struct failure *f);

/* The same for one address, e.g. each of resolve_host's in turn. */
MUST_CHECK enum err dial_address(const union address *address,
				 int64_t deadline_ms, struct connection *out,
				 struct failure *f);

#endif
