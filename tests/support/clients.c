/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The TLS client by itself, unsealed, for tests and scripts:
 *
 *	clients ADDRESS PORT NAME [DOCKER [REQUEST [CERTIFICATE]]]
 *
 * Asks as the program does: again with the wider offer where the first says so.
 * DOCKER is a release, "" the newest, or several by comma: then one after the
 * other. With the DER file CERTIFICATE also what that release says of the
 * chain, trusting it alone. Prints what was captured, one word and its value a
 * line; exits with the class of the failure.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/limits_judge.h"
#include "probe/connect/dial.h"
#include "probe/judge/answer.h"
#include "probe/tls/capture.h"
#include "probe/tls/suites.h"
#include "probe/verdict/verdict.h"

#define TIMEOUT_MS 10000

static const char *const ENDS[] = {
	[CAPTURE_UNKNOWN] = "unknown",
	[CAPTURE_COMPLETED] = "completed",
	[CAPTURE_REFUSED_EARLY] = "early",
	[CAPTURE_REFUSED] = "refused",
};

static void print_capture(const struct capture *c)
{
	printf("tls %04x\nsuite %04x\npossession %d\nclient_cert %d\n",
	       c->tls_version, c->suite, c->possession, c->client_cert);
	printf("end %s\nrefusal %s\nreply %d\n", ENDS[c->end], c->refusal,
	       (int)c->reply_len);
	for (size_t i = 0; i < c->presented.count; i++) {
		printf("cert ");
		for (size_t j = 0; j < c->presented.certs[i].len; j++)
			printf("%02x", c->presented.certs[i].data[j]);
		printf("\n");
	}
}

static const char *const ANSWERS[] = {
	[ANSWER_NONE] = "none",
	[ANSWER_OPEN] = "open",
	[ANSWER_TOKEN] = "token",
	[ANSWER_BASIC] = "basic",
	[ANSWER_NO_CHALLENGE] = "no-challenge",
	[ANSWER_REDIRECT] = "redirect",
	[ANSWER_PAGE] = "page",
	[ANSWER_OTHER] = "other",
	[ANSWER_NO_REALM] = "no-realm",
	[ANSWER_BROKEN] = "broken",
};

static void print_answer(const struct capture *c)
{
	struct answer a;

	answer_read((struct bytes){(const uint8_t *)c->reply, c->reply_len},
		    &a);
	printf("answer %s\nstatus %d\n", ANSWERS[a.kind], a.status);
	if (a.kind == ANSWER_TOKEN) {
		bool is_ipv6 = strchr(a.realm.registry.host, ':') != NULL;

		printf("realm %s%s%s%s:%u\n", a.realm.is_plain ? "http://" : "",
		       is_ipv6 ? "[" : "", a.realm.registry.host,
		       is_ipv6 ? "]" : "", a.realm.registry.port);
	}
}

static void print_verdict(const struct capture_query *asked,
			  const struct capture *c, const char *path)
{
	static uint8_t room[JUDGE_ARENA_BYTES], der[1 << 16];
	struct arena arena = {room, sizeof(room), 0};
	struct bytes pool = {der, 0};
	const char *host = asked->registry->host;
	struct verdict_query q = {
		.pool = &pool,
		.pool_len = 1,
		.sent = c->presented.certs,
		.sent_len = c->presented.count,
		.host = {(const uint8_t *)host, strlen(host)},
		.now = time(NULL),
		.release = suites_go(asked->docker),
		.arena = &arena,
	};
	struct verdict verdict;
	FILE *file = fopen(path, "rb");

	if (!file)
		exit(127);
	pool.len = fread(der, 1, sizeof(der), file);
	fclose(file);
	verdict_reach(&q, &verdict);
	printf("verdict %s\n", verdict.text);
}

struct call {
	const char *address;
	uint16_t port;
	struct capture_query query;
};

static enum err ask(const struct call *call, struct capture *out,
		    struct failure *f)
{
	int64_t deadline_ms = clock_ms() + TIMEOUT_MS;
	struct connection connection = {.fd = -1};
	enum err err = dial_open(call->address, call->port, deadline_ms,
				 &connection, f);

	if (err == ERR_OK)
		err = capture_chain(connection.fd, &call->query, deadline_ms,
				    out, f);
	close(connection.fd);
	return err;
}

static enum err run(struct call *call, const char *certificate)
{
	static struct capture capture;
	struct failure f = {.code = ERR_OK};
	enum err err;

	call->query.wider = false;
	err = ask(call, &capture, &f);
	call->query.wider = capture.asks_wider;
	if (err != ERR_OK && capture.asks_wider)
		err = ask(call, &capture, &f);
	printf("docker %s\nwider %d\n",
	       call->query.docker ? call->query.docker : "", call->query.wider);
	if (err != ERR_OK)
		printf("failure %s\n", f.detail);
	print_capture(&capture);
	print_answer(&capture);
	if (certificate && capture.presented.count)
		print_verdict(&call->query, &capture, certificate);
	return err;
}

int main(int argc, char **argv)
{
	struct failure f = {.code = ERR_OK};
	struct registry registry;
	struct call call = {.query.registry = &registry};
	char none[] = "", *releases = argc > 4 ? argv[4] : none;
	enum err err;

	if (argc < 4)
		return 127;
	call.address = argv[1];
	call.port = (uint16_t)atoi(argv[2]);
	call.query.request = argc > 5 ? argv[5] : NULL;
	err = registry_parse(argv[3], strlen(argv[3]), &registry, &f);
	while (err != ERR_USAGE && releases) {
		const char *docker = strsep(&releases, ",");

		call.query.docker = *docker ? docker : NULL;
		err = run(&call, argc > 6 ? argv[6] : NULL);
	}
	return (int)err;
}
