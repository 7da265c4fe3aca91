/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The grammar of a registry: what is read from each accepted text, and that
 * everything else is refused in words that show it.
 */
#include "support/unit.h"

#include "common/registry.h"

#define X10 "xxxxxxxxxx"
#define X60 X10 X10 X10 X10 X10 X10
#define X63 X60 "xxx"
/* 253 characters: 63 + 1 + 63 + 1 + 63 + 1 + 61. */
#define NAME_253 X63 "." X63 "." X63 "." X60 "x"

static enum err parse(const char *text, struct registry *out, struct failure *f)
{
	return registry_parse(text, strlen(text), out, f);
}

static struct registry parsed(const char *text)
{
	struct registry r;
	struct failure f = {0};

	check(parse(text, &r, &f) == ERR_OK, "%s: %s", text, f.detail);
	return r;
}

struct accepted {
	const char *text;
	const char *reference;
	const char *host;
	uint16_t port;
	enum registry_kind kind;
};

static void check_accepted(const struct accepted *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct accepted *row = &rows[i];
		struct registry r = parsed(row->text);

		assert_string_equal(r.reference, row->reference);
		assert_string_equal(r.host, row->host);
		check(r.port == row->port, "%s: port %u", row->text, r.port);
		check(r.kind == row->kind, "%s: kind %d", row->text,
		      (int)r.kind);
	}
}

static void names_are_kept_letter_for_letter(void **state)
{
	static const struct accepted rows[] = {
		{"reg", "reg", "reg", 443, REGISTRY_NAME},
		{"r", "r", "r", 443, REGISTRY_NAME},
		{"reg.example.com", "reg.example.com", "reg.example.com", 443,
		 REGISTRY_NAME},
		{"Reg.Example.COM:5000", "Reg.Example.COM:5000",
		 "Reg.Example.COM", 5000, REGISTRY_NAME},
		{"reg:443", "reg:443", "reg", 443, REGISTRY_NAME},
		{"reg:1", "reg:1", "reg", 1, REGISTRY_NAME},
		{"reg:65535", "reg:65535", "reg", 65535, REGISTRY_NAME},
		{"localhost:5000", "localhost:5000", "localhost", 5000,
		 REGISTRY_NAME},
		{"a-b.c-d", "a-b.c-d", "a-b.c-d", 443, REGISTRY_NAME},
		{"a--b", "a--b", "a--b", 443, REGISTRY_NAME},
		{"1reg", "1reg", "1reg", 443, REGISTRY_NAME},
		{"10.reg", "10.reg", "10.reg", 443, REGISTRY_NAME},
		{"1.2.3.4.example", "1.2.3.4.example", "1.2.3.4.example", 443,
		 REGISTRY_NAME},
		{"xn--bcher-kva.example", "xn--bcher-kva.example",
		 "xn--bcher-kva.example", 443, REGISTRY_NAME},
		{X63 ".x", X63 ".x", X63 ".x", 443, REGISTRY_NAME},
		{NAME_253, NAME_253, NAME_253, 443, REGISTRY_NAME},
		{NAME_253 ":5", NAME_253 ":5", NAME_253, 5, REGISTRY_NAME},
	};

	(void)state;
	check_accepted(rows, COUNT(rows));
}

static void addresses_are_told_from_names(void **state)
{
	static const struct accepted rows[] = {
		{"198.51.100.7", "198.51.100.7", "198.51.100.7", 443,
		 REGISTRY_IPV4},
		{"0.0.0.0:5000", "0.0.0.0:5000", "0.0.0.0", 5000,
		 REGISTRY_IPV4},
		{"255.255.255.255", "255.255.255.255", "255.255.255.255", 443,
		 REGISTRY_IPV4},
		{"[2001:db8::1]", "[2001:db8::1]", "2001:db8::1", 443,
		 REGISTRY_IPV6},
		{"[2001:DB8::1]:5000", "[2001:DB8::1]:5000", "2001:DB8::1",
		 5000, REGISTRY_IPV6},
		{"[::]", "[::]", "::", 443, REGISTRY_IPV6},
		{"[::1]:443", "[::1]:443", "::1", 443, REGISTRY_IPV6},
		{"[1:2:3:4:5:6:7:8]", "[1:2:3:4:5:6:7:8]", "1:2:3:4:5:6:7:8",
		 443, REGISTRY_IPV6},
		{"[1111:2222:3333:4444:5555:6666:7777:8888]:65535",
		 "[1111:2222:3333:4444:5555:6666:7777:8888]:65535",
		 "1111:2222:3333:4444:5555:6666:7777:8888", 65535,
		 REGISTRY_IPV6},
	};

	(void)state;
	check_accepted(rows, COUNT(rows));
}

