/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words for what DNS servers do, with servers on loopback that answer
 * with any twelve bytes: each is a child of the test.
 */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/clock.h"
#include "probe/connect/dns_cause.h"
#include "support/unit.h"

struct fake {
	pid_t child;
	union address at;
};

/* Answers LEN bytes: the query's id (plus WRONG), then FLAGS and a COUNT. */
struct reply {
	uint8_t flags[2];
	uint8_t count;
	uint8_t wrong;
	size_t len;
};

static void serve(int fd, const struct reply *reply)
{
	for (;;) {
		uint8_t buffer[512] = {0};
		struct sockaddr_in peer;
		socklen_t size = sizeof(peer);

		recvfrom(fd, buffer, sizeof(buffer), 0,
			 (struct sockaddr *)&peer, &size);
		buffer[0] = (uint8_t)(buffer[0] + reply->wrong);
		memcpy(buffer + 2, reply->flags, 2);
		buffer[7] = reply->count;
		sendto(fd, buffer, reply->len, 0, (struct sockaddr *)&peer,
		       size);
	}
}

static void fake_open(const struct reply *reply, struct fake *out)
{
	socklen_t size = sizeof(out->at.v4);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	memset(&out->at, 0, sizeof(out->at));
	out->at.v4.sin_family = AF_INET;
	out->at.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, &out->at.any, size), 0);
	assert_int_equal(getsockname(fd, &out->at.any, &size), 0);
	out->child = reply ? fork() : -1;
	if (!out->child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve(fd, reply);
	}
	close(fd);
}

static void fake_close(struct fake *fake)
{
	if (fake->child < 0)
		return;
	kill(fake->child, SIGKILL);
	waitpid(fake->child, NULL, 0);
}

/* What is said about one server that replies so; NULL: nobody listens. */
static void assert_cause(const struct reply *reply, const char *want)
{
	struct fake fake;
	struct failure f;
	char text[256];

	fake_open(reply, &fake);
	/* Records may be of a family that was not asked for. */
	assert_int_equal(dns_cause_explain("dtr.example.com", &fake.at, 1,
					   clock_ms() + 2000, &f),
			 strstr(want, "only an alias") ? ERR_OK : ERR_RESOLVE);
	assert_int_equal(f.code, ERR_RESOLVE);
	fake_close(&fake);
	snprintf(text, sizeof(text),
		 "dtr.example.com: 127.0.0.1:%u "
		 "%s",
		 ntohs(fake.at.v4.sin_port), want);
	assert_string_equal(f.detail, text);
}

