/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words inside certificates: addresses, URIs, mailboxes, domains, moments,
 * and Go's quoting. What hosts they match is in test_go_verdicts.
 */
#include "probe/verdict/x509/address.h"
#include "probe/verdict/x509/domain.h"
#include "probe/verdict/x509/moment.h"
#include "probe/verdict/x509/uri.h"
#include "support/unit.h"

static char room[512], line[512];
static struct text out;

static const char *close_text(void)
{
	text_close(&out, line, sizeof(line));
	text_open(&out, room, sizeof(room));
	return line;
}

static int start(void **state)
{
	(void)state;
	text_open(&out, room, sizeof(room));
	return 0;
}

static void addresses_print_as_go_prints_them(void **state)
{
	static const struct {
		const char *in, *printed; /* NULL: refused */
	} cases[] = {
		{"10.0.0.5", "10.0.0.5"},
		{"::1", "::1"},
		{"::", "::"},
		{"2001:DB8:0:0:1::5", "2001:db8::1:0:0:5"},
		{"1:0:0:2:0:0:0:3", "1:0:0:2::3"},
		{"1:2:3:4:5:6:0:8", "1:2:3:4:5:6:0:8"},
		{"::ffff:10.0.0.5", "10.0.0.5"},
		{"::10.0.0.5", "::a00:5"},
		{"fe80::1%eth0", "fe80::1"},
		{"010.0.0.5", NULL},
		{"1.2.3", NULL},
		{"1.2.3.4.5", NULL},
		{"1.2.3.256", NULL},
		{"1..2.3", NULL},
		{"1.2.3.", NULL},
		{"", NULL},
		{"host", NULL},
		{":::", NULL},
		{"1::2::3", NULL},
		{"12345::", NULL},
		{"1:2:3:4:5:6:7", NULL},
		{"1:2:3:4:5:6:7:8:9", NULL},
		{"::1%", NULL},
		{"%eth0", NULL},
	};
	struct ip_address ip;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		bool valid = address_parse(bytes_of(cases[i].in), &ip, NULL);

		assert_int_equal(valid, cases[i].printed != NULL);
		if (!valid)
			continue;
		address_print(&out, (struct bytes){ip.octets, ip.len});
		assert_string_equal(close_text(), cases[i].printed);
	}
}

