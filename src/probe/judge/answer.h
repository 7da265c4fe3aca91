/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one request that the probe makes, GET /v2/, and the header of its
 * answer: does a registry stand behind the port, and which token service does
 * it name. Probe process, sealed. Pure: bytes in, facts out.
 */
#ifndef PROBE_ANSWER_H
#define PROBE_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include "common/bytes.h"
#include "common/error.h"
#include "common/registry.h"

/* Request line, Host, two headers. */
#define ANSWER_REQUEST_BYTES (REGISTRY_CHARS_MAX + 128)

struct answer {
	int status;	  /* 200, 401, ...; 0: no HTTP answer */
	bool is_registry; /* Docker-Distribution-Api-Version: registry/2.0 */
	bool has_token_service;
	struct registry token_service; /* host and port of the Bearer realm */
};

/* Write the request for REGISTRY to OUT, with a final NUL. */
void answer_request(const struct registry *registry,
		    char out[static ANSWER_REQUEST_BYTES]);

/*
 * Read the HEADER of an answer (RFC 9112), whole or cut. Of WWW-Authenticate
 * (RFC 9110 11.6.1) a Bearer challenge with an https realm counts, as in the
 * distribution specification; anything else, malformed or plain http, leaves
 * has_token_service false.
 */
void answer_read(struct bytes header, struct answer *out);

#endif
