/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Our field arithmetic and ECDSA on P-256 against mbedTLS's, on random input
 * (from a fixed seed) and at the edges.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <mbedtls/ecdsa.h>
#include <string.h>

#include "probe/verdict/field.h"
#include "probe/verdict/p256.h"

#define ROUNDS 300

static uint64_t seed = 88172645463325252u;

/* xorshift64: the same octets in every run. */
static int random_octets(void *state, unsigned char *out, size_t len)
{
	(void)state;
	for (size_t i = 0; i < len; i++) {
		seed ^= seed << 13;
		seed ^= seed >> 7;
		seed ^= seed << 17;
		out[i] = (unsigned char)(seed >> 24);
	}
	return 0;
}

/* 2^255 - 19: the field of Ed25519. */
static const struct field F = {
	.modulus = {{0xffffffffffffffed, 0xffffffffffffffff, 0xffffffffffffffff,
		     0x7fffffffffffffff}},
	.inverse = 0x86bca1af286bca1b,
	.square = {{0x5a4, 0, 0, 0}},
};

static void read_modulus(mbedtls_mpi *m)
{
	mbedtls_mpi_init(m);
	mbedtls_mpi_lset(m, 1);
	mbedtls_mpi_shift_l(m, 255);
	mbedtls_mpi_sub_int(m, m, 19);
}

static void compare(const struct field_element *ours, mbedtls_mpi *theirs,
		    const mbedtls_mpi *modulus)
{
	uint8_t a[FIELD_BYTES], b[FIELD_BYTES];

	field_write(&F, ours, a);
	mbedtls_mpi_mod_mpi(theirs, theirs, modulus);
	mbedtls_mpi_write_binary(theirs, b, sizeof(b));
	assert_memory_equal(a, b, sizeof(a));
}

static void numbers_agree_with_mbedtls(void **state)
{
	mbedtls_mpi m, a, b, c;

	(void)state;
	read_modulus(&m);
	mbedtls_mpi_init(&a);
	mbedtls_mpi_init(&b);
	mbedtls_mpi_init(&c);
	for (int i = 0; i < ROUNDS; i++) {
		struct field_element x, y, z;
		uint8_t octets[2][FIELD_BYTES];

		random_octets(NULL, octets[0], sizeof(octets));
		/* Edges: 0, 1, the modulus less 1, and runs of ones. */
		if (i % 5 == 0)
			memset(octets[i / 5 % 2], i % 2 ? 0xff : 0, 32);
		octets[0][0] &= 0x7f;
		octets[1][0] &= 0x7f;
		mbedtls_mpi_read_binary(&a, octets[0], FIELD_BYTES);
		mbedtls_mpi_read_binary(&b, octets[1], FIELD_BYTES);
		assert_int_equal(field_read(&F, &x, octets[0], FIELD_BYTES),
				 mbedtls_mpi_cmp_mpi(&a, &m) < 0);
		field_read(&F, &y, octets[1], FIELD_BYTES);
		field_multiply(&F, &z, &x, &y);
		mbedtls_mpi_mul_mpi(&c, &a, &b);
		compare(&z, &c, &m);
		field_add(&F, &z, &x, &y);
		mbedtls_mpi_add_mpi(&c, &a, &b);
		compare(&z, &c, &m);
		field_subtract(&F, &z, &x, &y);
		mbedtls_mpi_sub_mpi(&c, &a, &b);
		compare(&z, &c, &m);
		field_invert(&F, &z, &x);
		field_multiply(&F, &z, &z, &x);
		mbedtls_mpi_lset(&c, !field_is_zero(&x));
		compare(&z, &c, &m);
	}
	mbedtls_mpi_free(&c);
	mbedtls_mpi_free(&b);
	mbedtls_mpi_free(&a);
	mbedtls_mpi_free(&m);
}

struct pair {
	mbedtls_ecp_group group;
	mbedtls_mpi d, r, s;
	mbedtls_ecp_point q;
	uint8_t point[P256_POINT_BYTES];
};

static void pair_open(struct pair *p)
{
	mbedtls_ecp_group_init(&p->group);
	mbedtls_mpi_init(&p->d);
	mbedtls_mpi_init(&p->r);
	mbedtls_mpi_init(&p->s);
	mbedtls_ecp_point_init(&p->q);
	mbedtls_ecp_group_load(&p->group, MBEDTLS_ECP_DP_SECP256R1);
}

