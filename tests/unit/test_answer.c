/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one request and what is read of its answer.
 */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "probe/judge/answer.h"

static struct answer read_text(const char *text, size_t len)
{
	struct answer reply;
	uint8_t *exact = malloc(len ? len : 1);

	memcpy(exact, text, len);
	memset(&reply, 0xa5, sizeof(reply));
	answer_read((struct bytes){exact, len}, &reply);
	free(exact);
	return reply;
}

static struct answer read_whole(const char *text)
{
	return read_text(text, strlen(text));
}

static void the_request_is_what_docker_asks(void **state)
{
	static const struct registry r = {"[2001:db8::1]:5000", "2001:db8::1",
					  5000, REGISTRY_IPV6};
	char out[ANSWER_REQUEST_BYTES];

	(void)state;
	answer_request(&r, out);
	assert_string_equal(out, "GET /v2/ HTTP/1.1\r\n"
				 "Host: [2001:db8::1]:5000\r\n"
				 "User-Agent: dtr-trust\r\n"
				 "Connection: close\r\n\r\n");
}

static void the_longest_reference_fits(void **state)
{
	static struct registry r;
	char out[ANSWER_REQUEST_BYTES];

	(void)state;
	memset(r.reference, 'x', sizeof(r.reference) - 1);
	answer_request(&r, out);
	assert_in_range(strlen(out), 255, ANSWER_REQUEST_BYTES - 1);
	assert_string_equal(out + strlen(out) - 4, "\r\n\r\n");
}

#define OK    "HTTP/1.1 200 OK\r\n"
#define AUTH  "HTTP/1.1 401 Unauthorized\r\n"
#define API   "Docker-Distribution-Api-Version: registry/2.0\r\n"
#define REALM "https://auth.example:5001/token"

