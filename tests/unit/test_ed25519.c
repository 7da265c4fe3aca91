/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ed25519: the vectors of RFC 8032 7.1, and that nothing near them passes.
 */
#include "probe/verdict/path/ed25519.h"
#include "support/hex.h"
#include "support/unit.h"

struct vector {
	const char *key, *message, *signature;
};

static const struct vector VECTORS[] = {
	{"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
	 "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
	 "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
	{"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
	 "72",
	 "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da0"
	 "85ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
	{"fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
	 "af82",
	 "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac1"
	 "8ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
};

static void the_vectors_of_rfc_8032_verify(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(VECTORS); i++) {
		uint8_t k[32], m[8], s[64];

		assert_true(ed25519_verify(hex_read(VECTORS[i].key, k),
					   hex_read(VECTORS[i].message, m),
					   hex_read(VECTORS[i].signature, s)));
	}
}

static void a_flipped_bit_fails(void **state)
{
	uint8_t k[32], m[8], s[64];
	struct bytes key = hex_read(VECTORS[1].key, k);
	struct bytes message = hex_read(VECTORS[1].message, m);
	struct bytes signature = hex_read(VECTORS[1].signature, s);

	(void)state;
	for (size_t i = 0; i < 64; i += 9) {
		s[i] ^= 1;
		assert_false(ed25519_verify(key, message, signature));
		s[i] ^= 1;
	}
	k[7] ^= 4;
	assert_false(ed25519_verify(key, message, signature));
	k[7] ^= 4;
	m[0] ^= 1;
	assert_false(ed25519_verify(key, message, signature));
}

static void s_is_below_the_order(void **state)
{
	/* The order, little-endian: s + order signs as well as s, but for
	 * the rule. */
	static const uint8_t order[32] = {
		0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,
		0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
		0,    0,    0,	  0,	0,    0,    0,	  0,
		0,    0,    0,	  0,	0,    0,    0,	  0x10};
	uint8_t k[32], m[8], s[64];
	struct bytes key = hex_read(VECTORS[0].key, k);
	struct bytes message = hex_read(VECTORS[0].message, m);
	struct bytes signature = hex_read(VECTORS[0].signature, s);
	unsigned carry = 0;

	(void)state;
	for (size_t i = 0; i < 32; i++) {
		carry += (unsigned)s[32 + i] + order[i];
		s[32 + i] = (uint8_t)carry;
		carry >>= 8;
	}
	assert_false(ed25519_verify(key, message, signature));
}

static void wrong_lengths_fail(void **state)
{
	uint8_t k[32], m[8], s[64];
	struct bytes key = hex_read(VECTORS[0].key, k);
	struct bytes message = hex_read(VECTORS[0].message, m);
	struct bytes signature = hex_read(VECTORS[0].signature, s);

	(void)state;
	signature.len--;
	assert_false(ed25519_verify(key, message, signature));
	signature.len++;
	key.len--;
	assert_false(ed25519_verify(key, message, signature));
}

static void a_key_off_the_curve_fails(void **state)
{
	uint8_t k[32] = {2}, s[64] = {0};

	(void)state;
	assert_false(ed25519_verify((struct bytes){k, 32}, (struct bytes){k, 0},
				    (struct bytes){s, 64}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_vectors_of_rfc_8032_verify),
		cmocka_unit_test(a_flipped_bit_fails),
		cmocka_unit_test(s_is_below_the_order),
		cmocka_unit_test(wrong_lengths_fail),
		cmocka_unit_test(a_key_off_the_curve_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
