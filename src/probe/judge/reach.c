/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Docker says after each act; see judging.h.
 */
#include <stdio.h>
#include <string.h>

#include "probe/judge/acts.h"
#include "probe/judge/entry.h"
#include "probe/judge/judging.h"
#include "probe/verdict/remark.h"

_Static_assert(WIRE_ACTS_ *(FAILURE_CHARS_MAX + OUTLOOK_CHARS_MAX +
			    REFUSAL_CHARS_MAX) +
			       REGISTRY_CHARS_MAX + 1 + DESCRIBE_CHARS_MAX <=
		       PROBE_WORDS_BYTES,
	       "verdicts and whom Docker asks next find room behind the last "
	       "name that did");

/* see judging.h */
void judging_check_host(struct judging *j)
{
	struct verdict_query q =
		judging_ask(j, j->material.host, j->material.host_count);
	struct verdict verdict;

	if (j->job->host_pool.len)
		j->out->flags |= OUTCOME_HOST_POOL;
	if (!q.pool_len)
		return;
	verdict_reach(&q, &verdict);
	if (verdict.code == VERDICT_ACCEPTED)
		j->out->flags |= OUTCOME_HOST_TRUSTS;
}

/* A release that is newer than any known one is judged as that. */
static void note_release(struct judging *j)
{
	char *text = j->room->outlook.others;
	const char *docker = j->job->docker;
	const char *as = docker ? go_docker_before(bytes_of(docker)) : NULL;
	size_t len = strlen(text);

	if (as)
		snprintf(text + len, OUTLOOK_CHARS_MAX - len,
			 "%sDocker %s is judged as %s", len ? "; " : "", docker,
			 as);
}

static void report_verdict(struct judging *j, const struct verdict_query *q,
			   enum wire_act act)
{
	const struct outlook *o = &j->room->outlook;
	struct wire_verdict *v = &j->out->verdict[act];

	v->reached = true;
	v->code = o->verdict.code;
	v->remark = remark_find(q, &o->verdict);
	v->text = entry_keep(j->room, o->verdict.text);
	v->others = entry_keep(j->room, o->others);
	if (o->differs)
		j->out->flags |= OUTCOME_BY_RELEASE;
}

/* Docker comes to its certificates through a handshake, and goes on with it
 * where it has accepted them. */
static void heed_handshake(struct judging *j, struct wire_verdict *v)
{
	const struct capture *c = j->capture;

	if (c->end == CAPTURE_UNKNOWN && v->code == VERDICT_ACCEPTED) {
		v->code = VERDICT_UNCHECKED;
		v->text = entry_keep(j->room, "the handshake was not "
					      "completed");
		return;
	}
	if (c->end != CAPTURE_REFUSED_EARLY &&
	    (c->end != CAPTURE_REFUSED || v->code != VERDICT_ACCEPTED))
		return;
	v->code =
		c->client_cert ? VERDICT_CLIENT_CERTIFICATE : VERDICT_HANDSHAKE;
	v->remark = REMARK_NONE;
	v->text = entry_keep(j->room, c->refusal);
	v->others = (struct bytes){NULL, 0};
}

/* see judging.h; once where the pool is the same. */
bool judging_reach(struct judging *j)
{
	size_t most = j->material.host_count + j->material.installed.len +
		      j->out->cert_count;
	struct acts_pool pools[WIRE_ACTS_];

	for (int act = 0; act < WIRE_ACTS_; act++) {
		struct acts_pool *p = &pools[act];
		struct verdict_query q;

		p->der = arena_take(&j->arena, most, sizeof(*p->der));
		if (!p->der)
			return false;
		acts_fill(&j->material, j->out, (enum wire_act)act, p);
		if (act && acts_same(p, &pools[act - 1])) {
			j->out->verdict[act] = j->out->verdict[act - 1];
			continue;
		}
		q = judging_ask(j, p->der, p->count);
		outlook_judge(&q, &j->room->outlook);
		note_release(j);
		report_verdict(j, &q, (enum wire_act)act);
		heed_handshake(j, &j->out->verdict[act]);
	}
	return true;
}
