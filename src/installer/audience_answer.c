/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a registry's answer, and those of the hosts that it names, mean to the
 * readers of certs.d; see audience.h.
 */
#include "installer/audience.h"

#define STATUS_OK	    200
#define STATUS_UNAUTHORIZED 401

/* see audience.h */
enum consumer_reply audience_reply(const struct outcome *o)
{
	switch (o->reply) {
	case WIRE_REPLY_REGISTRY:
		return o->status == STATUS_OK && !(o->flags & OUTCOME_REGISTRY)
			       ? CONSUMER_REPLY_OPEN
			       : CONSUMER_REPLY_REGISTRY;
	case WIRE_REPLY_STATUS:
		return o->status == STATUS_UNAUTHORIZED ? CONSUMER_REPLY_SILENT
							: CONSUMER_REPLY_STATUS;
	case WIRE_REPLY_BROKEN:
		return CONSUMER_REPLY_BROKEN;
	case WIRE_REPLY_NO_REALM:
		return CONSUMER_REPLY_NO_REALM;
	case WIRE_REPLY_PAGE:
		return CONSUMER_REPLY_FOREIGN;
	case WIRE_REPLY_PLAIN:
		return CONSUMER_REPLY_PLAIN;
	case WIRE_REPLY_AWAY:
		return CONSUMER_REPLY_AWAY;
	case WIRE_REPLY_ELSEWHERE:
	case WIRE_REPLY_HERE:
		return CONSUMER_REPLY_ASTRAY;
	case WIRE_REPLY_LOOP:
		return CONSUMER_REPLY_LOOP;
	case WIRE_REPLY_NONE:
	case WIRE_REPLY_COUNT_:
		break;
	}
	return CONSUMER_REPLY_NONE;
}

/* see audience.h */
enum consumer_token audience_token(const struct outcome *o)
{
	if (!(o->flags & OUTCOME_TOKEN))
		return CONSUMER_TOKEN_NONE;
	if (o->flags & OUTCOME_TOKEN_PLAIN)
		return CONSUMER_TOKEN_PLAIN;
	if (o->service.len)
		return CONSUMER_TOKEN_UNSEEN;
	return o->flags & OUTCOME_HOST_TRUSTS ? CONSUMER_TOKEN_HOST
					      : CONSUMER_TOKEN_DIRECTORY;
}

/* see audience.h */
void audience_heed_service(const struct outcome *o, const struct report *report,
			   struct consumer_facts *facts)
{
	const struct wire_verdict *v = &report->verdict;
	bool is_refused = !wire_accepts(v) || report->is_unproven;
	bool asks = o->flags & OUTCOME_CLIENT_CERT;

	/* Docker shows it the pair of this registry; without one, whether it
	 * insists is seen by who asks for a token only. */
	if (report->state == REPORT_FAILED || !v->reached ||
	    v->code == VERDICT_UNCHECKED ||
	    (asks &&
	     (wire_accepts(v) || (v->code == VERDICT_CLIENT_CERTIFICATE &&
				  facts->directory & CONSUMER_HAS_PAIR))))
		facts->token = CONSUMER_TOKEN_UNSEEN;
	else if (v->code == VERDICT_CLIENT_CERTIFICATE)
		facts->demands_client = true;
	else if (is_refused)
		facts->token = CONSUMER_TOKEN_REFUSED;
	else
		facts->token = o->flags & OUTCOME_HOST_TRUSTS
				       ? CONSUMER_TOKEN_HOST
				       : CONSUMER_TOKEN_DIRECTORY;
	facts->token_at_fault = report->is_unproven || !wire_lacks_authority(v);
	facts->token_down = o->status >= WIRE_STATUS_FAULT;
	facts->token_lacks_suite = o->flags & OUTCOME_NO_CLASSIC_SUITE;
	facts->token_has_rare = o->flags & OUTCOME_RARE_SUITE;
}

static bool is_named(const struct registry *registry, struct bytes name)
{
	struct registry named;
	struct failure ignored;

	return name.len &&
	       registry_parse((const char *)name.data, name.len, &named,
			      &ignored) == ERR_OK &&
	       registry_is_same(&named, registry);
}

/* What answers at /v2/ of the host to which that of REGISTRY leads: a registry,
 * or one more redirection, which nobody follows here. */
static enum consumer_reply reply_behind(const struct registry *registry,
					const struct outcome *o)
{
	enum consumer_reply reply = audience_reply(o);

	if (reply == CONSUMER_REPLY_REGISTRY || reply == CONSUMER_REPLY_OPEN)
		return CONSUMER_REPLY_MOVED;
	if (reply != CONSUMER_REPLY_AWAY)
		return reply;
	return is_named(registry, o->service) ? CONSUMER_REPLY_LOOP
					      : CONSUMER_REPLY_ASTRAY;
}

/* see audience.h */
void audience_heed_redirect(const struct registry *registry,
			    const struct outcome *o,
			    const struct report *report,
			    struct consumer_facts *facts)
{
	const struct wire_verdict *v = &report->verdict;

	if (!v->reached || v->code == VERDICT_UNCHECKED)
		return;
	if (!wire_accepts(v) || report->is_unproven) {
		facts->reply = CONSUMER_REPLY_REDIRECT;
		return;
	}
	facts->away_by_directory = !(o->flags & OUTCOME_HOST_TRUSTS);
	if (o->flags & OUTCOME_NO_CLASSIC_SUITE)
		facts->lacks_classic_suite = true;
	if (facts->reply != CONSUMER_REPLY_AWAY)
		return;
	facts->reply = reply_behind(registry, o);
	facts->status = o->status;
	facts->token = audience_token(o);
	facts->basic_first = o->flags & OUTCOME_BASIC_FIRST;
	/* It has the registry's own certificate. */
	if (facts->token == CONSUMER_TOKEN_UNSEEN &&
	    is_named(registry, o->service))
		facts->token = facts->host == CONSUMER_HOST_COVERS
				       ? CONSUMER_TOKEN_HOST
				       : CONSUMER_TOKEN_DIRECTORY;
}
