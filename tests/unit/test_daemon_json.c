/* SPDX-License-Identifier: Apache-2.0 */
/*
 * daemon.json: what is found in it, and what is no JSON.
 */
#include "probe/judge/daemon_json.h"

#include <stdio.h>

#include "support/unit.h"

static struct daemon_json read_as(const char *text, const char *reference,
				  const char *address)
{
	struct registry registry;
	struct daemon_json out;
	struct failure f;

	assert_int_equal(
		registry_parse(reference, strlen(reference), &registry, &f),
		ERR_OK);
	daemon_json_read((struct bytes){(const uint8_t *)text, strlen(text)},
			 &registry, address, &out);
	return out;
}

static void the_image_store(void **state)
{
	static const struct {
		const char *text;
		bool containerd, classic;
	} cases[] = {
		{"{}", false, false},
		{"{\"features\":{\"containerd-snapshotter\":true}}", true,
		 false},
		{"{\"features\":{\"containerd-snapshotter\":false}}", false,
		 true},
		{" { \"features\" : { \"buildkit\" : true ,\n"
		 "\"containerd-snapshotter\" : true } , \"debug\":false } ",
		 true, false},
		{"{\"userns-remap\":\"default\",\"features\":"
		 "{\"containerd-snapshotter\":true}}",
		 false, true},
		{"{\"features\":{\"containerd-snapshotter\":true},"
		 "\"userns-remap\":\"default\"}",
		 false, true},
		{"{\"userns-remap\":\"\"}", false, false},
		/* elsewhere it means nothing */
		{"{\"x\":{\"containerd-snapshotter\":true}}", false, false},
		{"{\"x\":{\"features\":{\"containerd-snapshotter\":true}}}",
		 false, false},
		{"{\"features\":[{\"containerd-snapshotter\":true}]}", false,
		 false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct daemon_json got = read_as(cases[i].text, "r.test", "");

		check(got.is_readable &&
			      got.is_containerd == cases[i].containerd &&
			      got.is_classic == cases[i].classic,
		      "%s", cases[i].text);
	}
}

static void insecure_registries(void **state)
{
	static const struct {
		const char *list, *reference, *address;
		bool insecure;
	} cases[] = {
		{"\"r.test\"", "r.test", "", true},
		{"\"other\", \"r.test:5000\"", "r.test:5000", "", true},
		{"\"r.test\"", "r.test:5000", "", false},
		{"\"R.test\"", "r.test", "", false},
		{"\"http://r.test\"", "r.test", "", true},
		{"\"198.51.100.0/24\"", "r.test", "198.51.100.7", true},
		{"\"198.51.100.0/24\"", "r.test", "198.51.101.7", false},
		{"\"198.51.100.8/31\"", "198.51.100.9", "198.51.100.9", true},
		{"\"198.51.100.8/31\"", "198.51.100.9", "198.51.100.10", false},
		{"\"0.0.0.0/0\"", "r.test", "203.0.113.1", true},
		{"\"0.0.0.0/0\"", "r.test", "2001:db8::1", false},
		{"\"2001:db8::/32\"", "r.test", "2001:db8:51::9", true},
		{"\"198.51.100.0/\"", "r.test", "198.51.100.7", false},
		{"\"198.51.100.0/33\"", "r.test", "198.51.100.7", false},
		{"\"198.51.100.0/999999999999\"", "r.test", "198.51.100.7",
		 false},
		{"\"198.51.100.0/24\"", "r.test", "", false},
		{"{\"r.test\":\"r.test\"}", "r.test", "", false},
	};
	char text[256];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		snprintf(text, sizeof(text), "{\"insecure-registries\":[%s]}",
			 cases[i].list);
		check(read_as(text, cases[i].reference, cases[i].address)
				      .is_insecure == cases[i].insecure,
		      "%s for %s at %s", cases[i].list, cases[i].reference,
		      cases[i].address);
	}
}

static void mirrors(void **state)
{
	(void)state;
	assert_true(read_as("{\"registry-mirrors\":[\"https://m.test\"]}",
			    "r.test", "")
			    .has_mirrors);
	assert_false(
		read_as("{\"registry-mirrors\":[]}", "r.test", "").has_mirrors);
}

static void what_is_no_json_says_nothing(void **state)
{
	static const char *const texts[] = {
		"",
		"null",
		"[]",
		"{",
		"{}}",
		"{\"insecure-registries\":[\"r.test\"]",
		"{\"insecure-registries\":[\"r.test\"],}",
		"{\"insecure-registries\":[\"r.test\",]}",
		"{\"insecure-registries\" [\"r.test\"]}",
		"{insecure-registries:[\"r.test\"]}",
		"{\"insecure-registries\":[\"r.test\"]} x",
		"{\"a\":\"\\",
		"{\"a\":\"\n\",\"insecure-registries\":[\"r.test\"]}",
		"{\"a\":tru,\"insecure-registries\":[\"r.test\"]}",
		"{\"a\":[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]}",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct daemon_json got = read_as(texts[i], "r.test", "");

		check(!got.is_readable && !got.is_insecure, "%s", texts[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_image_store),
		cmocka_unit_test(insecure_registries),
		cmocka_unit_test(mirrors),
		cmocka_unit_test(what_is_no_json_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