static void each_kind_of_answer_has_its_words(void **state)
{
	static const struct {
		struct reply reply;
		const char *words;
	} cases[] = {
		{{{0x81, 0x83}, 0, 0, 12}, "knows no such name (NXDOMAIN)"},
		{{{0x81, 0x82}, 0, 0, 12}, "failed to find out (SERVFAIL)"},
		{{{0x81, 0x85}, 0, 0, 12}, "refuses to say (REFUSED)"},
		{{{0x81, 0x84}, 0, 0, 12}, "answers with an error"},
		{{{0x81, 0x80}, 0, 0, 12},
		 "knows the name but has no address for it"},
		{{{0x81, 0x80}, 1, 0, 500},
		 "has only an alias that leads to no address"},
		{{{0x83, 0x80}, 0, 0, 12},
		 "has a longer answer than UDP carries, and over TCP came "
		 "none that libc can take"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_cause(&cases[i].reply, cases[i].words);
	assert_cause(NULL, "runs no DNS server");
}

static void what_is_no_answer_is_silence(void **state)
{
	static const struct reply replies[] = {
		{{0x81, 0x83}, 0, 1, 12}, /* another question's id */
		{{0x81, 0x83}, 0, 0, 11}, /* not even a head */
		{{0x01, 0x00}, 0, 0, 12}, /* our own query, sent back */
	};
	int64_t start_ms = clock_ms();

	(void)state;
	for (size_t i = 0; i < 3; i++)
		assert_cause(&replies[i], "does not answer");
	assert_in_range(clock_ms() - start_ms, 3 * DNS_CAUSE_MS,
			3 * DNS_CAUSE_MS + 3000);
}

static void servers_are_asked_at_once_and_named_in_order(void **state)
{
	static const struct reply no_name = {{0x81, 0x83}, 0, 0, 12};
	static const struct reply silent = {{0x81, 0x83}, 0, 1, 12};
	struct fake fake[3];
	union address list[3];
	struct failure f;
	char text[512];
	int64_t start_ms = clock_ms();

	(void)state;
	fake_open(&silent, &fake[0]);
	fake_open(&no_name, &fake[1]);
	fake_open(&silent, &fake[2]);
	for (size_t i = 0; i < 3; i++)
		list[i] = fake[i].at;
	assert_int_equal(
		dns_cause_explain("reg", list, 3, clock_ms() + 2000, &f),
		ERR_RESOLVE);
	assert_in_range(clock_ms() - start_ms, 900, DNS_CAUSE_MS + 5000);
	for (size_t i = 0; i < 3; i++)
		fake_close(&fake[i]);
	snprintf(text, sizeof(text),
		 "reg: 127.0.0.1:%u does not "
		 "answer; 127.0.0.1:%u knows no such name (NXDOMAIN); "
		 "127.0.0.1:%u does not answer",
		 ntohs(list[0].v4.sin_port), ntohs(list[1].v4.sin_port),
		 ntohs(list[2].v4.sin_port));
	assert_string_equal(f.detail, text);
}

static void a_deadline_cuts_the_wait_but_for_half_the_grace(void **state)
{
	static const struct reply silent = {{0x81, 0x83}, 0, 1, 12};
	struct fake fake;
	struct failure f;
	int64_t start_ms = clock_ms();

	(void)state;
	fake_open(&silent, &fake);
	assert_int_equal(dns_cause_explain("reg", &fake.at, 1, start_ms, &f),
			 ERR_RESOLVE);
	assert_in_range(clock_ms() - start_ms, TIMEOUT_GRACE_MS / 2,
			DNS_CAUSE_MS - 1);
	fake_close(&fake);
}

static void what_is_no_name_is_not_asked(void **state)
{
	static const char label[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
				    "aaaaaaaaaaaaaaaaaaaaaa";
	static const char *const hosts[] = {"a..b", ".a", label};
	struct failure f;
	char text[128];

	(void)state;
	assert_int_equal(strlen(label), LABEL_CHARS_MAX + 1);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(dns_cause_explain(hosts[i], NULL, 0,
						   clock_ms() + 100, &f),
				 ERR_RESOLVE);
		snprintf(text, sizeof(text), "%s: this is no DNS name",
			 hosts[i]);
		assert_string_equal(f.detail, text);
	}
}

static void the_longest_name_fits(void **state)
{
	char host[HOST_CHARS_MAX + 1];
	struct failure f;

	(void)state;
	memset(host, 'a', sizeof(host));
	for (size_t i = LABEL_CHARS_MAX; i < HOST_CHARS_MAX;
	     i += LABEL_CHARS_MAX + 1)
		host[i] = '.';
	host[HOST_CHARS_MAX] = '\0';
	assert_int_equal(dns_cause_explain(host, NULL, 0, clock_ms(), &f),
			 ERR_RESOLVE);
	assert_null(strstr(f.detail, "no DNS name"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_of_answer_has_its_words),
		cmocka_unit_test(what_is_no_answer_is_silence),
		cmocka_unit_test(servers_are_asked_at_once_and_named_in_order),
		cmocka_unit_test(
			a_deadline_cuts_the_wait_but_for_half_the_grace),
		cmocka_unit_test(what_is_no_name_is_not_asked),
		cmocka_unit_test(the_longest_name_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
