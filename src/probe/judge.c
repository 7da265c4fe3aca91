/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fills the report from the captured chain; see judge.h.
 */
#include "probe/judge.h"

#include <string.h>

#include "probe/anchor.h"
#include "probe/describe.h"
#include "probe/http.h"
#include "probe/material.h"
#include "probe/verdict/names.h"

struct judging {
	const struct job *job;
	const struct capture *capture; /* or NULL: nobody was asked */
	struct judgement *room;
	struct outcome *out;
	struct arena arena;
	struct material material;
	struct anchor_query query;
};

static struct bytes host_of(const struct job *job)
{
	return (struct bytes){(const uint8_t *)job->target->host,
			      strlen(job->target->host)};
}

static bool is_pinned(const struct job *job, struct bytes der)
{
	struct fingerprint fp;

	fingerprint_of(der, &fp);
	for (size_t i = 0; i < job->pin_count; i++)
		if (fingerprint_equal(&fp, &job->pins[i]))
			return true;
	return false;
}

/* The entry of DER in the report, made if there is none; NULL when full. */
static struct wire_certificate *entry_of(struct judging *j,
					 const struct certificate *c)
{
	struct outcome *out = j->out;

	for (size_t i = 0; i < out->cert_count; i++)
		if (bytes_equal(out->certs[i].der, c->der))
			return &out->certs[i];
	if (out->cert_count == CHAIN_CERTS_MAX)
		return NULL;
	out->certs[out->cert_count] = describe_for_report(j->room, c);
	return &out->certs[out->cert_count++];
}

static void flag(struct judging *j, const struct certificate *c, unsigned flags)
{
	struct wire_certificate *entry = entry_of(j, c);

	if (entry)
		entry->flags |= flags;
}

/* The served certificates in their order, also those that no one can read. */
static void report_sent(struct judging *j)
{
	const struct presented *presented = &j->capture->presented;
	struct outcome *out = j->out;

	for (size_t i = 0; i < presented->count; i++) {
		const struct certificate *c = &j->material.sent[i];
		struct wire_certificate unread = {.der = presented->certs[i],
						  .flags = WIRE_CERT_UNPARSED};

		out->certs[i] =
			c->der.len ? describe_for_report(j->room, c) : unread;
		out->certs[i].flags |= WIRE_CERT_SENT;
	}
	out->cert_count = presented->count;
}

static void report_pool(struct judging *j, const struct pool *pool,
			unsigned flags)
{
	for (size_t i = 0; i < pool->len; i++)
		flag(j, &pool->certificate[i], flags);
}

static bool leads_to_any(const struct judging *j, const struct pool *pool,
			 bool dated)
{
	for (size_t i = 0; i < pool->len; i++)
		if (anchor_leads_to(&j->query, &pool->certificate[i], dated))
			return true;
	return false;
}

static bool is_named_for_host(const struct judging *j)
{
	return names_check(&j->material.sent[0], host_of(j->job),
			   j->query.release, NULL) == NAMES_MATCH;
}

/* The pinned certificate, and only if the leaf, which must be for this host,
 * leads to it: appending somebody's CA to one's own chain is easy. Of several
 * the last sent counts: never leaf and CA together. */
static void choose_pinned(struct judging *j)
{
	size_t chosen = ANCHOR_NONE;

	for (size_t i = 0; i < j->query.count; i++)
		if (j->material.sent[i].der.len &&
		    is_pinned(j->job, j->material.sent[i].der) &&
		    anchor_leads_to(&j->query, &j->material.sent[i], false))
			chosen = i;
	if (chosen != ANCHOR_NONE && is_named_for_host(j))
		j->out->certs[chosen].flags |= WIRE_CERT_ANCHOR;
}

static void choose_anchors(struct judging *j)
{
	size_t chosen;

	if (j->job->operator_file.len) {
		if (leads_to_any(j, &j->material.operators, false))
			report_pool(j, &j->material.operators,
				    WIRE_CERT_ANCHOR);
		return;
	}
	if (j->job->pin_count) {
		choose_pinned(j);
		return;
	}
	chosen = anchor_choose(&j->query);
	j->out->certs[chosen == ANCHOR_NONE ? 0 : chosen].flags |=
		WIRE_CERT_ANCHOR;
}

static void report_answer(struct judging *j)
{
	const struct capture *c = j->capture;
	const struct registry *target = j->job->target;
	struct http_reply reply;

	http_read_reply((struct bytes){(const uint8_t *)c->reply, c->reply_len},
			&reply);
	if (reply.is_registry)
		j->out->flags |= OUTCOME_REGISTRY;
	if (reply.has_token_service &&
	    (strcmp(reply.token_service.host, target->host) != 0 ||
	     reply.token_service.port != target->port))
		j->out->service =
			describe_keep(j->room, reply.token_service.reference);
	if (c->possession)
		j->out->flags |= OUTCOME_POSSESSION;
	if (c->client_cert)
		j->out->flags |= OUTCOME_CLIENT_CERT;
}

