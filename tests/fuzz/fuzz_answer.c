/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any answer to GET /v2/, cut at half and whole: what its beginning said, the
 * whole says too, and the token service that it names is a registry that can
 * be asked for without a line more in the request.
 */
#include <stdlib.h>
#include <string.h>

#include "probe/judge/answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void read_reply(const uint8_t *data, size_t len, struct answer *out)
{
	uint8_t *copy = malloc(len ? len : 1);

	/* A copy of exactly LEN bytes: one byte too far is a crash. */
	if (!copy)
		abort();
	memcpy(copy, data, len);
	answer_read((struct bytes){copy, len}, out);
	free(copy);
}

static void check_service(const struct registry *service)
{
	char request[ANSWER_REQUEST_BYTES];
	struct registry again;
	struct failure f;
	size_t lines = 0;

	if (registry_parse(service->reference, strlen(service->reference),
			   &again, &f) != ERR_OK ||
	    memcmp(&again, service, sizeof(again)) != 0)
		abort();
	answer_request(service, request);
	for (const char *c = request; *c; c++)
		lines += *c == '\n';
	if (lines != 5 || !strstr(request, "\r\nConnection: close\r\n\r\n"))
		abort();
}

static void check_kind(const struct answer *a)
{
	/* With a status, none too: a header that was cut, an odd realm. And
	 * without one, BROKEN: a header that Go's client refuses. */
	if ((!a->status && a->kind != ANSWER_NONE &&
	     a->kind != ANSWER_BROKEN) ||
	    (a->kind == ANSWER_TOKEN && !a->realm.known) ||
	    (a->kind == ANSWER_REDIRECT && !a->location.known) ||
	    (a->has_token_service && (a->realm.is_plain || !a->realm.known)) ||
	    (a->realm.known && a->realm.is_here))
		abort();
	if (a->location.known && *a->location.registry.reference &&
	    !a->location.is_plain)
		check_service(&a->location.registry);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct answer early, whole;

	read_reply(data, len / 2, &early);
	read_reply(data, len, &whole);
	if (whole.status < 0 || whole.status > 999 ||
	    (!whole.status && (whole.is_registry || whole.has_token_service)))
		abort();
	if ((early.status && early.status != whole.status) ||
	    (early.is_registry && !whole.is_registry))
		abort();
	if (early.has_token_service &&
	    (!whole.has_token_service ||
	     memcmp(&early.token_service, &whole.token_service,
		    sizeof(early.token_service)) != 0))
		abort();
	if (whole.has_token_service)
		check_service(&whole.token_service);
	check_kind(&whole);
	return 0;
}
