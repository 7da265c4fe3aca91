/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ServerHello (RFC 8446 4.1.3) and EncryptedExtensions as Go's client reads
 * and checks them. Probe process. Pure.
 */
#ifndef PROBE_SERVER_HELLO_H
#define PROBE_SERVER_HELLO_H

#include "common/octets.h"
#include "probe/tls/protocol.h"
#include "probe/verdict/x509/go_release.h"

/* As it stands in the message: nothing is checked but its form. */
struct server_hello {
	uint16_t legacy_version;
	uint16_t version; /* of supported_versions; 0 without it */
	const uint8_t *random;
	struct bytes session;
	uint16_t suite;
	uint8_t compression;
	uint16_t group;	      /* of a key share */
	struct bytes share;   /* its key */
	uint16_t retry_group; /* of a key share without a key */
	struct bytes cookie;
	bool psk;
	bool staple, ticket, extended_master, renegotiable, timestamps;
	bool has_ech;
	struct bytes renegotiation;
	struct bytes protocol; /* of ALPN */
	struct bytes points;   /* formats */
};

/*
 * Read a ServerHello's BODY as Go does: false when it is malformed, which
 * includes an extension that comes twice; unknown ones are passed over. A
 * HelloRetryRequest has the same form, see server_hello_is_retry.
 */
bool server_hello_read(struct bytes body, struct go_release go,
		       struct server_hello *out);

/* RFC 8446 4.1.3: the random octets that make it a HelloRetryRequest. */
bool server_hello_is_retry(const struct server_hello *hello);

/* The version that it chose: TLS12, TLS13, or what Go refuses. */
uint16_t server_hello_version(const struct server_hello *hello);

/* What Go heeds of EncryptedExtensions. */
struct server_extensions {
	bool protocol; /* ALPN */
	bool quic, early_data;
};

/* Does LIST hold vectors of two octets of length, one at least and none of them
 * empty? Timestamps and authorities have this form, elsewhere too. */
bool server_hello_is_list(struct bytes list);

/* Read EncryptedExtensions as above. */
bool server_extensions_read(struct bytes body, struct go_release go,
			    struct server_extensions *out);

/*
 * What Go's client says of HELLO before it goes on, in its order, or NULL. With
 * TLS 1.3 and SESSION (what we sent) it must be echoed, with 1.2 it must not.
 * OFFERED: we offered its suite.
 */
const char *server_hello_fault(const struct server_hello *hello,
			       const uint8_t session[static SESSION_ID_BYTES],
			       bool offered, struct go_release go);

#endif
