/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fallback client: a TLS client that goes no further than the certificates
 * and the server's proof of possession, for servers that Docker takes and
 * mbedTLS's client does not: Certificate messages up to 256 KiB, Ed25519 leaf
 * keys, handshake headers in pieces. Probe process, sealed. Judges nothing.
 *
 * Nothing is authenticated but that signature, so no data may ever be
 * exchanged here: the caller gets no connection, only what was shown on it.
 */
#ifndef PROBE_FALLBACK_H
#define PROBE_FALLBACK_H

#include "probe/tls/capture.h"

/*
 * Capture the chain over FD as capture_chain does, on a connection of its own,
 * with the same limits and classes of failure. OUT's possession is true when
 * the leaf's key signed what this handshake alone has in it: in TLS 1.2 both
 * random values and the key exchange, in 1.3 the transcript. No request is
 * made: reply_len is 0.
 *
 * Go's limits are kept, and named when they are exceeded: CHAIN_BYTES_MAX for
 * Certificate, HANDSHAKE_MESSAGE_MAX for the rest, USELESS_RECORDS_MAX.
 *
 * Not checked: names, dates, chain; the server's Finished; that TLS 1.2 was
 * not forced upon a server that speaks 1.3.
 */
MUST_CHECK enum err fallback_capture(int fd, const struct registry *registry,
				     int64_t deadline_ms, struct capture *out,
				     struct failure *f);

#endif
