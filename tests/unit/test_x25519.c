/* SPDX-License-Identifier: Apache-2.0 */
/*
 * X25519 behind mbedTLS's own functions: the vectors of RFC 7748, and what an
 * implementation by bignums refused must stay refused.
 */
#include "support/unit.h"

#include <mbedtls/ecp.h>
#include <stdlib.h>

#include "probe/tls/entropy.h"

#define KEY_BYTES 32

static void read_hex(const char *hex, uint8_t out[KEY_BYTES])
{
	for (size_t i = 0; i < KEY_BYTES; i++) {
		char octet[3] = {hex[2 * i], hex[2 * i + 1], '\0'};

		out[i] = (uint8_t)strtoul(octet, NULL, 16);
	}
}

/* SCALAR * POINT by the function with a restart context or by the other. */
static int multiply(const uint8_t scalar[KEY_BYTES],
		    const uint8_t point[KEY_BYTES], bool restartable,
		    uint8_t out[KEY_BYTES])
{
	mbedtls_ecp_keypair key;
	mbedtls_ecp_point at, result;
	mbedtls_ecp_group group;
	mbedtls_mpi k;
	size_t len;
	int ret;

	mbedtls_ecp_keypair_init(&key);
	mbedtls_ecp_point_init(&at);
	mbedtls_ecp_point_init(&result);
	mbedtls_ecp_group_init(&group);
	mbedtls_mpi_init(&k);
	assert_int_equal(
		mbedtls_ecp_group_load(&group, MBEDTLS_ECP_DP_CURVE25519), 0);
	assert_int_equal(
		mbedtls_ecp_point_read_binary(&group, &at, point, KEY_BYTES),
		0);
	/* Clamped, as mbedTLS keeps private keys. */
	assert_int_equal(mbedtls_ecp_read_key(MBEDTLS_ECP_DP_CURVE25519, &key,
					      scalar, KEY_BYTES),
			 0);
	assert_int_equal(mbedtls_mpi_copy(&k, &key.MBEDTLS_PRIVATE(d)), 0);
	ret = restartable
		      ? mbedtls_ecp_mul_restartable(&group, &result, &k, &at,
						    entropy_fill, NULL, NULL)
		      : mbedtls_ecp_mul(&group, &result, &k, &at, entropy_fill,
					NULL);
	if (!ret)
		assert_int_equal(mbedtls_ecp_point_write_binary(
					 &group, &result,
					 MBEDTLS_ECP_PF_UNCOMPRESSED, &len, out,
					 KEY_BYTES),
				 0);
	mbedtls_mpi_free(&k);
	mbedtls_ecp_group_free(&group);
	mbedtls_ecp_point_free(&result);
	mbedtls_ecp_point_free(&at);
	mbedtls_ecp_keypair_free(&key);
	return ret;
}

/* RFC 7748 5.2. */
static void the_vectors_of_the_rfc_hold(void **state)
{
	static const struct {
		const char *scalar, *point, *product;
	} rows[] = {
		{"a546e36bf0527c9d3b16154b82465edd"
		 "62144c0ac1fc5a18506a2244ba449ac4",
		 "e6db6867583030db3594c1a424b15f7c"
		 "726624ec26b3353b10a903a6d0ab1c4c",
		 "c3da55379de9c6908e94ea4df28d084f"
		 "32eccf03491c71f754b4075577a28552"},
		/* with the highest bit of the point set, which is ignored */
		{"4b66e9d4d1b4673c5ad22691957d6af5"
		 "c11b6421e0ea01d42ca4169e7918ba0d",
		 "e5210f12786811d3f4b7959d0538ae2c"
		 "31dbe7106fc03c3efc4cd549c715a493",
		 "95cbde9476e8907d7aade45cb4b873f8"
		 "8b595a68799fa152e6f8f7647aac7957"},
		/* the generator; 1 round of 5.2 */
		{"09000000000000000000000000000000"
		 "00000000000000000000000000000000",
		 "09000000000000000000000000000000"
		 "00000000000000000000000000000000",
		 "422c8e7a6227d7bca1350b3e2bb7279f"
		 "7897b87bb6854b783c60e80311ae3079"},
	};

	(void)state;
	for (size_t i = 0; i < 2 * COUNT(rows); i++) {
		uint8_t k[KEY_BYTES], p[KEY_BYTES];
		uint8_t want[KEY_BYTES], got[KEY_BYTES];

		read_hex(rows[i / 2].scalar, k);
		read_hex(rows[i / 2].point, p);
		read_hex(rows[i / 2].product, want);
		assert_int_equal(multiply(k, p, i % 2, got), 0);
		assert_memory_equal(got, want, KEY_BYTES);
	}
}

/* Those of which every product is zero: anybody would know the secret. */
static void points_of_low_order_are_refused(void **state)
{
	static const char *const points[] = {
		"00000000000000000000000000000000000000000000000000000000000000"
		"00",
		"01000000000000000000000000000000000000000000000000000000000000"
		"00",
		"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b8"
		"00",
		"5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f11"
		"57",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
		"7f",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
		"7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
		"7f",
	};
	uint8_t k[KEY_BYTES], p[KEY_BYTES], got[KEY_BYTES];

	(void)state;
	memset(k, 0x5a, sizeof(k));
	for (size_t i = 0; i < COUNT(points); i++) {
		read_hex(points[i], p);
		check(multiply(k, p, false, got) != 0, "%s", points[i]);
		check(multiply(k, p, true, got) != 0, "%s", points[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_vectors_of_the_rfc_hold),
		cmocka_unit_test(points_of_low_order_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
