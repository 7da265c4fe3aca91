/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a pin may be that names nothing on the server's path.
 */
#include "support/unit.h"

#include "installer/certs_d/ca_crt.h"
#include "installer/report/missed.h"

static struct outcome sent;

static struct fingerprint hash(const char *text)
{
	struct fingerprint fp;

	fingerprint_of(bytes_of(text), &fp);
	return fp;
}

static void send_chain(void)
{
	memset(&sent, 0, sizeof(sent));
	sent.cert_count = 3;
	sent.certs[0] = (struct wire_certificate){.der = bytes_of("leaf"),
						  .key_pin = hash("leaf key"),
						  .flags = WIRE_CERT_SENT};
	sent.certs[1] = (struct wire_certificate){.der = bytes_of("ca"),
						  .key_pin = hash("ca key"),
						  .flags = WIRE_CERT_SENT |
							   WIRE_CERT_CA};
	sent.certs[2] = (struct wire_certificate){.der = bytes_of("old"),
						  .key_pin = hash("old key"),
						  .flags = WIRE_CERT_INSTALLED};
}

static enum missed find(const char *hashed, size_t *index)
{
	struct fingerprint pin = hash(hashed);

	return missed_find(&pin, &sent, index);
}

#define CA_PEM "-----BEGIN CERTIFICATE-----\nY2E=\n-----END CERTIFICATE-----\n"

static void a_pin_is_recognised_for_what_it_is(void **state)
{
	char cut[] = CA_PEM;
	size_t index;

	(void)state;
	send_chain();
	assert_int_equal(find("ca", &index), MISSED_OFF_PATH);
	assert_int_equal(index, 1);
	assert_int_equal(find("ca key", &index), MISSED_KEY);
	assert_int_equal(index, 1);
	assert_int_equal(find("leaf key", &index), MISSED_KEY);
	assert_int_equal(index, 0);
	assert_int_equal(find(CA_PEM, &index), MISSED_PEM);
	assert_int_equal(index, 1);
	cut[strlen(cut) - 1] = '\0';
	assert_int_equal(find(cut, &index), MISSED_PEM);
}

static void where_no_root_is_sent_it_may_be_the_roots(void **state)
{
	size_t index;

	(void)state;
	send_chain();
	assert_int_equal(find("root", &index), MISSED_ROOT);
	assert_int_equal(index, 1);
	/* What is only installed was not sent. */
	assert_int_equal(find("old", &index), MISSED_ROOT);
	assert_int_equal(find("old key", &index), MISSED_ROOT);
	sent.certs[1].flags |= WIRE_CERT_SELF_SIGNED;
	assert_int_equal(find("root", &index), MISSED_UNKNOWN);
	sent.cert_count = 1;
	assert_int_equal(find("root", &index), MISSED_UNKNOWN);
}

static void what_could_not_be_parsed_has_no_key(void **state)
{
	size_t index;

	(void)state;
	send_chain();
	sent.certs[1].flags |= WIRE_CERT_UNPARSED;
	assert_int_not_equal(find("ca key", &index), MISSED_KEY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pin_is_recognised_for_what_it_is),
		cmocka_unit_test(where_no_root_is_sent_it_may_be_the_roots),
		cmocka_unit_test(what_could_not_be_parsed_has_no_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
