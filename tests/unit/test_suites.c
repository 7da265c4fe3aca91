/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which cipher suites the releases of Docker offer on their classic path.
 */
#include "support/unit.h"

#include "probe/tls/suites.h"

enum { GCM = 0xc02f, CBC = 0xc013, CHACHA = 0xcca8, TLS13 = 0x1301 };

static const struct {
	const char *docker;
	bool cbc;
	bool chacha;
} rows[] = {
	{"20.10", true, false}, {"20.10.24", true, false},
	{"28", true, false},	{"28.5.2", true, false},
	{"29.0", false, false}, {"29.4.1", false, false},
	{"29.5", false, true},	{"29", false, true},
	{"29.7", false, true},	{"30", false, true},
	{NULL, false, true},
};

static void each_release_has_its_own_list(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *docker = rows[i].docker;

		assert_true(suites_offers(docker, GCM));
		assert_true(suites_offers(docker, TLS13));
		assert_int_equal(suites_offers(docker, CBC), rows[i].cbc);
		assert_int_equal(suites_offers(docker, CHACHA), rows[i].chacha);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_release_has_its_own_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
