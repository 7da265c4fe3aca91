/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The choice of a proxy against tests/data/proxy-rules.tsv, which holds the
 * answers of Go's own net/http. Runs in the top directory.
 */
#include <stdio.h>
#include <stdlib.h>

#include "probe/connect/proxy_url.h"
#include "probe/connect/route.h"
#include "support/unit.h"

#define TABLE "tests/data/proxy-rules.tsv"

struct row {
	const char *https_proxy;
	const char *no_proxy;
	char *registry;
	const char *go;
	const char *note;
};

static bool row_read(FILE *table, char line[static 512], struct row *out)
{
	const char *cell[5] = {"", "", "", "", ""};
	char *at = line;

	do {
		if (!fgets(line, 512, table))
			return false;
	} while (*line == '#');
	line[strcspn(line, "\n")] = '\0';
	for (size_t i = 0; i < 5 && at; i++)
		cell[i] = strsep(&at, "\t");
	*out = (struct row){cell[0], cell[1], strdup(cell[2]), cell[3],
			    cell[4]};
	return true;
}

/* "host:port" or "[v6]:port" of the table, in place. */
static uint16_t split(char **registry)
{
	char *colon = strrchr(*registry, ':');
	char *close = strchr(*registry, ']');
	uint16_t port = 443;

	if (colon && (!close || close < colon)) {
		port = (uint16_t)atoi(colon + 1);
		*colon = '\0';
	}
	if (close) {
		*close = '\0';
		++*registry;
	}
	return port;
}

static void route_text(const struct route *r, char out[static 2048])
{
	if (!r->proxied)
		strcpy(out, "direct");
	else
		snprintf(out, 2048, "http %s %u%s%s", r->host, r->port,
			 *r->authorization ? " " : "", r->authorization);
}

static void every_row_is_as_go_answers(void **state)
{
	FILE *table = fopen(TABLE, "r");
	char line[512];
	struct row row;
	size_t rows = 0;
	size_t wrong = 0;

	(void)state;
	assert_non_null(table);
	for (; row_read(table, line, &row); rows++) {
		char *host = row.registry;
		uint16_t port = split(&host);
		struct route route;
		struct failure f;
		char text[2048] = "refused";
		const char *want = *row.note ? row.note : row.go;
		enum err err = route_choose(row.https_proxy, row.no_proxy, host,
					    port, &route, &f);

		if (!err)
			route_text(&route, text);
		else
			assert_int_equal(err, ERR_PROXY);
		if (strcmp(text, want)) {
			print_error("%s | %s | %s: %s, not %s\n",
				    row.https_proxy, row.no_proxy, host, want,
				    text);
			wrong++;
		}
		free(row.registry);
	}
	fclose(table);
	assert_in_range(rows, 200, 1000);
	assert_int_equal(wrong, 0);
}

static void no_variable_is_no_proxy(void **state)
{
	struct route route;
	struct failure f;

	(void)state;
	assert_int_equal(route_choose(NULL, NULL, "reg", 443, &route, &f),
			 ERR_OK);
	assert_false(route.proxied);
	assert_int_equal(route_choose("", "", "reg", 443, &route, &f), ERR_OK);
	assert_false(route.proxied);
	assert_int_equal(route_choose("proxy", NULL, "reg", 443, &route, &f),
			 ERR_OK);
	assert_true(route.proxied);
}

/* Wherever the URL is wrong, the password stays out of the message. */
static void a_message_never_holds_the_password(void **state)
{
	static const char *const urls[] = {
		"http://user:s3cret@proxy:99999",
		"http://user:s3cret@pro xy",
		"http://user:s3cret@",
		"http://user:s3cret",
		"http://user:s3cret%@proxy",
		"http://user:s3cret#@proxy",
		"http://user:12/s3cret@proxy",
		"s3cret://proxy",
		"https://user:s3cret@proxy",
		"http://user:\033s3cret@proxy",
		"http://[s3cret",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(urls); i++) {
		struct route route;
		struct failure f;

		assert_int_equal(proxy_url_parse(urls[i], &route, &f),
				 ERR_PROXY);
		assert_null(strstr(f.detail, "s3cret"));
		assert_memory_equal(f.detail,
				    "HTTPS_PROXY is no proxy URL: ", 29);
	}
}

/* A URL of one user of LEN characters at a host. */
static enum err parse_user(size_t len, struct route *out)
{
	char url[2 * PROXY_CREDENTIALS_MAX] = "http://";
	struct failure f;

	memset(url + 7, 'u', len);
	strcpy(url + 7 + len, "@proxy");
	return proxy_url_parse(url, out, &f);
}

static void credentials_are_bounded(void **state)
{
	struct route r;

	(void)state;
	assert_int_equal(parse_user(PROXY_CREDENTIALS_MAX - 2, &r), ERR_OK);
	assert_int_equal(strlen(r.authorization), 1364);
	assert_int_equal(parse_user(PROXY_CREDENTIALS_MAX - 1, &r), ERR_PROXY);
	assert_int_equal(parse_user(PROXY_CREDENTIALS_MAX, &r), ERR_PROXY);
	assert_int_equal(parse_user(PROXY_CREDENTIALS_MAX + 9, &r), ERR_PROXY);
}

static void hosts_are_bounded(void **state)
{
	char host[HOST_CHARS_MAX + 16];
	struct route r;
	struct failure f;

	(void)state;
	for (size_t len = HOST_CHARS_MAX - 1; len < sizeof(host); len++) {
		memset(host, 'a', len);
		host[len] = '\0';
		assert_int_equal(proxy_url_parse(host, &r, &f),
				 len <= HOST_CHARS_MAX ? ERR_OK : ERR_PROXY);
	}
}

static void an_over_long_entry_of_no_proxy_is_skipped(void **state)
{
	char no_proxy[2000];
	struct route r;
	struct failure f;

	(void)state;
	memset(no_proxy, 'x', 1000);
	strcpy(no_proxy + 1000, ",reg.example");
	assert_int_equal(
		route_choose("proxy", no_proxy, "reg.example", 443, &r, &f),
		ERR_OK);
	assert_false(r.proxied);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_is_as_go_answers),
		cmocka_unit_test(no_variable_is_no_proxy),
		cmocka_unit_test(a_message_never_holds_the_password),
		cmocka_unit_test(credentials_are_bounded),
		cmocka_unit_test(hosts_are_bounded),
		cmocka_unit_test(an_over_long_entry_of_no_proxy_is_skipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