static void a_pasted_url_loses_all_but_its_authority(void **state)
{
	static const struct accepted rows[] = {
		{"https://reg", "reg", "reg", 443, REGISTRY_NAME},
		{"https://reg/", "reg", "reg", 443, REGISTRY_NAME},
		{"https://reg:443/", "reg:443", "reg", 443, REGISTRY_NAME},
		{"https://reg:5000/v2/_catalog?n=1#x", "reg:5000", "reg", 5000,
		 REGISTRY_NAME},
		{"https://reg?a=b", "reg", "reg", 443, REGISTRY_NAME},
		{"https://reg#a", "reg", "reg", 443, REGISTRY_NAME},
		{"https://reg/a@b:c/../d", "reg", "reg", 443, REGISTRY_NAME},
		{"HTTPS://Reg/", "Reg", "Reg", 443, REGISTRY_NAME},
		{"https://198.51.100.7:8443/x", "198.51.100.7:8443",
		 "198.51.100.7", 8443, REGISTRY_IPV4},
		{"https://[2001:db8::1]:5000/x", "[2001:db8::1]:5000",
		 "2001:db8::1", 5000, REGISTRY_IPV6},
	};

	(void)state;
	check_accepted(rows, COUNT(rows));
}

struct refused {
	const char *text;
	const char *why;
};

static void check_refused(const struct refused *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct registry r;
		struct failure f = {0};

		check(parse(rows[i].text, &r, &f) == ERR_USAGE,
		      "\"%s\" is taken", rows[i].text);
		assert_int_equal(f.code, ERR_USAGE);
		assert_string_equal(r.reference, "");
		check_contains(f.detail, "is not a registry: ");
		check_contains(f.detail, rows[i].why);
	}
}

static void hosts_that_are_none_are_refused(void **state)
{
	static const struct refused rows[] = {
		{"", "the host is empty"},
		{".", "is empty"},
		{"..", "is empty"},
		{".reg", "is empty"},
		{"reg.", "is empty"},
		{"reg..x", "is empty"},
		{".dtr-trust.new.d", "is empty"},
		{"_default", "only letters"},
		{"my_reg", "only letters"},
		{"-reg", "hyphen"},
		{"reg-", "hyphen"},
		{"reg.-x", "hyphen"},
		{"reg-.x", "hyphen"},
		{" reg", "only letters"},
		{"reg ", "only letters"},
		{"reg example", "only letters"},
		{"reg\texample", "only letters"},
		{"reg\n", "only letters"},
		{"reg%2e", "only letters"},
		{"reg\\x", "only letters"},
		{"*.example.com", "only letters"},
		{"b\xc3\xbc"
		 "cher.example",
		 "only letters"},
		{"reg,other", "only letters"},
		{X63 "x.example", "longer than 63"},
		{NAME_253 "x", "longer than 253"},
		{NAME_253 ":55555", "too long for the name of a directory"},
	};

	(void)state;
	check_refused(rows, COUNT(rows));
}

static void addresses_that_are_none_are_refused(void **state)
{
	static const struct refused rows[] = {
		{"1", "no IPv4 address"},
		{"1.2.3", "no IPv4 address"},
		{"1.2.3.4.5", "no IPv4 address"},
		{"256.1.1.1", "no IPv4 address"},
		{"1.2.3.04", "no IPv4 address"},
		{"2130706433", "no IPv4 address"},
		{"reg.1", "no IPv4 address"},
		/* libc's resolver reads hexadecimal as well. */
		{"0x7f000001", "no IPv4 address"},
		{"0x7f.1", "no IPv4 address"},
		{"1.2.3.4.", "is empty"},
		{"::1", "needs brackets"},
		{"2001:db8::1", "needs brackets"},
		{"2001:db8::1:5000", "needs brackets"},
		{"[]", "no IPv6 address"},
		{"[reg]", "no IPv6 address"},
		{"[::1::2]", "no IPv6 address"},
		{"[12345::]", "no IPv6 address"},
		{"[1:2:3:4:5:6:7]", "no IPv6 address"},
		{"[1:2:3:4:5:6:7:8:9]", "no IPv6 address"},
		{"[" X60 "]", "no IPv6 address"},
		{"[fe80::1%eth0]", "zone"},
		{"[::ffff:198.51.100.7]", "hexadecimal"},
		{"[198.51.100.7]", "hexadecimal"},
		{"[::1", "closing bracket is missing"},
		{"[", "closing bracket is missing"},
		{"[::1]5000", "only :port may follow"},
		{"[::1]]", "only :port may follow"},
		{"::1]", "needs brackets"},
	};

	(void)state;
	check_refused(rows, COUNT(rows));
}

