/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules of each reader of certs.d for what the server does: handshake,
 * certificate, and what answers at /v2/; see consumer_rules.h.
 */
#include "installer/policy/consumer_rules.h"

#include "installer/policy/consumer_traits.h"

/* Where /v2/ leads. Who does not ask for it asks for paths of which nobody
 * knows whether they lead there too. */
static enum consumer_reason look_at_redirect(const struct consumer_question *q)
{
	if (!has(q, TRAIT_ASKS_V2))
		return CONSUMER_PATHS;
	switch (q->facts->reply) {
	case CONSUMER_REPLY_REDIRECT:
		return CONSUMER_REDIRECTED;
	case CONSUMER_REPLY_LOOP:
		return CONSUMER_LOOP;
	case CONSUMER_REPLY_PLAIN:
		return CONSUMER_PLAIN;
	case CONSUMER_REPLY_MOVED:
		return has(q, TRAIT_READS_NO_BODY) ? CONSUMER_FINE
						   : CONSUMER_PATHS;
	case CONSUMER_REPLY_AWAY:
	case CONSUMER_REPLY_ASTRAY:
		return CONSUMER_ASTRAY;
	case CONSUMER_REPLY_NONE:
	case CONSUMER_REPLY_REGISTRY:
	case CONSUMER_REPLY_OPEN:
	case CONSUMER_REPLY_STATUS:
	case CONSUMER_REPLY_SILENT:
	case CONSUMER_REPLY_BROKEN:
	case CONSUMER_REPLY_FOREIGN:
		break;
	}
	return CONSUMER_FINE;
}

/* What does not answer as a registry at /v2/ stops a login, and
 * containers/image where the status is neither 200 nor 401. All others go on to
 * the image, which is there where only /v2/ is answered by something else. */
static enum consumer_reason
look_at_no_registry(const struct consumer_question *q)
{
	const struct consumer_facts *f = q->facts;

	if (f->reply == CONSUMER_REPLY_BROKEN && has(q, TRAIT_ASKS_V2))
		return consumer_takes_basic(q) && !f->is_left_out
			       ? CONSUMER_FINE
			       : CONSUMER_BROKEN;
	if (f->reply == CONSUMER_REPLY_STATUS && has(q, TRAIT_CONTAINERS))
		return CONSUMER_REPLIED;
	if (!has(q, TRAIT_READS_NO_BODY))
		return CONSUMER_UNASKED;
	/* Of what is left out no login gets as far as the page. */
	return f->reply == CONSUMER_REPLY_FOREIGN && !f->is_left_out
		       ? CONSUMER_FINE
		       : CONSUMER_REPLIED;
}

/* see consumer_rules.h */
enum consumer_reason consumer_look_at_server(const struct consumer_question *q)
{
	const struct consumer_facts *f = q->facts;

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
	/* nginx completes the handshake, and answers 400. */
	if (f->demands_client ||
	    (f->asks_client && (f->reply == CONSUMER_REPLY_STATUS ||
				f->reply == CONSUMER_REPLY_SILENT)))
		return finds(q, TRAIT_FILES, CONSUMER_HAS_PAIR)
			       ? CONSUMER_CLIENT_PAIR
			       : CONSUMER_CLIENT;
	switch (f->reply) {
	case CONSUMER_REPLY_STATUS:
	case CONSUMER_REPLY_SILENT:
	case CONSUMER_REPLY_BROKEN:
	case CONSUMER_REPLY_FOREIGN:
		return look_at_no_registry(q);
	case CONSUMER_REPLY_OPEN:
		return has(q, TRAIT_READS_NO_BODY) ? CONSUMER_FINE
						   : CONSUMER_UNNAMED;
	case CONSUMER_REPLY_NONE:
	case CONSUMER_REPLY_REGISTRY:
		return CONSUMER_FINE;
	case CONSUMER_REPLY_REDIRECT:
	case CONSUMER_REPLY_PLAIN:
	case CONSUMER_REPLY_AWAY:
	case CONSUMER_REPLY_ASTRAY:
	case CONSUMER_REPLY_LOOP:
	case CONSUMER_REPLY_MOVED:
		break;
	}
	return look_at_redirect(q);
}
