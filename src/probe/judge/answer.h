/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one request that the probe makes, GET /v2/, and the header of its
 * answer: does a registry stand behind the port, where does it send its
 * clients, and which token service does it name. Probe process, sealed. Pure:
 * bytes in, facts out; what Docker makes of them is said by others.
 */
#ifndef PROBE_ANSWER_H
#define PROBE_ANSWER_H

#include <stdbool.h>

#include "common/bytes.h"
#include "common/error.h"
#include "common/registry.h"

/* Request line, Host, two headers. */
#define ANSWER_REQUEST_BYTES (REGISTRY_CHARS_MAX + 128)

enum answer_kind {
	/* No answer in HTTP (Docker: "EOF"), one of which it is not known here
	 * whether Go's client takes it, or 401 with a realm where nobody can
	 * look from here. */
	ANSWER_NONE,
	/* 200, and no page for people: everybody may pull. */
	ANSWER_OPEN,
	/* 401 with a challenge that Docker can follow: Bearer (ask the realm
	 * for a token) or Basic (send name and password with each request). */
	ANSWER_TOKEN,
	ANSWER_BASIC,
	/* 401 without either. Docker sends what it sent before, and fails:
	 * "unauthorized", or "no basic auth credentials". */
	ANSWER_NO_CHALLENGE,
	/* 301, 302, 303, 307, 308 with a Location. Docker goes there, at most
	 * ten times, and checks that host's certificate with the pool of this
	 * registry's directory; to http:// as well. */
	ANSWER_REDIRECT,
	/* 200 with an HTML page. docker login succeeds, and pull fails in the
	 * manifest: "invalid character '<' looking for beginning of value". */
	ANSWER_PAGE,
	/* Anything else: 404, 403, 502, 400 where nginx misses a client
	 * certificate. Docker: "login attempt to https://…/v2/ failed with
	 * status: 404 Not Found"; its classic pull goes on to the image. */
	ANSWER_OTHER,
	/* 401 with a Bearer challenge without a realm that anybody can ask. */
	ANSWER_NO_REALM,
	/* What Go's client refuses ("malformed HTTP response", see header.h):
	 * an HTTP/2 server, SSH, a bad header. */
	ANSWER_BROKEN
};

/* Of a URL in the answer, what decides whom Docker asks next. */
struct answer_place {
	bool known; /* it was there, and could be read */
	/* A host is there that is no registry's name (auth_server, user@host),
	 * and that Docker may reach all the same */
	bool is_odd;
	bool is_plain; /* http:// */
	/* Location only: no host is named, so it is the same */
	bool is_here;
	bool is_v2; /* ... and its path is /v2/, without a query */
	/* Host and port; not if is_here. Of a Location it may be empty: see
	 * location.h. */
	struct registry registry;
};

struct answer {
	enum answer_kind kind;
	int status; /* 200, 401, ...; 0: no HTTP answer */
	/* A Basic challenge stands before every Bearer: containers/image logs
	 * in by the first of them that it knows */
	bool is_basic_first;
	bool is_registry; /* Docker-Distribution-Api-Version is there */
	struct answer_place location;
	struct answer_place realm; /* of the first Bearer challenge */
	/* The same, where it can be looked at: https */
	bool has_token_service;
	struct registry token_service;
};

/* Write the request for REGISTRY to OUT, with a final NUL. */
void answer_request(const struct registry *registry,
		    char out[static ANSWER_REQUEST_BYTES]);

/*
 * Read the HEADER of an answer (RFC 9112), whole or cut. Interim answers (1xx)
 * are passed over. Of several WWW-Authenticate fields the first Bearer counts,
 * then the first Basic, as in distribution's challenge manager; a scheme has
 * any case, a realm may stand in quotes or not (RFC 9110 11.2).
 *
 * Not read: the body, cookies, anything about caching.
 */
void answer_read(struct bytes header, struct answer *out);

#endif
