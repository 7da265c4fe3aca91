/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From rules to what a consumer will do; see consumers.h.
 */
#include "installer/policy/consumers.h"

#include "installer/policy/consumer_rules.h"

/* It reads no directory, so it is the host's own CA store that counts. */
static enum consumer_answer answer_of_host(const struct consumer_facts *facts)
{
	switch (facts->host) {
	case CONSUMER_HOST_COVERS:
		return CONSUMER_ACCEPTS;
	case CONSUMER_HOST_LACKS:
		return CONSUMER_REFUSES;
	case CONSUMER_HOST_UNSEEN:
		break;
	}
	return CONSUMER_READS_NOTHING;
}

static enum consumer_answer answer_of(enum consumer_reason reason,
				      const struct consumer_facts *facts)
{
	switch (reason) {
	case CONSUMER_FINE:
		return CONSUMER_ACCEPTS;
	case CONSUMER_LOOPBACK:
	case CONSUMER_INSECURE:
		return CONSUMER_UNVERIFIED;
	case CONSUMER_PROXY:
	case CONSUMER_BUILD_START:
	case CONSUMER_CONFIG_PATH:
	case CONSUMER_CLIENT_PAIR:
	case CONSUMER_UNKNOWN:
	case CONSUMER_LOOPBACK_OLD:
	case CONSUMER_PLAIN:
	case CONSUMER_ASTRAY:
	case CONSUMER_PATHS:
	case CONSUMER_TOML:
	case CONSUMER_DEFAULT:
	case CONSUMER_ONE_FILE:
	case CONSUMER_RARE_SUITE:
	case CONSUMER_UNASKED:
	case CONSUMER_TOKEN_DOWN:
	case CONSUMER_UNNAMED:
		return CONSUMER_UNCHECKED;
	case CONSUMER_NO_REGISTRY:
	case CONSUMER_ALIAS:
	case CONSUMER_OTHER_FIRST:
		return CONSUMER_READS_NOTHING;
	case CONSUMER_HUB:
	case CONSUMER_OTHER_PLACE:
		return answer_of_host(facts);
	case CONSUMER_NO_DIRECTORY:
	case CONSUMER_PAIR:
	case CONSUMER_CRT:
	case CONSUMER_VOID_CRT:
	case CONSUMER_SUITE:
	case CONSUMER_HANDSHAKE:
	case CONSUMER_CLIENT:
	case CONSUMER_CERTIFICATE:
	case CONSUMER_REPLIED:
	case CONSUMER_BROKEN:
	case CONSUMER_NO_REALM:
	case CONSUMER_REDIRECTED:
	case CONSUMER_LOOP:
	case CONSUMER_TOKEN:
	case CONSUMER_TOKEN_FAULT:
	case CONSUMER_TOKEN_STORE:
	case CONSUMER_TOKEN_CLIENT:
	case CONSUMER_LOOPBACK_PLAIN:
	case CONSUMER_REASON_COUNT_:
		break;
	}
	return CONSUMER_REFUSES;
}

/* Is something of this registry in doubt for every consumer? */
static bool is_in_doubt(const struct consumer_facts *facts)
{
	return facts->unseen_file ||
	       facts->certificate == CONSUMER_CERTIFICATE_UNCHECKED ||
	       facts->reply == CONSUMER_REPLY_NONE ||
	       facts->token == CONSUMER_TOKEN_UNSEEN ||
	       facts->token == CONSUMER_TOKEN_PLAIN;
}

/* The same facts for one that reads the host's store, which covers this
 * registry, and no directory. */
static struct consumer_facts without_directory(const struct consumer_facts *f)
{
	struct consumer_facts bare = *f;

	bare.name = CONSUMER_NAME_ORDINARY;
	bare.place = CONSUMER_PLACE_DOCKER;
	bare.directory = 0;
	bare.certificate = CONSUMER_CERTIFICATE_ACCEPTED;
	if (bare.token == CONSUMER_TOKEN_DIRECTORY)
		bare.token = CONSUMER_TOKEN_REFUSED;
	if (bare.away_by_directory)
		bare.reply = CONSUMER_REPLY_REDIRECT;
	return bare;
}

static enum consumer_reason look(const struct consumer_question *q, bool is_old)
{
	enum consumer_reason reason = consumer_look_at_directory(q);

	if (reason == CONSUMER_FINE)
		reason = consumer_look_at_server(q);
	if (reason == CONSUMER_FINE)
		reason = consumer_look_at_token(q, is_old);
	/* A build that does not know the directory knows no pair in it. */
	if (reason == CONSUMER_FINE ||
	    (reason == CONSUMER_CLIENT_PAIR &&
	     consumer_look_at_start(q) == CONSUMER_BUILD_START))
		reason = consumer_look_at_start(q);
	return reason == CONSUMER_FINE ? consumer_look_at_pair(q) : reason;
}

/* What Q meets: today, and in releases before the token's pool where that is
 * another thing. */
static struct consumer_view meet(const struct consumer_question *q,
				 const struct consumer_question *older)
{
	bool is_old = q->facts->before_token_pool;
	struct consumer_view view = {.reason = look(q, is_old),
				     .older = look(older, true)};

	if (view.older == view.reason || view.older != CONSUMER_TOKEN_STORE)
		view.older = CONSUMER_FINE;
	return view;
}

/* One that does not verify, for WHY, meets the rules that are left. */
static struct consumer_view judge_unverified(const struct consumer_question *q,
					     enum consumer_reason why)
{
	struct consumer_facts now =
		consumer_without_verifying(q, q->facts->before_token_pool);
	struct consumer_facts then = consumer_without_verifying(q, true);
	struct consumer_view view =
		meet(&(struct consumer_question){q->traits, &now},
		     &(struct consumer_question){q->traits, &then});

	if (view.reason == CONSUMER_FINE)
		view.reason = why;
	view.answer = answer_of(view.reason, &now);
	return view;
}

/* see consumers.h */
struct consumer_view consumer_judge(enum consumer consumer,
				    const struct consumer_facts *facts)
{
	struct consumer_facts bare = without_directory(facts);
	struct consumer_question q = {consumer_traits(consumer, facts), facts};
	struct consumer_view view = {.reason = consumer_look_at_name(&q),
				     .older = CONSUMER_FINE};

	if (view.reason == CONSUMER_FINE && consumer_verifies_nothing(&q))
		return judge_unverified(&q, CONSUMER_INSECURE);
	if (view.reason == CONSUMER_LOOPBACK ||
	    view.reason == CONSUMER_LOOPBACK_OLD)
		return judge_unverified(&q, view.reason);
	if (view.reason != CONSUMER_FINE &&
	    answer_of(view.reason, facts) == CONSUMER_ACCEPTS) {
		q.facts = &bare;
		view.reason = CONSUMER_FINE;
	}
	if (view.reason == CONSUMER_FINE)
		view = meet(&q, &q);
	if (view.reason == CONSUMER_FINE && is_in_doubt(q.facts))
		view.reason = CONSUMER_UNKNOWN;
	view.answer = answer_of(view.reason, q.facts);
	return view;
}