static void answers_are_read(void **state)
{
	static const struct {
		const char *text;
		int status;
		bool is_registry;
		const char *service; /* or NULL */
	} rows[] = {
		{OK API "\r\n", 200, true, NULL},
		{"HTTP/1.0 404 Not Found\r\n\r\n", 404, false, NULL},
		{"HTTP/1.1 200 \n" API "\n", 200, true, NULL},
		{OK "docker-distribution-api-version:registry/2.0\r\n\r\n", 200,
		 true, NULL},
		{AUTH API "WWW-Authenticate: Bearer realm=\"" REALM
			  "\",service=\"reg\"\r\n\r\n",
		 401, true, "auth.example:5001"},
		{AUTH "www-authenticate:\tbearer service=\"x\",realm=\"" REALM
		      "\"\r\n\r\n",
		 401, false, "auth.example:5001"},
		{AUTH "WWW-Authenticate: Basic realm=\"x\"\r\n"
		      "WWW-Authenticate: Bearer realm=\"" REALM "\"\r\n\r\n",
		 401, false, "auth.example:5001"},
		{AUTH "WWW-Authenticate: Bearer realm=\"https://a\"\r\n"
		      "WWW-Authenticate: Bearer realm=\"https://b\"\r\n\r\n",
		 401, false, "a"},
		{OK "Docker-Distribution-Api-Version-Old: x\r\n\r\n", 200,
		 false, NULL},
		/* Cut behind a line: what is there counts. */
		{AUTH API, 401, true, NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct answer r = read_text(rows[i].text, strlen(rows[i].text));

		check(r.status == rows[i].status, "row %zu: %d", i, r.status);
		check(r.is_registry == rows[i].is_registry, "row %zu", i);
		check(r.has_token_service == (rows[i].service != NULL),
		      "row %zu", i);
		if (rows[i].service)
			assert_string_equal(r.token_service.reference,
					    rows[i].service);
	}
}

static void other_challenges_name_no_service(void **state)
{
	static const char *const values[] = {
		"",
		"Bearer",
		"Bearer ",
		"Bearer realm",
		"Bearer realm=",
		"Bearer realm=\"",
		"Bearer realm=\"" REALM,
		"Bearer realm=\"\"",
		"Bearer realm=\"http://auth.example/\"",
		"Bearer realm=\"auth.example\"",
		"Bearer realm=\"https://\"",
		"Bearer realm=\"https\"",
		"Bearer realm=\"https:/\"/\"",
		"Bearer realm=\"https://user@auth.example/\"",
		"Bearer realm=\"https://../token\"",
		"Bearer realm=\"https://a_b/\"",
		"Bearer realm=\"https://a\x1b/\"",
		"Bearer realm=\"https://1.2.3/\"",
		"Basic realm=\"" REALM "\"",
		"Bearerrealm=\"" REALM "\"",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(values); i++) {
		char text[256] = AUTH "WWW-Authenticate: ";
		struct answer r;

		strcat(strcat(text, values[i]), "\r\n\r\n");
		r = read_text(text, strlen(text));
		assert_int_equal(r.status, 401);
		check(!r.has_token_service, "\"%s\" names %s", values[i],
		      r.token_service.reference);
	}
}

/* What Docker makes of each stands at enum answer_kind. */
static void each_answer_has_its_kind(void **state)
{
#define BEARER(realm)	"WWW-Authenticate: Bearer realm=" realm "\r\n"
#define BASIC		"WWW-Authenticate: Basic realm=\"x\"\r\n"
#define TO(status, url) "HTTP/1.1 " status " x\r\nLocation: " url "\r\n\r\n"
	static const struct {
		const char *text;
		enum answer_kind kind;
	} rows[] = {
		{"", ANSWER_NONE},
		{"HTTP/1.10 200 OK\r\n\r\n", ANSWER_NONE},
		{"HTTP/1.1 +20 OK\r\n\r\n", ANSWER_NONE},
		{"HTTP/1.1 20", ANSWER_NONE},
		{"HT", ANSWER_NONE},
		/* What every release calls malformed. */
		{"SSH-2.0-x\r\n", ANSWER_BROKEN},
		{"\x01\x02", ANSWER_BROKEN},
		{"\r\n" OK "\r\n", ANSWER_BROKEN},
		{"http/1.1 200 OK\r\n\r\n", ANSWER_BROKEN},
		{"HTTP/1 200 OK\r\n\r\n", ANSWER_BROKEN},
		{"HTTP/1.1\r\n\r\n", ANSWER_BROKEN},
		{"HTTP/1.1 0200 OK\r\n\r\n", ANSWER_BROKEN},
		{"HTTP/1.1 2OO OK\r\n\r\n", ANSWER_BROKEN},
		{"HTTP/1.1 200\tOK\r\n\r\n", ANSWER_BROKEN},
		{"HTTP/1.1 103 Early Hints\r\n\r\nSSH-2.0-x\r\n",
		 ANSWER_BROKEN},
		/* And what every release takes. */
		{"HTTP/2.0   200 OK\r\n\r\n", ANSWER_OPEN},
		{"HTTP/0.9 200 \r\n\r\n", ANSWER_OPEN},
		{OK "\r\n", ANSWER_OPEN},
		{OK "Content-Type: application/json\r\n\r\n", ANSWER_OPEN},
		{OK "content-type: Text/HTML; charset=utf-8\r\n\r\n",
		 ANSWER_PAGE},
		{AUTH BEARER("\"" REALM "\"") "\r\n", ANSWER_TOKEN},
		{AUTH BEARER("\"http://auth.example/token\"") "\r\n",
		 ANSWER_TOKEN},
		{AUTH "WWW-Authenticate: Basic realm=\"x\"\r\n\r\n",
		 ANSWER_BASIC},
		{AUTH "WWW-Authenticate: Basic\r\n\r\n", ANSWER_BASIC},
		{AUTH "WWW-Authenticate: Basic realm=\"x\"\r\n" BEARER(
			 "\"" REALM "\"") "\r\n",
		 ANSWER_TOKEN},
		{AUTH "\r\n", ANSWER_NO_CHALLENGE},
		{AUTH "WWW-Authenticate: Negotiate\r\n\r\n",
		 ANSWER_NO_CHALLENGE},
		{AUTH "WWW-Authenticate: Basically realm=x\r\n\r\n",
		 ANSWER_NO_CHALLENGE},
		{AUTH "WWW-Authenticate: Bearer service=\"x\"\r\n\r\n",
		 ANSWER_NO_REALM},
		{AUTH BEARER("\"/token\"") "\r\n", ANSWER_NO_REALM},
		{AUTH BEARER("\"https:///token\"") "\r\n", ANSWER_NO_REALM},
		{AUTH BEARER("\"/token\"") BASIC "\r\n", ANSWER_NO_REALM},
		{AUTH BASIC BEARER("\"/token\"") "\r\n", ANSWER_NO_REALM},
		/* The first of several counts. */
		{AUTH BEARER("\"/token\"") BEARER("\"" REALM "\"") "\r\n",
		 ANSWER_NO_REALM},
		{AUTH BEARER("\"" REALM "\"") BEARER("\"/token\"") "\r\n",
		 ANSWER_TOKEN},
		{AUTH BEARER("\"https://auth_server/token\"")
			 BEARER("\"" REALM "\"") "\r\n",
		 ANSWER_NONE},
		/* Docker gets there; we do not write such names. */
		{AUTH BEARER("\"https://auth_server:5001/token\"") "\r\n",
		 ANSWER_NONE},
		{AUTH BEARER("\"https://user:x@auth.example/token\"") "\r\n",
		 ANSWER_NONE},
		{AUTH "WWW-Authenticate: Basic realm=\"x\"\r\n" BEARER(
			 "\"https://auth_server/token\"") "\r\n",
		 ANSWER_NONE},
		{AUTH BEARER("\"https:\\/\\/auth.example/token\"") "\r\n",
		 ANSWER_NONE},
		{TO("301", "https://other.example/v2/"), ANSWER_REDIRECT},
		/* Here too: Go fails with the first, or takes it for none. */
		{"HTTP/1.1 301 x\r\nLocation: ftp://x/\r\n"
		 "Location: https://other.example/v2/\r\n\r\n",
		 ANSWER_OTHER},
		{"HTTP/1.1 301 x\r\nLocation:\r\n"
		 "Location: https://other.example/v2/\r\n\r\n",
		 ANSWER_OTHER},
		{TO("302", "/users/sign_in"), ANSWER_REDIRECT},
		{TO("303", "http://reg.example/v2/"), ANSWER_REDIRECT},
		{TO("307", "https://other.example"), ANSWER_REDIRECT},
		{TO("308", "https://other.example"), ANSWER_REDIRECT},
		{TO("304", "https://other.example"), ANSWER_OTHER},
		{TO("301", "ftp://other.example"), ANSWER_OTHER},
		{TO("301", "//other.example"), ANSWER_REDIRECT},
		{TO("301", "mailto:a@other.example"), ANSWER_OTHER},
		{TO("301", ""), ANSWER_OTHER},
		{"HTTP/1.1 301 x\r\n\r\n", ANSWER_OTHER},
		{"HTTP/1.1 404 Not Found\r\n\r\n", ANSWER_OTHER},
		{"HTTP/1.1 403 Forbidden\r\n\r\n", ANSWER_OTHER},
		{"HTTP/1.1 502 Bad Gateway\r\n\r\n", ANSWER_OTHER},
		{"HTTP/1.1 400 Bad Request\r\n\r\n", ANSWER_OTHER},
		{"HTTP/1.1 204 No Content\r\n\r\n", ANSWER_OTHER},
		{"HTTP/1.1 100 Continue\r\n\r\n" OK "\r\n", ANSWER_OPEN},
		{"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" AUTH
		 "WWW-Authenticate: Basic realm=\"x\"\r\n\r\n",
		 ANSWER_BASIC},
		{"HTTP/1.1 100 Continue\r\n\r\n", ANSWER_NONE},
		{"HTTP/1.1 101 x\r\n\r\n" OK "\r\n", ANSWER_OTHER},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct answer r = read_text(rows[i].text, strlen(rows[i].text));

		check(r.kind == rows[i].kind, "row %zu: %d", i, (int)r.kind);
	}
}

static void a_login_by_name_may_stand_first(void **state)
{
	(void)state;
	assert_true(read_whole(AUTH BASIC "\r\n").is_basic_first);
	assert_true(read_whole(AUTH BASIC BEARER("\"" REALM "\"") "\r\n")
			    .is_basic_first);
	assert_false(read_whole(AUTH BEARER("\"" REALM "\"") BASIC "\r\n")
			     .is_basic_first);
	assert_false(read_whole(AUTH BEARER("\"/token\"") BASIC "\r\n")
			     .is_basic_first);
	assert_false(
		read_whole(AUTH BEARER("\"" REALM "\"") "\r\n").is_basic_first);
}

static void places_are_taken_apart(void **state)
{
	static const struct {
		const char *realm;
		const char *reference; /* NULL: not known */
		uint16_t port;
		bool is_plain;
	} rows[] = {
		{"\"https://a.example/t?x=y:1\"", "a.example", 443, false},
		{"\"https://a.example:5001?x\"", "a.example:5001", 5001, false},
		{"\"https://a.example#x\"", "a.example", 443, false},
		{"\"HTTPS://A.example\"", "A.example", 443, false},
		{"\"http://a.example/t\"", "a.example", 80, true},
		{"\"http://a.example:81/t\"", "a.example:81", 81, true},
		{"\"http://[2001:db8::1]/t\"", "[2001:db8::1]", 80, true},
		{"\"https://[2001:db8::1]:5/t\"", "[2001:db8::1]:5", 5, false},
		/* Without quotes it is a token, and ends at the colon. */
		{"https://a.example/t,service=\"x\"", NULL, 0, false},
		{"\"https://user:secret@a.example/t\"", NULL, 0, false},
		{"\"ftp://a.example/t\"", NULL, 0, false},
		{"\"/token\"", NULL, 0, false},
		{"\"https://a.ex\\\"ample/t\"", NULL, 0, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[256] = AUTH "WWW-Authenticate: Bearer service=\"r\","
				      "realm=";
		struct answer r;

		strcat(strcat(text, rows[i].realm), "\r\n\r\n");
		r = read_text(text, strlen(text));
		check(r.realm.known == (rows[i].reference != NULL), "%s",
		      rows[i].realm);
		if (!rows[i].reference)
			continue;
		assert_string_equal(r.realm.registry.reference,
				    rows[i].reference);
		assert_int_equal(r.realm.registry.port, rows[i].port);
		assert_int_equal(r.realm.is_plain, rows[i].is_plain);
		assert_int_equal(r.has_token_service, !rows[i].is_plain);
	}
}

/* From https://reg/v2/, as Go's url.URL.Parse resolves it. */
static void locations_lead_here_or_there(void **state)
{
	static const struct {
		const char *value;
		bool is_here, is_v2, is_plain;
		const char *reference;
	} rows[] = {
		{"/v2/", true, true, false, ""},
		{"/v2/#top", true, true, false, ""},
		{"#top", true, true, false, ""},
		{"/v2/ \t", true, true, false, ""},
		{"/v2", true, false, false, ""},
		{"/v2/?a=b", true, false, false, ""},
		{"?a=b", true, false, false, ""},
		{"/users/sign_in", true, false, false, ""},
		{"login:8", false, false, false, NULL},
		{"./login:8", true, false, false, ""},
		{"8:login", true, false, false, ""},
		{"https://b.example:5/v2/", false, true, false, "b.example:5"},
		{"HTTPS://B.example/v2/#x", false, true, false, "B.example"},
		{"https://b.example/v2/?a", false, false, false, "b.example"},
		{"https://b.example?/v2/", false, false, false, "b.example"},
		{"https://b.example", false, false, false, "b.example"},
		{"//b.example/v2/", false, true, false, "b.example"},
		{"///v2/", false, true, false, ""},
		{"https://b_c.example/v2/", false, true, false, ""},
		{"https://me:secret@b.example/v2/", false, true, false, ""},
		{"https:///v2/", false, true, false, ""},
		{"https:b.example", false, false, false, NULL},
		{"http://b.example/v2/", false, true, true, "b.example"},
		{"http://reg:81", false, false, true, "reg:81"},
		{"ftp://b.example/v2/", false, false, false, NULL},
		{"", false, false, false, NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[128];
		const struct answer_place *to;
		struct answer r;

		snprintf(text, sizeof(text),
			 "HTTP/1.1 301 x\r\nLocation: %s\r\n\r\n",
			 rows[i].value);
		r = read_text(text, strlen(text));
		to = &r.location;
		check(to->known == (rows[i].reference != NULL), "%s",
		      rows[i].value);
		if (!to->known)
			continue;
		check(to->is_here == rows[i].is_here &&
			      to->is_v2 == rows[i].is_v2 &&
			      to->is_plain == rows[i].is_plain,
		      "%s", rows[i].value);
		assert_string_equal(to->registry.reference, rows[i].reference);
	}
}

static void what_is_no_answer_has_no_status(void **state)
{
	static const char *const texts[] = {"",
					    "HTTP/1.1 200 OK",
					    "HTTP/1.1 20\r\n",
					    "HTTP/1.1 2x0 OK\r\n",
					    "HTTP/2 200 OK   \r\n",
					    "http/1.1 200 OK\r\n",
					    "HTTP/1.1x200 OK\r\n",
					    " HTTP/1.1 200 OK\r\n",
					    "\r\n" OK,
					    "SSH-2.0-OpenSSH\r\n" API,
					    "\n"};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct answer r = read_text(texts[i], strlen(texts[i]));

		check(r.status == 0, "\"%s\": %d", texts[i], r.status);
		assert_false(r.is_registry);
		assert_false(r.has_token_service);
	}
}

/* What a body says is not the header's. */
static void nothing_counts_behind_the_blank_line(void **state)
{
	static const char text[] = OK
		"\r\n" API "WWW-Authenticate: Bearer realm=\"" REALM "\"\r\n";
	struct answer r = read_text(text, sizeof(text) - 1);

	(void)state;
	assert_int_equal(r.status, 200);
	assert_false(r.is_registry);
	assert_false(r.has_token_service);
}

static void an_answer_may_be_cut_anywhere(void **state)
{
	static const char text[] =
		AUTH API "WWW-Authenticate: Bearer realm=\"" REALM "\"\r\n\r\n";
	size_t services = 0;

	(void)state;
	for (size_t len = 0; len <= sizeof(text) - 1; len++)
		services += read_text(text, len).has_token_service;
	/* From the line's end on. */
	assert_int_equal(services, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_request_is_what_docker_asks),
		cmocka_unit_test(the_longest_reference_fits),
		cmocka_unit_test(answers_are_read),
		cmocka_unit_test(other_challenges_name_no_service),
		cmocka_unit_test(each_answer_has_its_kind),
		cmocka_unit_test(a_login_by_name_may_stand_first),
		cmocka_unit_test(places_are_taken_apart),
		cmocka_unit_test(locations_lead_here_or_there),
		cmocka_unit_test(what_is_no_answer_has_no_status),
		cmocka_unit_test(nothing_counts_behind_the_blank_line),
		cmocka_unit_test(an_answer_may_be_cut_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
