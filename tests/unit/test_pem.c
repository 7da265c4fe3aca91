/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PEM files, read as Go's AppendCertsFromPEM reads them. "TUVPVw==" is MEOW.
 */
#include "probe/verdict/x509/pem.h"
#include "support/unit.h"

#define BEGIN "-----BEGIN CERTIFICATE-----\n"
#define END   "-----END CERTIFICATE-----\n"

/* How many blocks hold MEOW? Fails if one holds anything else. */
static unsigned count(const char *file, struct go_release release)
{
	struct pem_search s = {.file = {(const uint8_t *)file, strlen(file)}};
	uint8_t out[64];
	struct bytes der;
	unsigned n = 0;

	while (pem_next(&s, release, out, sizeof(out), &der)) {
		assert_int_equal(der.len, 4);
		assert_memory_equal(der.data, "MEOW", 4);
		n++;
	}
	return n;
}

static void files_are_read_as_go_reads_them(void **state)
{
	static const struct {
		const char *file;
		unsigned before, since; /* Go 1.25 */
	} cases[] = {
		{"", 0, 0},
		{BEGIN "TUVPVw==\n" END, 1, 1},
		{BEGIN "TUVPVw==\n"
		       "-----END CERTIFICATE-----",
		 1, 1},
		{BEGIN "TUVPVw==\n" END BEGIN "TUVPVw==\n" END, 2, 2},
		{"-----BEGIN CERTIFICATE-----\r\nTUVP\r\nVw==\r\n"
		 "-----END CERTIFICATE-----\r\n",
		 1, 1},
		{"text\n" BEGIN "TUVPVw==\n" END "text", 1, 1},
		{BEGIN "T U\tVP\nVw\n=\n=\n" END, 1, 1},
		{"-----BEGIN CERTIFICATE----- \t\nTUVPVw==\n" END, 1, 1},
		{"x" BEGIN "TUVPVw==\n" END, 0, 0},
		{" " BEGIN "TUVPVw==\n" END, 0, 0},
		{"\xef\xbb\xbf" BEGIN "TUVPVw==\n" END BEGIN "TUVPVw==\n" END,
		 1, 1},
		{"-----BEGIN X509 CERTIFICATE-----\nTUVPVw==\n"
		 "-----END X509 CERTIFICATE-----\n",
		 0, 0},
		{"-----BEGIN TRUSTED CERTIFICATE-----\nTUVPVw==\n"
		 "-----END TRUSTED CERTIFICATE-----\n" BEGIN "TUVPVw==\n" END,
		 1, 1},
		{BEGIN "Proc-Type: 4\n\nTUVPVw==\n" END, 0, 0},
		{BEGIN "TUVPVw==\n-----END X-----\n" BEGIN "TUVPVw==\n" END, 1,
		 1},
		{BEGIN "TUVPVw==\n" BEGIN "TUVPVw==\n" END, 1, 1},
		{BEGIN "TUVPVw\n" END BEGIN "TUVPVw==\n" END, 1, 1},
		{BEGIN "TUVP=Vw=\n" END, 0, 0},
		{BEGIN "TUVPVw===\n" END, 0, 0},
		{BEGIN "TUVPVw==TUVP\n" END, 0, 0},
		{BEGIN "TUVP!w==\n" END, 0, 0},
		{BEGIN "TUVPVw==" END, 0, 0},
		{BEGIN "TUVPVw==\n-----END CERTIFICATE-----x\n" END, 0, 0},
		{BEGIN, 0, 0},
		{BEGIN "TUVPVw==\n", 0, 0},
		{"-----BEGIN CERTIFICATE----\nTUVPVw==\n" END BEGIN
		 "TUVPVw==\n" END,
		 1, 1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct go_release old = {GO_VERSION(24, 4), 0};

		print_message("# %zu\n", i);
		assert_int_equal(count(cases[i].file, old), cases[i].before);
		assert_int_equal(count(cases[i].file, go_newest()),
				 cases[i].since);
	}
}

static void an_empty_block_holds_nothing(void **state)
{
	struct pem_search s = {
		.file = {(const uint8_t *)BEGIN END, sizeof(BEGIN END) - 1}};
	uint8_t out[1];
	struct bytes der = {out, 1};

	(void)state;
	assert_true(pem_next(&s, go_newest(), out, 0, &der));
	assert_int_equal(der.len, 0);
	assert_false(pem_next(&s, go_newest(), out, 0, &der));
}

static void a_block_that_does_not_fit_is_left_out(void **state)
{
	struct pem_search s = {.file = {(const uint8_t *)BEGIN "TUVPVw==\n" END,
					sizeof(BEGIN "TUVPVw==\n" END) - 1}};
	uint8_t out[3];
	struct bytes der;

	(void)state;
	assert_false(pem_next(&s, go_newest(), out, sizeof(out), &der));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_read_as_go_reads_them),
		cmocka_unit_test(an_empty_block_holds_nothing),
		cmocka_unit_test(a_block_that_does_not_fit_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
