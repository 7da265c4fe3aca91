/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which registries are one, and what Docker does not take for one of its own;
 * see registry.h. Pure.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/bytes.h"
#include "common/registry.h"

/* see registry.h; an address in brackets has several spellings. */
bool registry_is_same(const struct registry *a, const struct registry *b)
{
	struct in6_addr v6[2];

	if (a->kind != b->kind || a->port != b->port)
		return false;
	if (a->kind == REGISTRY_IPV6 &&
	    inet_pton(AF_INET6, a->host, &v6[0]) == 1 &&
	    inet_pton(AF_INET6, b->host, &v6[1]) == 1)
		return !memcmp(&v6[0], &v6[1], sizeof(v6[0]));
	return !strcasecmp(a->host, b->host);
}

/* see registry.h */
bool registry_other_reference(const struct registry *r,
			      char out[static REGISTRY_CHARS_MAX + 8])
{
	static const char port[] = ":443";
	size_t len = strlen(r->reference);
	bool has_port = bytes_end_with(bytes_of(r->reference), port);

	if (r->port != REGISTRY_PORT_DEFAULT)
		return false;
	if (has_port)
		snprintf(out, REGISTRY_CHARS_MAX + 8, "%.*s",
			 (int)(len - strlen(port)), r->reference);
	else
		snprintf(out, REGISTRY_CHARS_MAX + 8, "%s%s", r->reference,
			 port);
	return true;
}

static bool has_capital(const struct registry *r)
{
	for (const char *c = r->reference; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			return true;
	return false;
}

/* see registry.h */
bool registry_is_docker_hub_path(const struct registry *r)
{
	return r->kind == REGISTRY_NAME && !strpbrk(r->reference, ".:") &&
	       strcmp(r->reference, "localhost") != 0 && !has_capital(r);
}

/* see registry.h */
bool registry_is_new_reference(const struct registry *r)
{
	return r->kind == REGISTRY_IPV6 ||
	       (r->kind == REGISTRY_NAME && !strpbrk(r->reference, ".:") &&
		has_capital(r));
}

/* see registry.h */
bool registry_is_loopback_v6(const struct in6_addr *a)
{
	return IN6_IS_ADDR_LOOPBACK(a) ||
	       (IN6_IS_ADDR_V4MAPPED(a) && a->s6_addr[12] == 127);
}

/* see registry.h */
bool registry_is_loopback(const struct registry *r)
{
	struct in6_addr v6;

	switch (r->kind) {
	case REGISTRY_NAME:
		return !strcasecmp(r->host, "localhost");
	case REGISTRY_IPV4:
		return !strncmp(r->host, "127.", 4);
	case REGISTRY_IPV6:
		return inet_pton(AF_INET6, r->host, &v6) == 1 &&
		       registry_is_loopback_v6(&v6);
	}
	return false;
}

/* see registry.h */
bool registry_is_docker_hub(const struct registry *r)
{
	return !strcmp(r->reference, "docker.io") ||
	       !strcmp(r->reference, "index.docker.io");
}

/* see registry.h */
const struct registry *registry_endpoint(const struct registry *r)
{
	static const struct registry hub = {.reference = "registry-1.docker.io",
					    .host = "registry-1.docker.io",
					    .port = REGISTRY_PORT_DEFAULT,
					    .kind = REGISTRY_NAME};

	return registry_is_docker_hub(r) ? &hub : r;
}

/* see registry.h */
bool registry_is_public(const struct registry *r)
{
	static const char *const names[] = {
		"docker.io",	     "ghcr.io",
		"quay.io",	     "gcr.io",
		"pkg.dev",	     "azurecr.io",
		"registry.k8s.io",   "mcr.microsoft.com",
		"public.ecr.aws",    "registry.gitlab.com",
		"nvcr.io",	     "registry.access.redhat.com",
		"registry.redhat.io"};
	size_t len = strlen(r->host);

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		size_t end = strlen(names[i]);

		if (r->port == REGISTRY_PORT_DEFAULT && len >= end &&
		    !strcasecmp(r->host + len - end, names[i]) &&
		    (len == end || r->host[len - end - 1] == '.'))
			return true;
	}
	return false;
}
