/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The TLS client by itself, unsealed, for tests and scripts:
 *
 *	clients ADDRESS PORT NAME [DOCKER [REQUEST]]
 *
 * Asks as the program does: again with the wider offer where the first says so.
 * DOCKER is a release, "" the newest. Prints what was captured, one word and
 * its value a line; exits with the class of the failure.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"
#include "probe/connect/dial.h"
#include "probe/tls/capture.h"

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

int main(int argc, char **argv)
{
	static struct capture capture;
	struct failure f = {.code = ERR_OK};
	struct registry registry;
	struct call call = {.query.registry = &registry};
	enum err err;

	if (argc < 4)
		return 127;
	call.address = argv[1];
	call.port = (uint16_t)atoi(argv[2]);
	call.query.docker = argc > 4 && *argv[4] ? argv[4] : NULL;
	call.query.request = argc > 5 ? argv[5] : NULL;
	err = registry_parse(argv[3], strlen(argv[3]), &registry, &f);
	if (err == ERR_OK)
		err = ask(&call, &capture, &f);
	call.query.wider = capture.asks_wider;
	if (err != ERR_OK && capture.asks_wider)
		err = ask(&call, &capture, &f);
	printf("wider %d\n", call.query.wider);
	if (err != ERR_OK)
		printf("failure %s\n", f.detail);
	print_capture(&capture);
	return (int)err;
}
