/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Our ClientHello (RFC 8446 4.1.2). Probe process, sealed. Pure but for random
 * octets.
 */
#ifndef PROBE_CLIENT_HELLO_H
#define PROBE_CLIENT_HELLO_H

#include "common/limits.h"
#include "probe/tls/capture.h"
#include "probe/tls/keys.h"
#include "probe/verdict/x509/go_release.h"

struct client_hello {
	uint8_t random[HELLO_RANDOM_BYTES];
	uint8_t session[SESSION_ID_BYTES];
	size_t len;
	uint8_t message[HELLO_BYTES_MAX]; /* with its handshake header */
};

/* Draw what is the same in both ClientHellos of a connection. False: the kernel
 * gave no random octets. */
bool client_hello_begin(struct client_hello *hello);

/*
 * Write a ClientHello for the QUERY that offers TLS 1.3 and 1.2 at once as the
 * Go release GO in Docker does: the suites of Docker's classic path, Go's
 * groups but for ML-KEM, its signature schemes, the share of K, SNI for names
 * only. Like Docker's transports, no ALPN. The wider offer has all suites of
 * suites.h, and names X25519MLKEM768 so that a server which insists on it says
 * so. COOKIE is a HelloRetryRequest's, or empty. False: there is no room.
 */
bool client_hello_write(const struct capture_query *query, struct go_release go,
			const struct keys *k, struct bytes cookie,
			struct client_hello *hello);

/* Does GO name GROUP in supported_groups? The hybrids since 1.24 and 1.26, a
 * draft of the first in 1.23. */
bool client_hello_names(uint16_t group, struct go_release go);

/* Does it send a share of GROUP along, which we never do? */
bool client_hello_lacks_share(uint16_t group, struct go_release go);

/* Does GO offer SCHEME (RFC 8446 4.2.3)? */
bool client_hello_offers(uint16_t scheme, struct go_release go);

#endif
