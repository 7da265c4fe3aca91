/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What mbedTLS's TLS client hands over as certificates, called as it calls.
 */
#include "support/unit.h"

#include <mbedtls/x509_crt.h>

#include "common/limits.h"
#include "probe/tls/presented.h"

static struct presented presented; /* too large for a stack */
static uint8_t der[CHAIN_BYTES_MAX];

/* True when mbedTLS is told to go on. */
static bool hand_over(const uint8_t *data, size_t len)
{
	mbedtls_x509_crt crt;
	int ret;

	mbedtls_x509_crt_init(&crt);
	ret = mbedtls_x509_crt_parse_der(&crt, data, len);
	mbedtls_x509_crt_free(&crt);
	return ret == 0;
}

static void certificates_are_kept_in_order(void **state)
{
	(void)state;
	presented_collect(&presented);
	for (size_t i = 0; i < 5; i++)
		assert_true(hand_over(der + i, 100 + i));
	presented_collect(NULL);
	assert_int_equal(presented.count, 5);
	for (size_t i = 0; i < 5; i++)
		assert_true(bytes_equal(presented.certs[i],
					(struct bytes){der + i, 100 + i}));
	assert_false(presented.cut);
}

static void a_new_collection_begins_empty(void **state)
{
	(void)state;
	presented_collect(&presented);
	assert_int_equal(presented.count, 0);
	assert_true(hand_over(der, sizeof(der)));
	presented_collect(&presented);
	assert_true(hand_over(der, sizeof(der)));
	presented_collect(NULL);
	assert_int_equal(presented.count, 1);
	assert_int_equal(presented.certs[0].len, sizeof(der));
}

static void one_certificate_too_many_ends_it(void **state)
{
	(void)state;
	presented_collect(&presented);
	for (size_t i = 0; i < CHAIN_CERTS_MAX; i++)
		assert_true(hand_over(der, 1));
	assert_false(presented.cut);
	assert_false(hand_over(der, 1));
	presented_collect(NULL);
	assert_true(presented.cut);
	assert_int_equal(presented.count, CHAIN_CERTS_MAX);
}

static void one_byte_too_many_ends_it(void **state)
{
	(void)state;
	presented_collect(&presented);
	assert_true(hand_over(der, CHAIN_BYTES_MAX - 1));
	assert_false(hand_over(der, 2));
	assert_true(presented.cut);
	presented_collect(NULL);
	assert_int_equal(presented.count, 1);
}

static void nothing_is_kept_without_a_collection(void **state)
{
	(void)state;
	presented_collect(NULL);
	assert_false(hand_over(der, 100));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(certificates_are_kept_in_order),
		cmocka_unit_test(a_new_collection_begins_empty),
		cmocka_unit_test(one_certificate_too_many_ends_it),
		cmocka_unit_test(one_byte_too_many_ends_it),
		cmocka_unit_test(nothing_is_kept_without_a_collection),
	};

	for (size_t i = 0; i < sizeof(der); i++)
		der[i] = (uint8_t)(i * 131 >> 3);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
