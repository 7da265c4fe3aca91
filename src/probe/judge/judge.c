/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fills the report from the captured chain; see judge.h.
 */
#include "probe/judge/entry.h"
#include "probe/judge/judging.h"
#include "probe/judge/reply.h"
#include "probe/verdict/anchor.h"

/* Of what a server sends each signature is checked that counts; of what the
 * operator has, the first few. */
static bool are_many(const struct judging *j)
{
	size_t sent = j->capture ? j->capture->presented.count : 0;

	return j->out->cert_count - sent >= ENTRY_CHECKED_MAX;
}

/* The entry of C in the report, made if there is none; NULL when full. */
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
	out->certs[out->cert_count] = entry_describe(j->room, c, are_many(j));
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
			c->der.len ? entry_describe(j->room, c, false) : unread;
		out->certs[i].flags |= WIRE_CERT_SENT;
	}
	out->cert_count = presented->count;
}

/* see judging.h */
void judging_report_pool(struct judging *j, const struct pool *pool,
			 unsigned flags)
{
	for (size_t i = 0; i < pool->len; i++)
		flag(j, &pool->certificate[i], flags);
}

/* see judging.h */
struct verdict_query judging_ask(struct judging *j, const struct bytes *pool,
				 size_t count)
{
	return (struct verdict_query){
		.pool = pool,
		.pool_len = count,
		.sent = j->capture->presented.certs,
		.sent_len = j->capture->presented.count,
		.host = bytes_of(j->job->target->host),
		.now = j->job->now,
		.release = j->release,
		.cache = &j->room->cache,
		.arena = &j->arena,
	};
}

/* see judging.h */
bool judging_chains_to(struct judging *j, const struct pool *pool)
{
	size_t used = j->arena.used;
	struct bytes *der = arena_take(&j->arena, pool->len, sizeof(*der));
	struct verdict_query q = judging_ask(j, der, der ? pool->len : 0);
	bool chains;

	for (size_t i = 0; i < q.pool_len; i++)
		der[i] = pool->certificate[i].der;
	chains = anchor_chains(&q);
	j->arena.used = used;
	return chains;
}

/* Mark those entries with FLAG to which the server chains. */
static void mark_path(struct judging *j, unsigned flag)
{
	for (size_t i = 0; i < j->out->cert_count; i++) {
		struct wire_certificate *c = &j->out->certs[i];
		size_t used = j->arena.used;
		struct verdict_query q = judging_ask(j, &c->der, 1);

		if (c->flags & flag && anchor_chains(&q))
			c->flags |= WIRE_CERT_CHAINS;
		j->arena.used = used;
	}
}

static enum err begin(struct judging *j)
{
	const char *docker = j->job->docker;
	enum err err;

	j->release = go_newest();
	if (docker && !go_of_docker(bytes_of(docker), &j->release))
		return failure_set(&j->out->failure, ERR_USAGE,
				   "--docker: no verdict is known for %s",
				   docker);
	j->arena = (struct arena){j->room->arena, sizeof(j->room->arena), 0};
	err = material_read(j->job, j->capture ? &j->capture->presented : NULL,
			    j->release, &j->arena, &j->material,
			    &j->out->failure);
	j->room->arena_used = j->arena.used;
	return err;
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
	judging_report_pool(&j, &j.material.installed, WIRE_CERT_INSTALLED);
	mark_path(&j, WIRE_CERT_INSTALLED);
	judging_choose(&j);
	mark_path(&j, WIRE_CERT_ANCHOR);
	if (judging_chains_to(&j, &j.material.installed))
		out->flags |= OUTCOME_CHAINS;
	judging_check_host(&j);
	return judging_reach(&j) ? check_whole(&j) : lack_room(&j);
}

/* see judge.h */
bool judge_agrees(const struct job *job, const struct capture *capture,
		  struct judge_room *room, const struct outcome *out)
{
	struct judging j = {
		.job = job,
		.capture = capture,
		.room = room,
		.arena = {room->arena, sizeof(room->arena), room->arena_used},
		.release = go_newest(),
	};
	struct verdict_query q = judging_ask(&j, NULL, 1);
	bool has_anchor = false;

	/* Remembered results view the certificates of the one before. */
	room->cache.used = 0;
	for (size_t i = 0; i < out->cert_count; i++) {
		const struct wire_certificate *c = &out->certs[i];

		if (!(c->flags & WIRE_CERT_ANCHOR))
			continue;
		has_anchor = true;
		q.pool = &c->der;
		/* That it has expired is said of the first. */
		q.now = c->not_after;
		if (anchor_chains(&q))
			return true;
	}
	return !has_anchor;
}

/* see judge.h */
enum err judge_file(const struct job *job, struct judge_room *room,
		    struct outcome *out)
{
	struct judging j = {.job = job, .room = room, .out = out};
	enum err err = begin(&j);

	if (err != ERR_OK)
		return err;
	judging_report_pool(&j, &j.material.operators,
			    WIRE_CERT_ANCHOR | WIRE_CERT_CHAINS);
	judging_report_pool(&j, &j.material.installed, WIRE_CERT_INSTALLED);
	return check_whole(&j);
}
