/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which way to a registry: straight, or through the HTTP proxy that Go would
 * use for it (golang.org/x/net/http/httpproxy), because Docker goes that way.
 * Pure: the caller reads the environment, nothing here opens anything.
 */
#ifndef PROBE_ROUTE_H
#define PROBE_ROUTE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/error.h"

/* Base64 of the credentials, with the NUL. */
#define ROUTE_AUTHORIZATION_SIZE ((PROXY_CREDENTIALS_MAX + 2) / 3 * 4 + 1)

/*
 * Where PROXIED, HOST and PORT are the proxy's and AUTHORIZATION is what
 * follows "Basic ", empty where the URL has no user. Else all is empty.
 */
struct route {
	bool proxied;
	char host[HOST_CHARS_MAX + 1];
	uint16_t port;
	char authorization[ROUTE_AUTHORIZATION_SIZE];
};

/*
 * Fill OUT for an https request to HOST (IPv6 without brackets) and PORT.
 * HTTPS_PROXY and NO_PROXY are the values of these variables, or of
 * https_proxy and no_proxy where the former are unset or empty (as Go; the
 * caller chooses); either may be NULL.
 *
 * NO_PROXY is read as Go 1.24.1 and later do: an entry for a domain never
 * matches an IP address. `localhost` and loopback addresses never take the
 * proxy. Entries that mean nothing are skipped without a word.
 *
 * Stricter than Go: a proxy URL that is malformed, or that is not http://
 * (https, socks5), fails with ERR_PROXY; Go goes straight on some of these
 * and to a host named "http" on others. The message never quotes the value,
 * which may hold a password. IDNA is not applied: names are compared as
 * ASCII.
 */
MUST_CHECK enum err route_choose(const char *https_proxy, const char *no_proxy,
				 const char *host, uint16_t port,
				 struct route *out, struct failure *f);

#endif
