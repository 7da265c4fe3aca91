/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/tls/x25519.h"

/* HACL*'s own declaration, in a header that needs its others. It lacks const:
 * OUT alone is changed. */
void Hacl_Curve25519_crypto_scalarmult(uint8_t *out, uint8_t *secret,
				       uint8_t *point);

static void multiply(const uint8_t secret[static X25519_BYTES],
		     const uint8_t point[static X25519_BYTES],
		     uint8_t out[static X25519_BYTES])
{
	Hacl_Curve25519_crypto_scalarmult(out, (uint8_t *)(uintptr_t)secret,
					  (uint8_t *)(uintptr_t)point);
}

/* see x25519.h */
void x25519_public(const uint8_t secret[static X25519_BYTES],
		   uint8_t out[static X25519_BYTES])
{
	static const uint8_t generator[X25519_BYTES] = {9};

	multiply(secret, generator, out);
}

/* see x25519.h */
bool x25519_agree(const uint8_t secret[static X25519_BYTES],
		  const uint8_t peer[static X25519_BYTES],
		  uint8_t out[static X25519_BYTES])
{
	uint8_t any = 0;

	multiply(secret, peer, out);
	for (size_t i = 0; i < X25519_BYTES; i++)
		any |= out[i];
	return any != 0;
}