static void pair_close(struct pair *p)
{
	mbedtls_ecp_point_free(&p->q);
	mbedtls_mpi_free(&p->s);
	mbedtls_mpi_free(&p->r);
	mbedtls_mpi_free(&p->d);
	mbedtls_ecp_group_free(&p->group);
}

static void write_point(struct pair *p)
{
	size_t len;

	assert_int_equal(mbedtls_ecp_point_write_binary(
				 &p->group, &p->q, MBEDTLS_ECP_PF_UNCOMPRESSED,
				 &len, p->point, sizeof(p->point)),
			 0);
}

/* Both must say the same; returns what they say. */
static bool check(struct pair *p, const uint8_t *digest, size_t len)
{
	uint8_t r[40], s[40];
	bool ours, theirs;

	mbedtls_mpi_write_binary(&p->r, r, sizeof(r));
	mbedtls_mpi_write_binary(&p->s, s, sizeof(s));
	ours = p256_verify(p->point, (struct bytes){digest, len},
			   (struct bytes){r, sizeof(r)},
			   (struct bytes){s, sizeof(s)});
	theirs = !mbedtls_ecdsa_verify(&p->group, digest, len, &p->q, &p->r,
				       &p->s);
	assert_int_equal(ours, theirs);
	return ours;
}

static void signatures_agree_with_mbedtls(void **state)
{
	static const size_t lengths[] = {20, 32, 48, 64, 0, 1};
	struct pair p;

	(void)state;
	pair_open(&p);
	for (int i = 0; i < ROUNDS / 5; i++) {
		size_t len = lengths[(size_t)i % 6];
		uint8_t digest[64];

		random_octets(NULL, digest, sizeof(digest));
		mbedtls_ecp_gen_keypair(&p.group, &p.d, &p.q, random_octets,
					NULL);
		write_point(&p);
		assert_int_equal(mbedtls_ecdsa_sign(&p.group, &p.r, &p.s, &p.d,
						    digest, len, random_octets,
						    NULL),
				 0);
		assert_true(check(&p, digest, len));
		if (len)
			digest[len < 32 ? len - 1 : 31] ^= 1;
		else
			mbedtls_mpi_add_int(&p.r, &p.r, 1);
		assert_false(check(&p, digest, len));
	}
	pair_close(&p);
}

static void numbers_out_of_range_sign_nothing(void **state)
{
	uint8_t digest[32] = {1};
	struct pair p;

	(void)state;
	pair_open(&p);
	mbedtls_ecp_gen_keypair(&p.group, &p.d, &p.q, random_octets, NULL);
	write_point(&p);
	for (int i = 0; i < 25; i++) {
		mbedtls_mpi *n[] = {&p.r, &p.s};

		for (int j = 0; j < 2; j++) {
			int choice = j ? i / 5 : i % 5;

			mbedtls_mpi_lset(n[j], choice == 1);
			if (choice > 1)
				mbedtls_mpi_add_int(n[j], &p.group.N,
						    choice - 3);
		}
		assert_false(check(&p, digest, sizeof(digest)));
	}
	pair_close(&p);
}

/* Keys G and -G, where sums become doublings and infinity. */
static void exceptional_points_agree_with_mbedtls(void **state)
{
	struct pair p;
	unsigned valid = 0;

	(void)state;
	pair_open(&p);
	for (int i = 0; i < 40; i++) {
		uint8_t digest[32] = {0};

		mbedtls_ecp_copy(&p.q, &p.group.G);
		if (i % 2)
			mbedtls_mpi_sub_mpi(&p.q.MBEDTLS_PRIVATE(Y), &p.group.P,
					    &p.q.MBEDTLS_PRIVATE(Y));
		write_point(&p);
		/* r is the x of G, 2G or a digest of the same number. */
		mbedtls_mpi_copy(&p.r, &p.group.G.MBEDTLS_PRIVATE(X));
		mbedtls_mpi_copy(&p.s, &p.group.G.MBEDTLS_PRIVATE(X));
		if (i & 2)
			mbedtls_mpi_write_binary(&p.r, digest, 32);
		if (i & 4)
			mbedtls_mpi_lset(&p.s, i);
		if (i & 8)
			mbedtls_mpi_lset(&p.r, i);
		valid += check(&p, digest, sizeof(digest));
	}
	assert_true(valid > 0);
	pair_close(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_agree_with_mbedtls),
		cmocka_unit_test(signatures_agree_with_mbedtls),
		cmocka_unit_test(numbers_out_of_range_sign_nothing),
		cmocka_unit_test(exceptional_points_agree_with_mbedtls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
