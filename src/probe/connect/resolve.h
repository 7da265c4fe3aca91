/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a host to the addresses to try. Probe process, before the seal: libc's
 * resolver opens files and sockets. Connects to nothing but DNS servers.
 */
#ifndef PROBE_RESOLVE_H
#define PROBE_RESOLVE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/error.h"

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/*
 * The addresses of one name, port included, in the order to try them: the
 * resolver's (RFC 6724), with the families taking turns (RFC 8305 section 4).
 * COUNT were kept; TOTAL is how many the resolver gave (musl: at most 48).
 */
struct addresses {
	size_t count;
	size_t total;
	union address list[ADDRESSES_MAX];
};

/*
 * Fill OUT for HOST, a DNS name or an IP address without brackets, by way of
 * /etc/hosts, whatever the case, then libc's getaddrinfo: the servers of
 * /etc/resolv.conf, for HOST itself and below each domain that `search` names
 * there, until one has an address. That is Go's order and so Docker's; musl
 * does not look below them for a name with a dot, and stops at the first that
 * knows it without an address. An address is never asked of DNS, and where
 * resolv.conf names no server, or cannot be read, only /etc/hosts is (libc
 * would ask 127.0.0.1 instead). Fails with ERR_RESOLVE and says what each
 * server did, or with ERR_MEMORY; OUT is then empty.
 *
 * It may block as long as libc's resolver does where servers are silent
 * (musl: 5 s): DEADLINE_MS of clock_ms() bounds only how often that is done
 * again, and the search for a reason after that; the installer's SIGKILL is the
 * bound of the rest.
 */
MUST_CHECK enum err resolve_host(const char *host, uint16_t port,
				 int64_t deadline_ms, struct addresses *out,
				 struct failure *f);

/* Is one of FROM in 127.0.0.0/8, in either family, or ::1? */
bool resolve_finds_loopback(const struct addresses *from);

/* Write "198.51.100.10:443" or "[2001:db8::1]:443" to TEXT. */
void resolve_address_text(const union address *address,
			  char text[static ADDRESS_CHARS_MAX]);

#endif
