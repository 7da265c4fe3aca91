/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One of the two TLS clients by itself, unsealed, for test_fallback.py:
 *
 *	clients mbedtls|fallback ADDRESS PORT NAME
 *
 * Prints what was captured, one word and its value a line; exits with the
 * class of the failure.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "probe/connect/dial.h"
#include "probe/tls/fallback/fallback.h"

#define TIMEOUT_MS 10000

static void print_capture(const struct capture *c)
{
	printf("tls %04x\npossession %d\nclient_cert %d\nunfinished %d\n",
	       c->tls_version, c->possession, c->client_cert,
	       c->needs_fallback);
	for (size_t i = 0; i < c->presented.count; i++) {
		printf("cert ");
		for (size_t j = 0; j < c->presented.certs[i].len; j++)
			printf("%02x", c->presented.certs[i].data[j]);
		printf("\n");
	}
}

int main(int argc, char **argv)
{
	static struct capture capture;
	int64_t deadline_ms = clock_ms() + TIMEOUT_MS;
	struct connection connection = {.fd = -1};
	struct registry registry;
	struct failure f = {.code = ERR_OK};
	enum err err;

	if (argc != 5)
		return 127;
	err = registry_parse(argv[4], strlen(argv[4]), &registry, &f);
	if (err == ERR_OK)
		err = dial_open(argv[2], (uint16_t)atoi(argv[3]), deadline_ms,
				&connection, &f);
	if (err == ERR_OK && !strcmp(argv[1], "fallback"))
		err = fallback_capture(connection.fd, &registry, deadline_ms,
				       &capture, &f);
	else if (err == ERR_OK)
		err = capture_chain(connection.fd, &registry, NULL, NULL,
				    deadline_ms, &capture, &f);
	if (err != ERR_OK)
		printf("failure %s\n", f.detail);
	print_capture(&capture);
	return (int)err;
}