static void ports_that_are_none_are_refused(void **state)
{
	static const char *const ports[] = {
		"",	  "0",	    "00",     "0443",	   "65536",
		"99999",  "100000", "-1",     "+1",	   " 443",
		"443 ",	  "0x50",   "1e3",    "4a",	   "a",
		"65535x", "443\n",  "000443", "4294967739"};

	(void)state;
	for (size_t i = 0; i < COUNT(ports); i++) {
		static const char *const hosts[] = {"reg", "198.51.100.7",
						    "[::1]"};

		for (size_t k = 0; k < COUNT(hosts); k++) {
			char text[64] = "";
			struct refused row = {text, "from 1 to 65535"};

			strcat(strcat(strcat(text, hosts[k]), ":"), ports[i]);
			check_refused(&row, 1);
		}
	}
}

static void paths_users_and_digests_are_refused(void **state)
{
	static const struct refused rows[] = {
		{"reg/", "without the path"},
		{"reg:5000/team/image:tag", "without the path"},
		{"/", "without the path"},
		{"/etc/docker", "without the path"},
		{"../reg", "without the path"},
		{"//reg", "without the path"},
		{"ftp://reg", "without the path"},
		{"https:/reg", "without the path"},
		{"https//reg", "without the path"},
		{"user@reg", "user name or digest"},
		{"user:secret@reg:5000", "user name or digest"},
		{"https://user:secret@reg/", "user name or digest"},
		{"reg@sha256:ab", "user name or digest"},
		{"http://reg", "plain http"},
		{"HTTP://reg:80/v2/", "plain http"},
		{"http://", "plain http"},
		{"https://", "the host is empty"},
		{"https:///v2/", "the host is empty"},
		{"https://https://reg", "from 1 to 65535"},
	};

	(void)state;
	check_refused(rows, COUNT(rows));
}

/* Whatever byte stands in a name: a reference is a directory's name. */
static void no_other_byte_gets_into_a_reference(void **state)
{
	(void)state;
	for (unsigned byte = 0; byte < 256; byte++) {
		char text[] = "reg?x.example";
		bool plain = (byte >= '0' && byte <= '9') ||
			     (byte >= 'a' && byte <= 'z') ||
			     (byte >= 'A' && byte <= 'Z') || byte == '-' ||
			     byte == '.';
		struct registry r;
		struct failure f = {0};

		text[3] = (char)byte;
		check((registry_parse(text, sizeof(text) - 1, &r, &f) ==
		       ERR_OK) == plain,
		      "byte 0x%02x", byte);
	}
}

static void the_length_ends_the_text(void **state)
{
	struct registry r;
	struct failure f;

	(void)state;
	assert_int_equal(registry_parse("reg:5000/path", 8, &r, &f), ERR_OK);
	assert_string_equal(r.reference, "reg:5000");
	assert_int_equal(registry_parse("reg:5000", 5, &r, &f), ERR_OK);
	assert_string_equal(r.reference, "reg:5");
	assert_int_equal(registry_parse("reg\0x", 5, &r, &f), ERR_USAGE);
	check_contains(f.detail, "\"reg\\x00x\"");
	assert_int_equal(registry_parse("[::1\0\0]:5", 9, &r, &f), ERR_USAGE);
	assert_int_equal(registry_parse("1.2.3.4\0", 8, &r, &f), ERR_USAGE);
	assert_int_equal(registry_parse("https://reg", 7, &r, &f), ERR_USAGE);
	assert_int_equal(registry_parse("[::1]", 4, &r, &f), ERR_USAGE);
}

