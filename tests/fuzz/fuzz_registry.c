/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text as a registry: what is taken is the name of a directory that leads
 * nowhere else, and reads as itself.
 */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/registry.h"
#include "fuzz/refused.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* What the options and the token service's host are taken by. */
static enum err parse(const void *data, size_t len, struct registry *out,
		      struct failure *f)
{
	char *copy = malloc(len ? len : 1);
	enum err err;

	if (!copy)
		abort();
	memcpy(copy, data, len);
	err = registry_parse(copy, len, out, f);
	free(copy);
	return err;
}

static void check_accepted(const struct registry *r)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789.-:[]";
	size_t len = strlen(r->reference);
	uint8_t address[16];
	struct registry again;
	struct failure f;

	if (len == 0 || strspn(r->reference, plain) != len ||
	    strstr(r->reference, "..") || r->reference[0] == '.' ||
	    r->reference[0] == '-' || r->port == 0)
		abort();
	if (r->kind == REGISTRY_IPV4 &&
	    inet_pton(AF_INET, r->host, address) != 1)
		abort();
	if (r->kind == REGISTRY_IPV6 &&
	    inet_pton(AF_INET6, r->host, address) != 1)
		abort();
	if (parse(r->reference, len, &again, &f) != ERR_OK ||
	    memcmp(&again, r, sizeof(again)) != 0)
		abort();
	(void)registry_is_loopback(r);
	(void)registry_is_docker_hub_path(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct registry r;
	struct failure f = {0};

	if (parse(data, len, &r, &f) == ERR_OK)
		check_accepted(&r);
	else
		check_refused(&f);
	return 0;
}
