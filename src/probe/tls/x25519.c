/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Key agreement on Curve25519 by HACL*, which stands in mbedTLS's own tarball
 * (3rdparty/everest) and is verified for its results and its constant time.
 *
 * The linker puts these functions in the place of the two that every product
 * of a point goes through (--wrap, see Makefile); other curves pass on. Probe
 * process, sealed. Pure: nothing is blinded, so the random source stays unused.
 */
#include <mbedtls/ecp.h>
#include <mbedtls/platform_util.h>
#include <stdbool.h>

#define KEY_BYTES 32

/* HACL*'s own declaration lacks const; it changes OUT alone. */
void Hacl_Curve25519_crypto_scalarmult(uint8_t *out, uint8_t *secret,
				       uint8_t *point);

int __real_mbedtls_ecp_mul_restartable(
	mbedtls_ecp_group *group, mbedtls_ecp_point *out,
	const mbedtls_mpi *scalar, const mbedtls_ecp_point *point,
	int (*random)(void *, unsigned char *, size_t), void *context,
	mbedtls_ecp_restart_ctx *restart);
int __wrap_mbedtls_ecp_mul_restartable(
	mbedtls_ecp_group *group, mbedtls_ecp_point *out,
	const mbedtls_mpi *scalar, const mbedtls_ecp_point *point,
	int (*random)(void *, unsigned char *, size_t), void *context,
	mbedtls_ecp_restart_ctx *restart);
int __wrap_mbedtls_ecp_mul(mbedtls_ecp_group *group, mbedtls_ecp_point *out,
			   const mbedtls_mpi *scalar,
			   const mbedtls_ecp_point *point,
			   int (*random)(void *, unsigned char *, size_t),
			   void *context);

static bool is_zero(const uint8_t key[KEY_BYTES])
{
	uint8_t any = 0;

	for (size_t i = 0; i < KEY_BYTES; i++)
		any |= key[i];
	return any == 0;
}

/* OUT = SCALAR * POINT, affine, as mbedTLS's own function leaves it. That one
 * refuses the points of low order beforehand, of which every product is zero
 * (RFC 7748 6.1); no other point has such a product. */
static int multiply(const mbedtls_ecp_group *group, mbedtls_ecp_point *out,
		    const mbedtls_mpi *scalar, const mbedtls_ecp_point *point)
{
	uint8_t secret[KEY_BYTES], base[KEY_BYTES], result[KEY_BYTES];
	size_t len;
	int ret = mbedtls_mpi_write_binary_le(scalar, secret, KEY_BYTES);

	if (!ret)
		ret = mbedtls_ecp_point_write_binary(
			group, point, MBEDTLS_ECP_PF_UNCOMPRESSED, &len, base,
			KEY_BYTES);
	if (!ret) {
		Hacl_Curve25519_crypto_scalarmult(result, secret, base);
		ret = is_zero(result) ? MBEDTLS_ERR_ECP_INVALID_KEY
				      : mbedtls_mpi_read_binary_le(
						&out->MBEDTLS_PRIVATE(X),
						result, KEY_BYTES);
	}
	if (!ret)
		ret = mbedtls_mpi_lset(&out->MBEDTLS_PRIVATE(Z), 1);
	mbedtls_platform_zeroize(secret, KEY_BYTES);
	mbedtls_platform_zeroize(result, KEY_BYTES);
	return ret;
}

int __wrap_mbedtls_ecp_mul_restartable(
	mbedtls_ecp_group *group, mbedtls_ecp_point *out,
	const mbedtls_mpi *scalar, const mbedtls_ecp_point *point,
	int (*random)(void *, unsigned char *, size_t), void *context,
	mbedtls_ecp_restart_ctx *restart)
{
	if (group->id == MBEDTLS_ECP_DP_CURVE25519)
		return multiply(group, out, scalar, point);
	return __real_mbedtls_ecp_mul_restartable(group, out, scalar, point,
						  random, context, restart);
}

int __wrap_mbedtls_ecp_mul(mbedtls_ecp_group *group, mbedtls_ecp_point *out,
			   const mbedtls_mpi *scalar,
			   const mbedtls_ecp_point *point,
			   int (*random)(void *, unsigned char *, size_t),
			   void *context)
{
	return __wrap_mbedtls_ecp_mul_restartable(group, out, scalar, point,
						  random, context, NULL);
}
