/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules of each reader of certs.d for what the server does: handshake,
 * certificate, and what answers at /v2/; see consumer_rules.h.
 */
#include "installer/policy/consumer_rules.h"

#include "common/wire.h"
#include "installer/policy/consumer_traits.h"

#define STATUS_BAD_REQUEST 400

/* REASON is of where /v2/ leads. Who does not ask for it asks for paths of
 * which nobody knows whether they lead there too. */
static enum consumer_reason led(const struct consumer_question *q,
				enum consumer_reason reason)
{
	return has(q, TRAIT_ASKS_V2) ? reason : CONSUMER_PATHS;
}

/* What does not answer as a registry at /v2/ stops a login, and
 * containers/image where the status is neither 200 nor 401. All others go on to
 * the image, which is there where only /v2/ is answered by something else. */
static enum consumer_reason
look_at_no_registry(const struct consumer_question *q)
{
	const struct consumer_facts *f = q->facts;

	if (f->reply == CONSUMER_REPLY_BROKEN && has(q, TRAIT_ASKS_V2))
		return CONSUMER_BROKEN;
	if (f->reply == CONSUMER_REPLY_NO_REALM && has(q, TRAIT_ASKS_V2))
		return consumer_takes_basic(q) && !f->is_left_out
			       ? CONSUMER_FINE
			       : CONSUMER_NO_REALM;
	if (f->reply == CONSUMER_REPLY_STATUS && has(q, TRAIT_CONTAINERS))
		return CONSUMER_REPLIED;
	if (!has(q, TRAIT_READS_NO_BODY))
		return CONSUMER_UNASKED;
	/* Of what is left out no login gets as far as the page. */
	return f->reply == CONSUMER_REPLY_FOREIGN && !f->is_left_out
		       ? CONSUMER_FINE
		       : CONSUMER_REPLIED;
}

/* Does the server refuse it for want of a client certificate? nginx completes
 * the handshake and answers 400 to whatever is asked. Another status may be of
 * /v2/ alone, and that of a server that is down says nothing of it. */
static bool misses_pair(const struct consumer_question *q)
{
	const struct consumer_facts *f = q->facts;

	if (f->demands_client)
		return true;
	if (!f->asks_client || f->status >= WIRE_STATUS_FAULT ||
	    (f->reply != CONSUMER_REPLY_STATUS &&
	     f->reply != CONSUMER_REPLY_SILENT))
		return false;
	return f->status == STATUS_BAD_REQUEST ||
	       finds(q, TRAIT_FILES, CONSUMER_HAS_PAIR) ||
	       look_at_no_registry(q) != CONSUMER_UNASKED;
}

/* What GET /v2/ brings, behind a handshake and a certificate that it takes. */
static enum consumer_reason look_at_reply(const struct consumer_question *q)
{
	bool reads_body = !has(q, TRAIT_READS_NO_BODY);

	switch (q->facts->reply) {
	case CONSUMER_REPLY_STATUS:
	case CONSUMER_REPLY_SILENT:
	case CONSUMER_REPLY_BROKEN:
	case CONSUMER_REPLY_NO_REALM:
	case CONSUMER_REPLY_FOREIGN:
		return look_at_no_registry(q);
	case CONSUMER_REPLY_OPEN:
		return reads_body ? CONSUMER_UNNAMED : CONSUMER_FINE;
	case CONSUMER_REPLY_REDIRECT:
		return led(q, CONSUMER_REDIRECTED);
	case CONSUMER_REPLY_LOOP:
		return led(q, CONSUMER_LOOP);
	case CONSUMER_REPLY_PLAIN:
		return led(q, CONSUMER_PLAIN);
	case CONSUMER_REPLY_MOVED:
		return led(q, reads_body ? CONSUMER_PATHS : CONSUMER_FINE);
	case CONSUMER_REPLY_AWAY:
	case CONSUMER_REPLY_ASTRAY:
		return led(q, CONSUMER_ASTRAY);
	case CONSUMER_REPLY_NONE:
	case CONSUMER_REPLY_REGISTRY:
		break;
	}
	return CONSUMER_FINE;
}

/* see consumer_rules.h */
enum consumer_reason consumer_look_at_server(const struct consumer_question *q)
{
	const struct consumer_facts *f = q->facts;

	/* What it meets there may be another server. */
	if (f->goes_apart && has(q, TRAIT_DOCKER))
		return CONSUMER_PROXY;
	if (f->lacks_classic_suite && has(q, TRAIT_SUITES))
		return CONSUMER_SUITE;
	if (f->has_rare_suite && has(q, TRAIT_CONTAINERS))
		return CONSUMER_RARE_SUITE;
	if (f->handshake_refused)
		return CONSUMER_HANDSHAKE;
	if (f->by_release && !has(q, TRAIT_DOCKER))
		return CONSUMER_UNKNOWN;
	if (f->certificate == CONSUMER_CERTIFICATE_REFUSED)
		return CONSUMER_CERTIFICATE;
	if (misses_pair(q))
		return finds(q, TRAIT_FILES, CONSUMER_HAS_PAIR)
			       ? CONSUMER_CLIENT_PAIR
			       : CONSUMER_CLIENT;
	return look_at_reply(q);
}
