/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The grammar of a registry: the host[:port] part of an image reference
 * (distribution/reference, `domain`), narrowed to what a directory in certs.d
 * and a TLS name can hold. Pure; no locale, no DNS, no files.
 */
#ifndef COMMON_REGISTRY_H
#define COMMON_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/error.h"
#include "common/limits.h"

/* That of https (RFC 9110 4.2.2), where a reference names none. */
#define REGISTRY_PORT_DEFAULT 443

enum registry_kind { REGISTRY_NAME, REGISTRY_IPV4, REGISTRY_IPV6 };

struct registry {
	/* host[:port] letter for letter as the reference has it: Docker looks
	 * into the directory of exactly this name. */
	char reference[REGISTRY_CHARS_MAX + 1];
	/* The host alone, IPv6 without its brackets. */
	char host[HOST_CHARS_MAX + 1];
	/* The port to connect to. */
	uint16_t port;
	enum registry_kind kind;
};

/*
 * Read LEN bytes of TEXT, which need not end in NUL, into OUT. Accepted: a
 * DNS name, an IPv4 address, an IPv6 address in brackets, each with or
 * without `:port`; or any of these inside a pasted `https://.../path`, whose
 * scheme and path are dropped. Letter case is kept.
 *
 * Refused with ERR_USAGE: everything else, among it `..`, `/` without a
 * scheme, spaces, control bytes, user information, underscores, a final dot,
 * IPv6 zones, a host of digits that is no IPv4 address, port 0, ports over
 * 65535 or with leading zeros. On refusal OUT's reference is empty, and the
 * rest of it undefined.
 *
 * Not checked: whether the name exists, or whether Docker would take it for
 * a registry (see registry_is_docker_hub_path).
 */
MUST_CHECK enum err registry_parse(const char *text, size_t len,
				   struct registry *out, struct failure *f);

/* Are A and B the same registry: the same host, whatever the case of its
 * letters, and the same port, named or not? To Docker two references of one
 * registry are two directories all the same. */
bool registry_is_same(const struct registry *a, const struct registry *b);

/* `host:443` and `host` are two references of one registry: write to OUT the
 * one that R's is not. False where R's port is another, and R has one alone. */
bool registry_other_reference(const struct registry *r,
			      char out[static REGISTRY_CHARS_MAX + 8]);

/*
 * A reference whose first part has neither dot nor port nor capital and is not
 * `localhost` is a path on Docker Hub, not a registry (splitDockerDomain in
 * distribution/reference).
 */
bool registry_is_docker_hub_path(const struct registry *r);

/*
 * An IPv6 address, or a name in capitals without dot and port: to Docker from
 * 25 on a registry (run: 26.1, 28.5), to Docker 20.10 and to containers/image
 * up to skopeo 1.22 an "invalid reference format".
 */
bool registry_is_new_reference(const struct registry *r);

/*
 * docker.io or index.docker.io, letter for letter and without a port: Docker's
 * classic store reads no certs.d for them (lookupV2Endpoints in moby). For
 * registry-1.docker.io and docker.io:443 it does: run on 20.10.
 */
bool registry_is_docker_hub(const struct registry *r);

/* Whom every client asks for R: registry-1.docker.io for Docker Hub's two
 * names, R itself else. */
const struct registry *registry_endpoint(const struct registry *r);

/*
 * Is R a registry for everybody, on port 443, for which a public CA vouches:
 * Docker Hub, or one of the well known? Every host trusts it without being
 * told. A list, and not whole: whether any other name is private its CA alone
 * says.
 */
bool registry_is_public(const struct registry *r);

/*
 * 127.0.0.0/8, ::ffff:127.0.0.0/104, which Go takes for it, ::1 and
 * `localhost`: Docker treats these as insecure and never reads certs.d for them
 * (loadInsecureRegistries in moby). Names that merely resolve there are not
 * recognised here.
 */
bool registry_is_loopback(const struct registry *r);

struct in6_addr;

/* The same for an address of IPv6. */
bool registry_is_loopback_v6(const struct in6_addr *a);

#endif
