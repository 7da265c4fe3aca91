/* SPDX-License-Identifier: Apache-2.0 */
/*
 * X25519: the vectors of RFC 7748, and that keys of low order are refused.
 */
#include "probe/tls/x25519.h"
#include "support/hex.h"
#include "support/unit.h"

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
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint8_t k[X25519_BYTES], p[X25519_BYTES];
		uint8_t want[X25519_BYTES], got[X25519_BYTES];

		hex_read(rows[i].scalar, k);
		hex_read(rows[i].point, p);
		hex_read(rows[i].product, want);
		assert_true(x25519_agree(k, p, got));
		assert_memory_equal(got, want, X25519_BYTES);
	}
}

/* RFC 7748 6.1. */
static void both_sides_share_one_secret(void **state)
{
	static const char *const secrets[] = {
		"77076d0a7318a57d3c16c17251b26645"
		"df4c2f87ebc0992ab177fba51db92c2a",
		"5dab087e624a8a4b79e17f8b83800ee6"
		"6f3bb1292618b6fd1c2f8b27ff88e0eb"};
	static const char *const publics[] = {
		"8520f0098930a754748b7ddcb43ef75a"
		"0dbf3a0d26381af4eba4a98eaa9b4e6a",
		"de9edb7d7b7dc1b4d35b61c2ece43537"
		"3f8343c85b78674dadfc7e146f882b4f"};
	static const char shared[] = "4a5d9d5ba4ce2de1728e3bf480350f25"
				     "e07e21c947d19e3376f09b3c1e161742";
	uint8_t want[X25519_BYTES], got[X25519_BYTES];

	(void)state;
	for (size_t i = 0; i < COUNT(secrets); i++) {
		uint8_t secret[X25519_BYTES], peer[X25519_BYTES];

		hex_read(secrets[i], secret);
		hex_read(publics[i], want);
		x25519_public(secret, got);
		assert_memory_equal(got, want, X25519_BYTES);
		hex_read(publics[!i], peer);
		hex_read(shared, want);
		assert_true(x25519_agree(secret, peer, got));
		assert_memory_equal(got, want, X25519_BYTES);
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
	uint8_t k[X25519_BYTES], p[X25519_BYTES], got[X25519_BYTES];

	(void)state;
	memset(k, 0x5a, sizeof(k));
	for (size_t i = 0; i < COUNT(points); i++) {
		hex_read(points[i], p);
		check(!x25519_agree(k, p, got), "%s", points[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_vectors_of_the_rfc_hold),
		cmocka_unit_test(both_sides_share_one_secret),
		cmocka_unit_test(points_of_low_order_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
