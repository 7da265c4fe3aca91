/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTPS_PROXY, NO_PROXY and a host, each ended by a NUL. A route that was
 * chosen is whole and safe to put into a request; a refusal quotes nothing.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "probe/connect/route.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* The text up to the next NUL, and step over it. */
static const char *field(char **at)
{
	char *text = *at;

	*at += strlen(text) + 1;
	return text;
}

static void check_route(const struct route *route)
{
	if (!*route->host || !route->port ||
	    strlen(route->host) > HOST_CHARS_MAX ||
	    strpbrk(route->host, " \t\r\n/?#@[]%") ||
	    strlen(route->authorization) >= ROUTE_AUTHORIZATION_SIZE ||
	    strlen(route->authorization) % 4)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *copy = calloc(1, len + 3);
	char *at = copy;
	const char *https_proxy;
	const char *no_proxy;
	struct route route;
	struct failure f = {0};
	enum err err;

	if (!copy)
		abort();
	memcpy(copy, data, len);
	https_proxy = field(&at);
	no_proxy = field(&at);
	err = route_choose(https_proxy, no_proxy, at, 443, &route, &f);
	if (err && (err != ERR_PROXY ||
		    strncmp(f.detail, "HTTPS_PROXY is no proxy URL: ", 29)))
		abort();
	if (!err && route.proxied)
		check_route(&route);
	free(copy);
	return 0;
}