static void what_is_refused_is_shown_escaped_and_bounded(void **state)
{
	char text[4096];
	struct registry r;
	struct failure f;

	(void)state;
	assert_int_equal(parse("\x1b]0;reg\x07", &r, &f), ERR_USAGE);
	check_contains(f.detail, "\"\\x1b]0;reg\\x07\"");
	memset(text, '\n', sizeof(text));
	assert_int_equal(registry_parse(text, sizeof(text), &r, &f), ERR_USAGE);
	assert_in_range(strlen(f.detail), 100, 250);
}

static void a_reference_reads_as_itself(void **state)
{
	static const char *const texts[] = {"https://Reg.example:5000/x",
					    "[2001:DB8::1]:5000", "reg",
					    "198.51.100.7:443"};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct registry once = parsed(texts[i]);
		struct registry twice = parsed(once.reference);

		assert_memory_equal(&once, &twice, sizeof(once));
	}
}

static void paths_on_docker_hub_are_told_from_registries(void **state)
{
	static const struct {
		const char *text;
		bool hub, is_new;
	} rows[] = {
		{"reg", true, false},	       {"library", true, false},
		{"LOCALHOST", false, true},    {"localhost", false, false},
		{"reg:443", false, false},     {"reg.example", false, false},
		{"localhost:1", false, false}, {"198.51.100.7", false, false},
		{"[::1]", false, true},	       {"MYREG", false, true},
		{"myReg", false, true},	       {"REG.example", false, false},
		{"MYREG:443", false, false},   {"[2001:db8::1]:1", false, true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct registry r = parsed(rows[i].text);

		check(registry_is_docker_hub_path(&r) == rows[i].hub &&
			      registry_is_new_reference(&r) == rows[i].is_new,
		      "%s", rows[i].text);
	}
}

static void loopback_is_known_by_its_text(void **state)
{
	static const struct {
		const char *text;
		bool loopback;
	} rows[] = {
		{"localhost", true},
		{"LocalHost:5000", true},
		{"127.0.0.1", true},
		{"127.255.255.255:5000", true},
		{"[::1]:5000", true},
		{"[0:0:0:0:0:0:0:1]", true},
		{"[::ffff:7f00:1]:5000", true},
		{"[::ffff:7fff:1]", true},
		{"[::ffff:7e00:1]", false},
		{"[::7f00:1]", false},
		{"[7f00::ffff:7f00:1]", false},
		{"localhost.example", false},
		{"127.example", false},
		{"126.255.255.255", false},
		{"128.0.0.1", false},
		{"12.7.0.1", false},
		{"[::]", false},
		{"[::2]", false},
		{"[2001:db8::1]", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct registry r = parsed(rows[i].text);

		check(registry_is_loopback(&r) == rows[i].loopback, "%s",
		      rows[i].text);
	}
}

static void one_registry_has_several_spellings(void **state)
{
	static const struct {
		const char *a, *b;
		bool same;
	} rows[] = {
		{"reg", "reg:443", true},
		{"REG.test", "reg.test", true},
		{"reg:443", "Reg:443", true},
		{"reg", "reg:5000", false},
		{"reg", "reg2", false},
		{"reg", "reg.test", false},
		{"192.0.2.1", "192.0.2.1:443", true},
		{"192.0.2.1", "192.0.2.2", false},
		{"[2001:db8::1]", "[2001:DB8:0:0::1]:443", true},
		{"[2001:db8::1]", "[2001:db8::2]", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct registry a = parsed(rows[i].a), b = parsed(rows[i].b);

		check(registry_is_same(&a, &b) == rows[i].same &&
			      registry_is_same(&b, &a) == rows[i].same,
		      "%s %s", rows[i].a, rows[i].b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_kept_letter_for_letter),
		cmocka_unit_test(addresses_are_told_from_names),
		cmocka_unit_test(a_pasted_url_loses_all_but_its_authority),
		cmocka_unit_test(hosts_that_are_none_are_refused),
		cmocka_unit_test(addresses_that_are_none_are_refused),
		cmocka_unit_test(ports_that_are_none_are_refused),
		cmocka_unit_test(paths_users_and_digests_are_refused),
		cmocka_unit_test(no_other_byte_gets_into_a_reference),
		cmocka_unit_test(the_length_ends_the_text),
		cmocka_unit_test(what_is_refused_is_shown_escaped_and_bounded),
		cmocka_unit_test(a_reference_reads_as_itself),
		cmocka_unit_test(paths_on_docker_hub_are_told_from_registries),
		cmocka_unit_test(loopback_is_known_by_its_text),
		cmocka_unit_test(one_registry_has_several_spellings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
