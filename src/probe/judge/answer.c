/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET /v2/ and the header of its answer; see answer.h.
 */
#include "probe/judge/answer.h"

#include <stdio.h>
#include <string.h>

#include "probe/judge/challenge.h"
#include "probe/judge/header.h"
#include "probe/judge/line.h"
#include "probe/judge/location.h"

/* see answer.h */
void answer_request(const struct registry *registry,
		    char out[static ANSWER_REQUEST_BYTES])
{
	snprintf(out, ANSWER_REQUEST_BYTES,
		 "GET /v2/ HTTP/1.1\r\nHost: %s\r\nUser-Agent: dtr-trust\r\n"
		 "Connection: close\r\n\r\n",
		 registry->reference);
}

/* If LINE is the field NAME, leave its value in LINE. */
static bool take_field(struct bytes *line, const char *name)
{
	size_t len = strlen(name);

	if (line->len <= len || line->data[len] != ':' ||
	    !bytes_begin_alike(*line, name))
		return false;
	*line = line_trim(bytes_from(*line, len + 1));
	return true;
}

/* What the fields say beside the places that they name. */
struct fields {
	enum answer_kind bearer; /* of the first challenge for a token alone */
	bool has_bearer, has_basic, has_location, is_html;
};

/* Docker ends at one of which it can ask nobody, whatever else it may do. */
static enum answer_kind kind_of_bearer(const struct answer_place *realm)
{
	if (realm->known)
		return ANSWER_TOKEN;
	return realm->is_odd ? ANSWER_NONE : ANSWER_NO_REALM;
}

static void heed_challenge(struct bytes value, struct fields *fields,
			   struct answer *out)
{
	if (challenge_is(value, "Basic")) {
		out->is_basic_first |= !fields->has_bearer;
		fields->has_basic = true;
	}
	if (fields->has_bearer || !challenge_is(value, "Bearer"))
		return;
	challenge_realm(value, &out->realm);
	fields->has_bearer = true;
	fields->bearer = kind_of_bearer(&out->realm);
	out->has_token_service = out->realm.known && !out->realm.is_plain;
	if (out->has_token_service)
		out->token_service = out->realm.registry;
}

/* Of several the first counts, whatever it is. */
static void heed_location(struct bytes value, struct fields *fields,
			  struct answer *out)
{
	if (!fields->has_location)
		location_read(value, &out->location);
	fields->has_location = true;
}

static void heed_field(struct bytes line, struct fields *fields,
		       struct answer *out)
{
	if (take_field(&line, "Docker-Distribution-Api-Version"))
		out->is_registry = true;
	else if (take_field(&line, "WWW-Authenticate"))
		heed_challenge(line, fields, out);
	else if (take_field(&line, "Location"))
		heed_location(line, fields, out);
	else if (take_field(&line, "Content-Type"))
		fields->is_html = bytes_begin_alike(line, "text/html");
}

static enum answer_kind kind_of(const struct answer *a, const struct fields *f)
{
	switch (a->status) {
	case 0:
		return ANSWER_NONE;
	case 200:
		return f->is_html ? ANSWER_PAGE : ANSWER_OPEN;
	case 301:
	case 302:
	case 303:
	case 307:
	case 308:
		return a->location.known ? ANSWER_REDIRECT : ANSWER_OTHER;
	case 401:
		return f->has_bearer  ? f->bearer
		       : f->has_basic ? ANSWER_BASIC
				      : ANSWER_NO_CHALLENGE;
	default:
		return ANSWER_OTHER;
	}
}

/* Go's client says no more of what it does not take. */
static void heed_form(struct bytes header, struct answer *out)
{
	switch (header_check(header)) {
	case HEADER_TAKEN:
		break;
	case HEADER_REFUSED:
		out->kind = ANSWER_BROKEN;
		break;
	case HEADER_UNKNOWN:
		out->kind = ANSWER_NONE;
		break;
	}
}

/* An interim answer. Behind 101 comes no other: the server has left HTTP. */
static bool is_interim(int status)
{
	return status / 100 == 1 && status != 101;
}

/* The status in the next line of TEXT; 0: none, or none that is known. */
static int next_status(struct bytes *text)
{
	struct bytes line;
	int status = line_next(text, &line) ? line_status(line) : 0;

	return status == LINE_REFUSED ? 0 : status;
}

/* see answer.h */
void answer_read(struct bytes header, struct answer *out)
{
	struct fields fields = {.has_bearer = false};
	struct bytes rest = header;
	struct bytes line;

	memset(out, 0, sizeof(*out));
	out->status = next_status(&rest);
	while (is_interim(out->status)) {
		while (line_next(&rest, &line) && line.len)
			continue;
		out->status = next_status(&rest);
	}
	while (out->status && line_next(&rest, &line) && line.len)
		heed_field(line, &fields, out);
	out->kind = kind_of(out, &fields);
	heed_form(header, out);
}
