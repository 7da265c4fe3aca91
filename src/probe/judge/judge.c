/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fills the report from the captured chain; see judge.h.
 */
#include "probe/judge/judge.h"

#include <string.h>

#include "probe/judge/acts.h"
#include "probe/judge/entry.h"
#include "probe/judge/material.h"
#include "probe/judge/reply.h"
#include "probe/verdict/anchor.h"
#include "probe/verdict/names.h"
#include "probe/verdict/remark.h"

struct judging {
	const struct job *job;
	const struct capture *capture; /* or NULL: nobody was asked */
	struct judge_room *room;
	struct outcome *out;
	struct arena arena;
	struct material material;
	struct go_release release;
	bool is_full; /* there is more to report than fits */
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
	if (out->cert_count == REPORT_CERTS_MAX) {
		j->is_full = true;
		return NULL;
	}
	out->certs[out->cert_count] = entry_describe(j->room, c);
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
			c->der.len ? entry_describe(j->room, c) : unread;
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

/* What was sent, judged against COUNT certificates of POOL. */
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
		.release = j->release,
		.cache = &j->room->cache,
		.arena = &j->arena,
	};
}

/* Does the chain hang from a certificate of POOL that is valid now? */
static bool chains_to(struct judging *j, const struct pool *pool)
{
	size_t used = j->arena.used;
	struct bytes *der = arena_take(&j->arena, pool->len, sizeof(*der));
	struct verdict_query q = ask(j, der, der ? pool->len : 0);
	bool chains;

	for (size_t i = 0; i < q.pool_len; i++)
		der[i] = pool->certificate[i].der;
	chains = anchor_chains(&q);
	j->arena.used = used;
	return chains;
}

/* Mark those entries with FLAG from which the chain hangs. */
static void mark_path(struct judging *j, unsigned flag)
{
	for (size_t i = 0; i < j->out->cert_count; i++) {
		struct wire_certificate *c = &j->out->certs[i];
		size_t used = j->arena.used;
		struct verdict_query q = ask(j, &c->der, 1);

		if (c->flags & flag && anchor_chains(&q))
			c->flags |= WIRE_CERT_CHAINS;
		j->arena.used = used;
	}
}

/* A pinned certificate that is installed and that the chain hangs from, sent
 * or not: servers are told to leave their root out. */
static struct wire_certificate *find_pinned_installed(const struct job *job,
						      struct outcome *out)
{
	const unsigned both = WIRE_CERT_INSTALLED | WIRE_CERT_CHAINS;

	for (size_t i = 0; i < out->cert_count; i++)
		if ((out->certs[i].flags & both) == both &&
		    is_pinned(job, out->certs[i].der))
			return &out->certs[i];
	return NULL;
}

/* The pinned certificate, and only if the leaf chains to it: appending
 * somebody's CA to one's own chain is easy. Of several the last sent counts:
 * never leaf and CA together. Whether Docker accepts the leaf is the verdict's:
 * what the operator named is installed all the same. */
static void choose_pinned(struct judging *j)
{
	const struct presented *sent = &j->capture->presented;
	struct outcome *out = j->out;
	struct verdict_query q = ask(j, NULL, 0);
	struct wire_certificate *chosen = NULL;

	for (size_t i = 0; i < sent->count; i++)
		if (is_pinned(j->job, sent->certs[i]) &&
		    anchor_chains_to(&q, i))
			chosen = &out->certs[i];
	if (!chosen)
		chosen = find_pinned_installed(j->job, out);
	if (chosen)
		chosen->flags |= WIRE_CERT_ANCHOR;
}

static void choose_anchors(struct judging *j)
{
	struct verdict_query q = ask(j, NULL, 0);
	struct anchor anchor;

	if (j->job->operator_file.len) {
		if (chains_to(j, &j->material.operators))
			report_pool(j, &j->material.operators,
				    WIRE_CERT_ANCHOR);
		return;
	}
	if (j->job->pin_count) {
		choose_pinned(j);
		return;
	}
	anchor_choose(&q, &anchor);
	j->out->certs[anchor.index].flags |= WIRE_CERT_ANCHOR;
}

