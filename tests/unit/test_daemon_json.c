/* SPDX-License-Identifier: Apache-2.0 */
/*
 * daemon.json: what is found in it, and with what Docker does not start.
 */
#include "probe/judge/daemon_json.h"

#include <stdio.h>
#include <stdlib.h>

#include "support/unit.h"

static char room[DAEMON_JSON_ROOM_BYTES];

/* TEXT is copied to its exact size: a byte too far is seen. */
static struct settings read_bytes(const char *text, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);
	struct settings out;

	assert_non_null(copy);
	memcpy(copy, text, len);
	daemon_json_read((struct bytes){copy, len}, room, &out);
	free(copy);
	return out;
}

static struct settings read_text(const char *text)
{
	return read_bytes(text, strlen(text));
}

/* The names of LIST, each behind a blank. */
static const char *names_of(const struct settings *s, enum settings_list list)
{
	static char text[1024];

	text[0] = '\0';
	for (size_t i = 0; i < s->name_count; i++)
		if (s->names[i].list == list)
			snprintf(text + strlen(text),
				 sizeof(text) - strlen(text), " %.*s",
				 (int)s->names[i].text.len,
				 (const char *)s->names[i].text.data);
	return text;
}

#define READ	   SETTINGS_READ
#define CONTAINERD (SETTINGS_READ | SETTINGS_CONTAINERD)
#define CLASSIC	   (SETTINGS_READ | SETTINGS_CLASSIC)