static void uris_are_refused_in_go_s_words(void **state)
{
	static const struct {
		const char *uri, *host, *why;
	} cases[] = {
		{"https://reg.example.com:5000/v2/", "reg.example.com:5000",
		 NULL},
		{"mailto:a@b", "", NULL},
		{"http://u:p@x/", "x", NULL},
		{"http://[::1]:80/", "[::1]:80", NULL},
		{"http://[bad", NULL,
		 "parse \"http://[bad\": missing ']' in host"},
		{"http://a b/", NULL,
		 "parse \"http://a b/\": invalid character \" \" in host "
		 "name"},
		{"http://x:80a/", NULL,
		 "parse \"http://x:80a/\": invalid port \":80a\" after host"},
		{"http://x/%zz", NULL,
		 "parse \"http://x/%zz\": invalid URL escape \"%zz\""},
		{"http://x#%zz", NULL,
		 "parse \"http://x#%zz\": invalid URL escape \"%zz\""},
		{"a:b", "", NULL},
		{":b", NULL, "parse \":b\": missing protocol scheme"},
		{"1:b/c", NULL,
		 "parse \"1:b/c\": first path segment in URL cannot contain "
		 "colon"},
		{"http://[1.2.3.4]/", NULL,
		 "parse \"http://[1.2.3.4]/\": invalid IP-literal"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char buffer[64];
		struct uri parts;
		struct text host;
		bool valid;

		text_open(&host, buffer, sizeof(buffer));
		valid = uri_parse(bytes_of(cases[i].uri), go_newest(), &parts,
				  &host, &out);
		assert_int_equal(valid, cases[i].why == NULL);
		assert_string_equal(close_text(), valid ? "" : cases[i].why);
		if (valid)
			assert_true(bytes_equal(text_bytes(&host),
						bytes_of(cases[i].host)));
	}
}

static void mailboxes_are_taken_apart(void **state)
{
	static const struct {
		const char *in, *local, *domain;
	} cases[] = {
		{"a@b.c", "a", "b.c"},	   {"\"q q\"@b", "q q", "b"},
		{"a\\@b@c", "a@b", "c"},   {"a.b@c", "a.b", "c"},
		{".a@c", NULL, NULL},	   {"a..b@c", NULL, NULL},
		{"a", NULL, NULL},	   {"@c", NULL, NULL},
		{"a b@c", NULL, NULL},	   {"a@c d", NULL, NULL},
		{"a@b@c", NULL, NULL},	   {"\"a@c", NULL, NULL},
		{"\"\\\"\"@c", "\"", "c"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bytes domain;
		bool valid = domain_of_mailbox(bytes_of(cases[i].in),
					       go_newest(), &out, &domain);

		assert_int_equal(valid, cases[i].local != NULL);
		if (valid) {
			assert_string_equal(close_text(), cases[i].local);
			assert_true(
				bytes_equal(domain, bytes_of(cases[i].domain)));
		}
		close_text();
	}
}

static void domains_are_as_strict_as_the_release(void **state)
{
	const struct go_release old = {GO_VERSION(22, 12), 22};
	const struct go_release strict = {GO_VERSION(24, 8), 24};
	char label[65] = "";

	(void)state;
	assert_true(domain_is_valid(bytes_of("a.b"), false, go_newest()));
	assert_false(domain_is_valid(bytes_of("a.b."), false, go_newest()));
	assert_false(domain_is_valid(bytes_of("a..b"), false, old));
	assert_true(domain_is_valid(bytes_of(".a"), false, old));
	assert_false(domain_is_valid(bytes_of(".a"), false, go_newest()));
	assert_true(domain_is_valid(bytes_of(".a"), true, go_newest()));
	assert_true(domain_is_valid(bytes_of("."), true, old));
	assert_false(domain_is_valid(bytes_of("."), true, go_newest()));
	assert_true(domain_is_valid(bytes_of(""), false, go_newest()));
	assert_false(domain_is_valid(bytes_of(""), false, strict));
	memset(label, 'a', 64);
	assert_true(domain_is_valid(bytes_of(label), false, go_newest()));
	assert_false(domain_is_valid(bytes_of(label), false, strict));
}

static const char *read_time(uint8_t tag, const char *text)
{
	uint8_t der[64] = {tag, (uint8_t)strlen(text)};
	struct bytes in = {der, 2 + strlen(text)};
	struct moment m;

	memcpy(der + 2, text, strlen(text));
	if (moment_read(&in, true, &m, &out))
		moment_print(&out, m);
	return close_text();
}

static void times_are_read_and_printed_with_their_zone(void **state)
{
	static const char utc[] = "x509: malformed UTCTime";
	static const char general[] = "x509: malformed GeneralizedTime";

	(void)state;
	assert_string_equal(read_time(0x17, "340101000000Z"),
			    "2034-01-01T00:00:00Z");
	assert_string_equal(read_time(0x17, "3401010000Z"),
			    "2034-01-01T00:00:00Z");
	assert_string_equal(read_time(0x17, "500229000000Z"), utc);
	assert_string_equal(read_time(0x17, "520229000000Z"),
			    "1952-02-29T00:00:00Z");
	assert_string_equal(read_time(0x17, "490101000000Z"),
			    "2049-01-01T00:00:00Z");
	assert_string_equal(read_time(0x17, "260101003000+0130"),
			    "2026-01-01T00:30:00+01:30");
	assert_string_equal(read_time(0x17, "260101003000-0030"),
			    "2026-01-01T00:30:00-00:30");
	assert_string_equal(read_time(0x17, "260101003000+0000"), utc);
	assert_string_equal(read_time(0x17, "261301000000Z"), utc);
	assert_string_equal(read_time(0x18, "99991231235959Z"),
			    "9999-12-31T23:59:59Z");
	assert_string_equal(read_time(0x18, "00000101000000Z"),
			    "0000-01-01T00:00:00Z");
	assert_string_equal(read_time(0x18, "19000229000000Z"), general);
	assert_string_equal(read_time(0x18, "20340101000000.5Z"), general);
	assert_string_equal(read_time(0x0c, "340101000000Z"),
			    "x509: unsupported time format");
}

static void quoting_is_go_s(void **state)
{
	(void)state;
	text_add_quoted(&out, bytes_of("a\"b\\c\n\x01\x7f\xc2\xad\xff"));
	assert_string_equal(close_text(),
			    "\"a\\\"b\\\\c\\n\\x01\\x7f\\u00ad\\xff\"");
	text_add_quoted(&out, bytes_of("\xc3\xa9"));
	assert_string_equal(close_text(), "\"\\xc3\\xa9\"");
}

static void a_text_that_is_too_long_is_cut(void **state)
{
	char small[16];
	struct text t;

	(void)state;
	text_open(&t, small, sizeof(small));
	text_add(&t, "0123456789abcdefghij");
	text_close(&t, line, sizeof(line));
	assert_string_equal(line, "0123456789abcdef...");
	text_close(&t, line, 8);
	assert_string_equal(line, "0123...");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(addresses_print_as_go_prints_them,
				       start),
		cmocka_unit_test_setup(uris_are_refused_in_go_s_words, start),
		cmocka_unit_test_setup(mailboxes_are_taken_apart, start),
		cmocka_unit_test_setup(domains_are_as_strict_as_the_release,
				       start),
		cmocka_unit_test_setup(
			times_are_read_and_printed_with_their_zone, start),
		cmocka_unit_test_setup(quoting_is_go_s, start),
		cmocka_unit_test_setup(a_text_that_is_too_long_is_cut, start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