static void check_host_pool(struct judging *j)
{
	struct verdict_query q =
		ask(j, j->material.host, j->material.host_count);
	struct verdict verdict;

	if (j->job->host_pool.len)
		j->out->flags |= OUTCOME_HOST_POOL;
	if (!q.pool_len)
		return;
	verdict_reach(&q, &verdict);
	if (verdict.code == VERDICT_ACCEPTED)
		j->out->flags |= OUTCOME_HOST_TRUSTS;
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

/* What Docker says after each act; once where the pool is the same. */
static bool reach_verdicts(struct judging *j)
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
		q = ask(j, p->der, p->count);
		outlook_judge(&q, &j->room->outlook);
		report_verdict(j, &q, (enum wire_act)act);
		heed_handshake(j, &j->out->verdict[act]);
	}
	return true;
}

static enum err begin(struct judging *j)
{
	const char *docker = j->job->docker;

	j->release = go_newest();
	if (docker && !go_of_docker((struct bytes){(const uint8_t *)docker,
						   strlen(docker)},
				    &j->release))
		return failure_set(&j->out->failure, ERR_USAGE,
				   "--docker: no verdict is known for %s",
				   docker);
	j->arena = (struct arena){j->room->arena, sizeof(j->room->arena), 0};
	return material_read(j->job, j->capture ? &j->capture->presented : NULL,
			     j->release, &j->arena, &j->material,
			     &j->out->failure);
}

static enum err lack_room(struct judging *j)
{
	return failure_set(&j->out->failure, ERR_LIMIT,
			   "there is more to judge than fits");
}

static enum err check_whole(struct judging *j)
{
	return j->is_full ? lack_room(j) : ERR_OK;
}

/* see judge.h */
enum err judge_chain(const struct job *job, const struct capture *capture,
		     struct judge_room *room, struct outcome *out)
{
	struct judging j = {
		.job = job, .capture = capture, .room = room, .out = out};
	enum err err = begin(&j);

	if (err != ERR_OK)
		return err;
	report_sent(&j);
	reply_report(j.job, j.capture, j.room, j.out);
	report_pool(&j, &j.material.installed, WIRE_CERT_INSTALLED);
	mark_path(&j, WIRE_CERT_INSTALLED);
	choose_anchors(&j);
	mark_path(&j, WIRE_CERT_ANCHOR);
	if (chains_to(&j, &j.material.installed))
		out->flags |= OUTCOME_CHAINS;
	check_host_pool(&j);
	return reach_verdicts(&j) ? check_whole(&j) : lack_room(&j);
}

/* see judge.h */
bool judge_agrees(const struct job *job, const struct capture *capture,
		  struct judge_room *room, const struct outcome *out)
{
	struct judging j = {
		.job = job,
		.capture = capture,
		.room = room,
		.arena = {room->arena, sizeof(room->arena), 0},
		.release = go_newest(),
	};
	struct verdict_query q = ask(&j, NULL, 1);

	/* Remembered results view what the arena held before. */
	room->cache.used = 0;
	for (size_t i = 0; i < out->cert_count; i++) {
		q.pool = &out->certs[i].der;
		if (out->certs[i].flags & WIRE_CERT_ANCHOR && anchor_chains(&q))
			return true;
	}
	return false;
}

/* see judge.h */
enum err judge_file(const struct job *job, struct judge_room *room,
		    struct outcome *out)
{
	struct judging j = {.job = job, .room = room, .out = out};
	enum err err = begin(&j);

	if (err != ERR_OK)
		return err;
	report_pool(&j, &j.material.operators,
		    WIRE_CERT_ANCHOR | WIRE_CERT_CHAINS);
	report_pool(&j, &j.material.installed, WIRE_CERT_INSTALLED);
	return check_whole(&j);
}
