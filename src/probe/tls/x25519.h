/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Key agreement on Curve25519 (RFC 7748) by HACL*, which stands in mbedTLS's
 * own tarball (3rdparty/everest), is verified for its results and its constant
 * time, and takes a quarter of what mbedTLS's bignums take. Probe process,
 * sealed. Pure.
 */
#ifndef PROBE_X25519_H
#define PROBE_X25519_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of a private key, a public key and a shared secret. */
#define X25519_BYTES 32

/* OUT is the public key of SECRET, which are any random octets. */
void x25519_public(const uint8_t secret[static X25519_BYTES],
		   uint8_t out[static X25519_BYTES]);

/*
 * OUT is the secret that SECRET shares with the owner of the public key PEER.
 * False for a key of low order: the secret is zero, and known to all (RFC 7748
 * 6.1).
 */
bool x25519_agree(const uint8_t secret[static X25519_BYTES],
		  const uint8_t peer[static X25519_BYTES],
		  uint8_t out[static X25519_BYTES]);

#endif
