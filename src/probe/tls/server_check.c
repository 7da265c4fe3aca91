/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Go holds against a ServerHello; see server_hello.h.
 */
#include "probe/tls/server_hello.h"

#include "probe/tls/suites.h"

/* see server_hello.h */
bool server_hello_is_retry(const struct server_hello *hello)
{
	/* SHA-256 of "HelloRetryRequest" */
	static const uint8_t retry[HELLO_RANDOM_BYTES] = {
		0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11,
		0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
		0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e,
		0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

	return !memcmp(hello->random, retry, sizeof(retry));
}

/* see server_hello.h */
uint16_t server_hello_version(const struct server_hello *hello)
{
	return hello->version ? hello->version : hello->legacy_version;
}

static const char *fault_of_13(const struct server_hello *h, bool echoed,
			       struct go_release go)
{
	if (!h->version)
		return "tls: server selected TLS 1.3 using the legacy version "
		       "field";
	if (h->legacy_version != TLS12)
		return "tls: server sent an incorrect legacy version";
	if (h->staple || h->ticket || h->extended_master || h->renegotiable ||
	    h->protocol.len || h->timestamps)
		return "tls: server sent a ServerHello extension forbidden in "
		       "TLS 1.3";
	if (!echoed)
		return "tls: server did not echo the legacy session ID";
	if (!h->compression)
		return NULL;
	return go.version >= GO_VERSION(25, 0)
		       ? "tls: server sent non-zero legacy TLS compression "
			 "method"
		       : "tls: server selected unsupported compression format";
}

static const char *fault_of_12(const struct server_hello *h, bool echoed,
			       bool offered, struct go_release go)
{
	/* Those that a downgrade leaves: RFC 8446 4.1.3, "DOWNGRD" and one
	 * octet. */
	const uint8_t *end = h->random + HELLO_RANDOM_BYTES - 8;

	if (!memcmp(end, "DOWNGRD", 7) && end[7] <= 1)
		return "tls: downgrade attempt detected, possibly due to a "
		       "MitM attack or a broken middlebox";
	if (echoed && go.version >= GO_VERSION(25, 0))
		return "tls: server echoed TLS 1.3 compatibility session ID in "
		       "TLS 1.2";
	if (!offered || !suites_find(h->suite) ||
	    suites_find(h->suite)->kind == SUITE_TLS13)
		return "tls: server chose an unconfigured cipher suite";
	if (h->compression)
		return "tls: server selected unsupported compression format";
	if (h->points.len && !memchr(h->points.data, 0, h->points.len) &&
	    go.version >= GO_VERSION(25, 0))
		return "tls: server offered only incompatible point formats";
	if (h->renegotiation.len)
		return "tls: initial handshake had non-empty renegotiation "
		       "extension";
	if (h->protocol.len)
		return "tls: server advertised unrequested ALPN extension";
	return NULL;
}

/* see server_hello.h */
const char *server_hello_fault(const struct server_hello *hello,
			       const uint8_t session[static SESSION_ID_BYTES],
			       bool offered, struct go_release go)
{
	bool echoed = hello->session.len == SESSION_ID_BYTES &&
		      !memcmp(hello->session.data, session, SESSION_ID_BYTES);

	return server_hello_version(hello) == TLS13
		       ? fault_of_13(hello, echoed, go)
		       : fault_of_12(hello, echoed, offered, go);
}
