/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the answer to the report; see reply.h.
 */
#include "probe/judge/reply.h"

#include "probe/judge/answer.h"
#include "probe/judge/entry.h"
#include "probe/tls/suites.h"

static enum wire_reply kind_of_redirect(const struct answer_place *to,
					const struct registry *target)
{
	if (to->is_plain)
		return WIRE_REPLY_PLAIN;
	if (to->is_here || registry_is_same(&to->registry, target))
		return to->is_v2 ? WIRE_REPLY_LOOP : WIRE_REPLY_HERE;
	if (!*to->registry.reference)
		return WIRE_REPLY_HERE;
	return to->is_v2 ? WIRE_REPLY_AWAY : WIRE_REPLY_ELSEWHERE;
}

static enum wire_reply kind_of(const struct answer *a,
			       const struct registry *target)
{
	switch (a->kind) {
	case ANSWER_OPEN:
	case ANSWER_TOKEN:
	case ANSWER_BASIC:
		return WIRE_REPLY_REGISTRY;
	case ANSWER_REDIRECT:
		return kind_of_redirect(&a->location, target);
	case ANSWER_PAGE:
		return WIRE_REPLY_PAGE;
	case ANSWER_NO_CHALLENGE:
	case ANSWER_OTHER:
		return WIRE_REPLY_STATUS;
	case ANSWER_NO_REALM:
		return WIRE_REPLY_NO_REALM;
	case ANSWER_BROKEN:
		return WIRE_REPLY_BROKEN;
	case ANSWER_NONE:
		break;
	}
	return WIRE_REPLY_NONE;
}

static unsigned flags_of(const struct job *job, const struct capture *c,
			 const struct answer *a)
{
	unsigned flags = 0;

	if (a->is_registry)
		flags |= OUTCOME_REGISTRY;
	if (a->kind == ANSWER_TOKEN)
		flags |= OUTCOME_TOKEN;
	if (a->kind == ANSWER_TOKEN && a->realm.known && a->realm.is_plain)
		flags |= OUTCOME_TOKEN_PLAIN;
	if (a->is_basic_first)
		flags |= OUTCOME_BASIC_FIRST;
	if (c->possession && c->end != CAPTURE_UNKNOWN)
		flags |= OUTCOME_POSSESSION;
	if (c->client_cert)
		flags |= OUTCOME_CLIENT_CERT;
	if (!suites_offers(job->docker, c->suite))
		flags |= OUTCOME_NO_CLASSIC_SUITE;
	if (suites_is_rare(c->suite))
		flags |= OUTCOME_RARE_SUITE;
	return flags;
}

/* see reply.h */
void reply_report(const struct job *job, const struct capture *capture,
		  struct judge_room *room, struct outcome *out)
{
	const struct registry *next = NULL;
	struct answer answer;

	answer_read((struct bytes){(const uint8_t *)capture->reply,
				   capture->reply_len},
		    &answer);
	out->reply = kind_of(&answer, job->target);
	out->status = (uint16_t)answer.status;
	out->flags |= flags_of(job, capture, &answer);
	if (wire_leads_away(out->reply))
		next = &answer.location.registry;
	else if (answer.has_token_service &&
		 !registry_is_same(&answer.token_service, job->target))
		next = &answer.token_service;
	if (next)
		out->service = entry_keep(room, next->reference);
}