static void the_image_store(void **state)
{
	static const struct {
		const char *text;
		unsigned flags;
	} cases[] = {
		{"{}", READ},
		{"", READ},
		{" \r\n\t", READ},
		{"\xef\xbb\xbf{}", READ},
		{"{\"features\":{\"containerd-snapshotter\":true}}",
		 CONTAINERD},
		{"{\"features\":{\"containerd-snapshotter\":false}}", CLASSIC},
		{" { \"features\" : { \"buildkit\" : true ,\n"
		 "\"containerd-snapshotter\" : true } , \"debug\":false } ",
		 CONTAINERD},
		{"{\"features\":{\"containerd\\u002dsnapshotter\":true}}",
		 CONTAINERD},
		/* userns-remap: 29 does not start with that and true, and
		 * older ones have the containerd store */
		{"{\"userns-remap\":\"default\"}", CLASSIC},
		{"{\"userns-remap\":\"\"}", READ},
		{"{\"userns-remap\":null,\"features\":null}", READ},
		{"{\"userns-remap\":\"default\",\"features\":"
		 "{\"containerd-snapshotter\":true}}",
		 CONTAINERD},
		/* a graphdriver by its name; any other is a snapshotter's */
		{"{\"storage-driver\":\"overlay2\"}", CLASSIC},
		{"{\"storage-driver\":\"vfs\"}", CLASSIC},
		{"{\"storage-driver\":\"overlayfs\"}", READ},
		{"{\"storage-driver\":\"\"}", READ},
		{"{\"storage-driver\":\"overlay2\",\"features\":"
		 "{\"containerd-snapshotter\":true}}",
		 CONTAINERD},
		/* elsewhere it means nothing */
		{"{\"x\":{\"containerd-snapshotter\":true}}", READ},
		{"{\"x\":{\"features\":{\"containerd-snapshotter\":true}}}",
		 READ},
		{"{\"x\":[{\"features\":{\"containerd-snapshotter\":true}}]}",
		 READ},
		{"{\"x\":{\"storage-driver\":\"overlay2\"}}", READ},
		{"{\"containerd-snapshotter\":true}", READ},
		{"{\"Features\":{\"containerd-snapshotter\":true}}", READ},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		check(read_text(cases[i].text).flags == cases[i].flags, "%s",
		      cases[i].text);
}

static void the_lists_of_registries(void **state)
{
	static const struct {
		const char *text, *insecure, *mirrors;
	} cases[] = {
		{"{\"insecure-registries\":[]}", "", ""},
		{"{\"insecure-registries\":null}", "", ""},
		{"{\"insecure-registries\":[\"r.test:5000\" , "
		 "\"198.51.100.0/24\"]}",
		 " r.test:5000 198.51.100.0/24", ""},
		{"{\"insecure-registries\":[\"http://a.test\","
		 "\"HTTPS://b.test\"]}",
		 " a.test b.test", ""},
		/* as PHP and some templates write it */
		{"{\"insecure-registries\":[\"198.51.100.0\\/24\","
		 "\"\\u0072.test\"]}",
		 " 198.51.100.0/24 r.test", ""},
		/* what cannot be a registry is none */
		{"{\"insecure-registries\":[\"\",\"a b\",\"\\n\",\"\\u00e4\","
		 "\"\xc3\xa4\",\"\x7f\",\"r.test\"]}",
		 " r.test", ""},
		{"{\"registry-mirrors\":[\"https://m.test\","
		 "\"https://n.test:5000/\",\"https://o.test/path?x\","
		 "\"http://plain.test\",\"bare.test\",\"https://\"]}",
		 "", " m.test n.test:5000 o.test"},
		{"{\"insecure-registries\":[\"a.test\"],"
		 "\"registry-mirrors\":[\"HTTPS://b.test\"]}",
		 " a.test", " b.test"},
		{"{\"x\":{\"insecure-registries\":[\"a.test\"]}}", "", ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct settings got = read_text(cases[i].text);

		check(got.flags == READ, "%s", cases[i].text);
		assert_string_equal(names_of(&got, SETTINGS_INSECURE),
				    cases[i].insecure);
		assert_string_equal(names_of(&got, SETTINGS_MIRRORS),
				    cases[i].mirrors);
	}
}

static void the_proxy_of_docker(void **state)
{
	static const struct {
		const char *text;
		unsigned flags;
	} cases[] = {
		{"{\"proxies\":{}}", READ},
		{"{\"proxies\":null}", READ},
		{"{\"proxies\":{\"https-proxy\":\"\"}}", READ},
		{"{\"proxies\":{\"https-proxy\":null}}", READ},
		{"{\"proxies\":{\"http-proxy\":\"http://p.test\"}}", READ},
		{"{\"proxies\":{\"no-proxy\":\"*\"}}", READ},
		{"{\"https-proxy\":\"http://p.test\"}", READ},
		{"{\"proxies\":{\"https-proxy\":\"http://p.test\"}}",
		 READ | SETTINGS_PROXY},
		/* longer than a registry, or no ASCII */
		{"{\"proxies\":{\"https-proxy\":\"\u00e4\"}}",
		 READ | SETTINGS_PROXY},
		{"{\"proxies\":[]}", 0},
		{"{\"proxies\":{\"https-proxy\":true}}", 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		check(read_text(cases[i].text).flags == cases[i].flags, "%s",
		      cases[i].text);
}

/* With none of these Docker starts, or it takes one of two. */
static void what_cannot_be_told_says_nothing(void **state)
{
#define LIST "\"insecure-registries\":[\"r.test\"]"
	static const char *const texts[] = {
		"[]",
		"\"\"",
		"{",
		"{}}",
		"{" LIST,
		"{" LIST ",}",
		"{" LIST "} x",
		"{" LIST ",\"a\" 1}",
		"{\"insecure-registries\":[\"r.test\",]}",
		"{\"insecure-registries\" [\"r.test\"]}",
		"{insecure-registries:[\"r.test\"]}",
		"{\"insecure-registries\":\"r.test\"}",
		"{\"insecure-registries\":[\"r.test\",1]}",
		"{\"insecure-registries\":{\"r.test\":true}}",
		"{" LIST "," LIST "}",
		"{" LIST ",\"features\":[]}",
		"{" LIST ",\"features\":{\"containerd-snapshotter\":\"true\"}}",
		"{" LIST ",\"storage-driver\":1}",
		"{" LIST ",\"userns-remap\":true}",
		"{" LIST ",\"a\":\"\\",
		"{" LIST ",\"a\":\"\\x\"}",
		"{" LIST ",\"a\":\"\\u00g0\"}",
		"{" LIST ",\"a\":\"\\u00",
		"{" LIST ",\"a\":\"\n\"}",
		"{" LIST ",\"a\":tru}",
		"{" LIST ",\"a\":}",
		"{" LIST ",\"a\":[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]}",
		"\xff\xfe{\0}\0",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct settings got = read_text(texts[i]);

		check(!got.flags && !got.name_count, "%s", texts[i]);
	}
#undef LIST
}

static void a_list_that_is_too_long_is_not_shortened(void **state)
{
	char text[64 + (SETTINGS_NAMES_MAX + 1) * 8];

	(void)state;
	for (int more = 0; more < 2; more++) {
		struct settings got;
		int len = snprintf(text, sizeof(text),
				   "{\"insecure-registries\":[\"a\"");

		for (int i = 1; i < SETTINGS_NAMES_MAX + more; i++)
			len += snprintf(text + len, sizeof(text) - (size_t)len,
					",\"b\"");
		snprintf(text + len, sizeof(text) - (size_t)len, "]}");
		got = read_text(text);
		assert_int_equal(got.flags, more ? 0 : SETTINGS_READ);
		assert_int_equal(got.name_count, more ? 0 : SETTINGS_NAMES_MAX);
	}
}

static void a_name_of_any_length(void **state)
{
	char text[1024];

	(void)state;
	for (int len = 250; len < 300; len++) {
		struct settings got;

		snprintf(text, sizeof(text),
			 "{\"insecure-registries\":[\"%0*d\"]}", len, 0);
		got = read_text(text);
		assert_int_equal(got.flags, SETTINGS_READ);
		assert_int_equal(got.name_count, len <= REGISTRY_CHARS_MAX);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_image_store),
		cmocka_unit_test(the_lists_of_registries),
		cmocka_unit_test(the_proxy_of_docker),
		cmocka_unit_test(what_cannot_be_told_says_nothing),
		cmocka_unit_test(a_list_that_is_too_long_is_not_shortened),
		cmocka_unit_test(a_name_of_any_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
