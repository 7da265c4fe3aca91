/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is made of daemon.json for one registry: by its name letter for letter,
 * or by the address that it has, as moby does it.
 */
#include "installer/daemon.h"

#include "support/unit.h"

static struct registry parse(const char *reference)
{
	struct registry registry;
	struct failure f;

	assert_int_equal(
		registry_parse(reference, strlen(reference), &registry, &f),
		ERR_OK);
	return registry;
}

/* A daemon.json whose LIST has the one entry TEXT. */
static struct daemon with(enum settings_list list, const char *text)
{
	struct settings settings = {
		.flags = SETTINGS_READ,
		.name_count = 1,
		.names = {{list, {(const uint8_t *)text, strlen(text)}}},
	};
	struct daemon daemon;

	daemon_learn(DAEMON_FILE_READ, &settings, &daemon);
	return daemon;
}

static void insecure_registries(void **state)
{
	static const struct {
		const char *entry, *reference, *address;
		bool insecure;
	} cases[] = {
		{"r.test", "r.test", "", true},
		{"r.test:5000", "r.test:5000", "", true},
		{"r.test", "r.test:5000", "", false},
		{"r.test:443", "r.test", "", false},
		{"R.test", "r.test", "", false},
		{"198.51.100.0/24", "r.test", "198.51.100.7:443", true},
		{"198.51.100.0/24", "r.test", "198.51.101.7:443", false},
		{"198.51.100.8/31", "r.test", "198.51.100.9:5000", true},
		{"198.51.100.8/31", "r.test", "198.51.100.10:5000", false},
		{"198.51.100.7/32", "r.test", "198.51.100.7:443", true},
		{"0.0.0.0/0", "r.test", "203.0.113.1:443", true},
		{"0.0.0.0/0", "r.test", "[2001:db8::1]:443", false},
		{"2001:db8::/32", "r.test", "[2001:db8:51::9]:443", true},
		{"2001:db8::/32", "r.test", "[2001:db9:51::9]:443", false},
		{"::/0", "r.test", "[2001:db8:51::9]:443", true},
		/* as run on 28.5 */
		{"::ffff:198.51.100.7/128", "r.test", "198.51.100.7:443", true},
		{"::ffff:0:0/96", "r.test", "198.51.100.7:443", true},
		{"::ffff:198.51.100.0/120", "r.test", "198.51.101.7:443",
		 false},
		{"::fffe:0:0/95", "r.test", "198.51.100.7:443", false},
		{"::ffff:0:0/129", "r.test", "198.51.100.7:443", false},
		/* what is an address is not looked up */
		{"198.51.100.0/24", "198.51.100.9:5000", "203.0.113.1:3128",
		 true},
		{"2001:db8::/32", "[2001:db8::7]:5000", "", true},
		{"203.0.113.0/24", "198.51.100.9", "203.0.113.1:3128", false},
		/* no network */
		{"198.51.100.0/", "r.test", "198.51.100.7:443", false},
		{"198.51.100.0", "r.test", "198.51.100.0:443", false},
		{"/24", "r.test", "198.51.100.7:443", false},
		{"198.51.100.0/33", "r.test", "198.51.100.7:443", false},
		{"2001:db8::/129", "r.test", "[2001:db8::1]:443", false},
		{"198.51.100.0/999999999999", "r.test", "198.51.100.7:443",
		 false},
		{"198.51.100.0/2x", "r.test", "198.51.100.7:443", false},
		{"198.51.100/24", "r.test", "198.51.100.7:443", false},
		/* no address */
		{"0.0.0.0/0", "r.test", "", false},
		{"0.0.0.0/0", "r.test", "198.51.100.7", false},
		{"0.0.0.0/0", "r.test", "[]:443", false},
		{"::/0", "r.test", ":443", false},
		/* Docker Hub is verified whatever the list says */
		{"docker.io", "docker.io", "198.51.100.7:443", false},
		{"0.0.0.0/0", "docker.io", "198.51.100.7:443", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct daemon daemon = with(SETTINGS_INSECURE, cases[i].entry);
		struct registry registry = parse(cases[i].reference);

		check(daemon_is_insecure(&daemon, &registry,
					 cases[i].address) == cases[i].insecure,
		      "%s for %s at %s", cases[i].entry, cases[i].reference,
		      cases[i].address);
		assert_false(daemon_is_mirror(&daemon, &registry));
	}
}

static void mirrors(void **state)
{
	struct daemon daemon = with(SETTINGS_MIRRORS, "m.test:5000");
	struct registry same = parse("m.test:5000");
	struct registry other = parse("m.test");

	(void)state;
	assert_true(daemon_is_mirror(&daemon, &same));
	assert_false(daemon_is_mirror(&daemon, &other));
	assert_false(daemon_is_insecure(&daemon, &same, ""));
}

static void what_is_known_of_the_file(void **state)
{
	struct settings settings = {.flags = SETTINGS_READ |
					     SETTINGS_CONTAINERD};
	struct settings unread = {.name_count = 1};
	struct daemon daemon;

	(void)state;
	daemon_learn(DAEMON_FILE_READ, &settings, &daemon);
	assert_int_equal(daemon_sight(&daemon), CONSUMER_DAEMON_READ);
	assert_int_equal(daemon.store, CONSUMER_STORE_CONTAINERD);
	assert_false(daemon.has_proxy);
	settings.flags = SETTINGS_READ | SETTINGS_CLASSIC | SETTINGS_PROXY;
	daemon_learn(DAEMON_FILE_READ, &settings, &daemon);
	assert_true(daemon.has_proxy);
	assert_int_equal(daemon.store, CONSUMER_STORE_CLASSIC);
	daemon_learn(DAEMON_FILE_READ, &unread, &daemon);
	assert_int_equal(daemon_sight(&daemon), CONSUMER_DAEMON_UNREADABLE);
	assert_int_equal(daemon.name_count, 0);
	daemon_learn(DAEMON_FILE_READ, NULL, &daemon);
	assert_int_equal(daemon_sight(&daemon), CONSUMER_DAEMON_UNREADABLE);
	daemon_learn(DAEMON_FILE_LARGE, NULL, &daemon);
	assert_int_equal(daemon_sight(&daemon), CONSUMER_DAEMON_LARGE);
	daemon_learn(DAEMON_FILE_CLOSED, NULL, &daemon);
	assert_int_equal(daemon_sight(&daemon), CONSUMER_DAEMON_UNREADABLE);
	daemon_learn(DAEMON_FILE_ABSENT, NULL, &daemon);
	assert_int_equal(daemon_sight(&daemon), CONSUMER_DAEMON_ABSENT);
	daemon_learn(DAEMON_FILE_UNSEEN, NULL, &daemon);
	assert_int_equal(daemon_sight(&daemon), CONSUMER_DAEMON_UNSEEN);
	daemon_learn(DAEMON_FILE_ELSEWHERE, NULL, &daemon);
	assert_int_equal(daemon_sight(&daemon), CONSUMER_DAEMON_NONE);
	assert_int_equal(daemon.store, CONSUMER_STORE_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(insecure_registries),
		cmocka_unit_test(mirrors),
		cmocka_unit_test(what_is_known_of_the_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