/* Will the anchors be written? Only then does Docker see them. */
static bool will_install(const struct judging *j)
{
	const struct outcome *out = j->out;
	bool all_there = true;

	for (size_t i = 0; i < out->cert_count; i++)
		if (out->certs[i].flags & WIRE_CERT_ANCHOR &&
		    !(out->certs[i].flags & WIRE_CERT_INSTALLED))
			all_there = false;
	if (!j->job->installs || all_there)
		return false;
	return j->job->operator_file.len || !(out->flags & OUTCOME_CONTINUES);
}

static struct verdict_query ask(struct judging *j, const struct bytes *pool,
				size_t count)
{
	return (struct verdict_query){
		.pool = pool,
		.pool_len = count,
		.sent = j->capture->presented.certs,
		.sent_len = j->capture->presented.count,
		.host = host_of(j->job),
		.now = j->job->now,
		.release = j->query.release,
		.cache = &j->room->cache,
		.arena = &j->arena,
	};
}

static void check_host_pool(struct judging *j)
{
	struct verdict_query q =
		ask(j, j->material.host, j->material.host_count);
	struct verdict verdict;

	if (!q.pool_len)
		return;
	verdict_reach(&q, &verdict);
	if (verdict.code == VERDICT_ACCEPTED)
		j->out->flags |= OUTCOME_HOST_TRUSTS;
}

/* Docker's pool: the system's, then the directory's. */
static bool reach_verdict(struct judging *j)
{
	const struct outcome *out = j->out;
	bool installs = will_install(j);
	struct verdict_query q;
	size_t count = 0;
	struct bytes *pool =
		arena_take(&j->arena, j->material.host_count + out->cert_count,
			   sizeof(*pool));

	if (!pool)
		return false;
	for (size_t i = 0; i < j->material.host_count; i++)
		pool[count++] = j->material.host[i];
	for (size_t i = 0; i < out->cert_count; i++)
		if (out->certs[i].flags & WIRE_CERT_INSTALLED ||
		    (installs && out->certs[i].flags & WIRE_CERT_ANCHOR))
			pool[count++] = out->certs[i].der;
	q = ask(j, pool, count);
	outlook_judge(&q, &j->room->outlook);
	return true;
}

static void report_verdict(struct judging *j)
{
	const struct outlook *o = &j->room->outlook;
	struct wire_verdict *v = &j->out->verdict;

	v->reached = true;
	v->accepted = o->verdict.code == VERDICT_ACCEPTED;
	v->code = (uint16_t)o->verdict.code;
	v->text = describe_keep(j->room, o->verdict.text);
	v->others = describe_keep(j->room, o->others);
}

static enum err begin(struct judging *j)
{
	const char *docker = j->job->docker;
	struct go_release release = go_newest();
	enum err err;

	if (docker && !go_of_docker((struct bytes){(const uint8_t *)docker,
						   strlen(docker)},
				    &release))
		return failure_set(&j->out->failure, ERR_USAGE,
				   "--docker: no verdict is known for %s",
				   docker);
	j->arena = (struct arena){j->room->arena, sizeof(j->room->arena), 0};
	err = material_read(j->job, j->capture ? &j->capture->presented : NULL,
			    release, &j->arena, &j->material, &j->out->failure);
	j->query = (struct anchor_query){
		.sent = j->material.sent,
		.count = j->capture ? j->capture->presented.count : 0,
		.now = j->job->now,
		.release = release,
		.cache = &j->room->cache,
		.arena = &j->arena,
	};
	return err;
}

/* see judge.h */
enum err judge_chain(const struct job *job, const struct capture *capture,
		     struct judgement *room, struct outcome *out)
{
	struct judging j = {
		.job = job, .capture = capture, .room = room, .out = out};
	enum err err = begin(&j);

	if (err != ERR_OK)
		return err;
	report_sent(&j);
	report_answer(&j);
	report_pool(&j, &j.material.installed, WIRE_CERT_INSTALLED);
	choose_anchors(&j);
	if (leads_to_any(&j, &j.material.installed, true))
		out->flags |= OUTCOME_CONTINUES;
	check_host_pool(&j);
	if (!reach_verdict(&j))
		return failure_set(&out->failure, ERR_LIMIT,
				   "there is more to judge than fits");
	report_verdict(&j);
	return ERR_OK;
}

/* see judge.h */
enum err judge_file(const struct job *job, struct judgement *room,
		    struct outcome *out)
{
	struct judging j = {.job = job, .room = room, .out = out};
	enum err err = begin(&j);

	if (err != ERR_OK)
		return err;
	report_pool(&j, &j.material.operators, WIRE_CERT_ANCHOR);
	report_pool(&j, &j.material.installed, WIRE_CERT_INSTALLED);
	return ERR_OK;
}
