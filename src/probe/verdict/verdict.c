/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Docker will say of a chain, and how sure that is: releases of Go that
 * nobody could run are sure only where their neighbours agree.
 */
#include "probe/verdict/verdict.h"

#include "probe/verdict/verify.h"
#include "probe/verdict/x509/plain.h"

/*
 * Go before 1.17 had another parser, of which only that it reads plain forms
 * as later ones do is known here.
 */
static bool is_plain(const struct verdict_query *q, const struct pool *pool,
		     const struct pool *sent, size_t sent_usable)
{
	if (go_follows(q->release, GO_NEW_PARSER))
		return true;
	for (size_t i = 0; i < pool->len; i++)
		if (!plain_is(&pool->certificate[i]))
			return false;
	for (size_t i = 0; i < sent->len; i++)
		if (!plain_is(&sent->certificate[i]))
			return false;
	return sent_usable;
}

/* Add the pool of Q. False: some of it cannot be read. */
static bool parse_pool(const struct verdict_query *q, struct pool *pool)
{
	bool all = true;

	for (size_t i = 0; i < q->pool_len; i++)
		all = pool_parse(pool, q->pool[i], q->release, q->parsed) &&
		      all;
	return all;
}

static enum verdict_code judge(const struct verdict_query *q,
			       struct verdict *out, struct text *t)
{
	struct pool pool, sent;
	enum verdict_code code;
	bool sure;

	if (!q->sent_len) {
		text_add(t, "tls: received empty certificates message");
		return VERDICT_NOTHING_SENT;
	}
	if (!pool_open(&pool, q->pool_len, q->arena) ||
	    !pool_open(&sent, q->sent_len, q->arena)) {
		text_add(t, "more certificates than are judged here");
		return VERDICT_UNCHECKED;
	}
	sure = parse_pool(q, &pool) || go_follows(q->release, GO_NEW_PARSER);
	out->pool_usable = pool.len;
	code = verify_parse(q, &sent, t);
	if (!sure || !is_plain(q, &pool, &sent, code == VERDICT_ACCEPTED)) {
		t->len = 0;
		text_add(t, "the parser of this release of Go is not known "
			    "well enough for this chain");
		return VERDICT_UNCHECKED;
	}
	return code == VERDICT_ACCEPTED ? verify_pool(q, &pool, &sent, t)
					: code;
}

/* Do the measured releases around Q's decide as CODE does? */
static bool is_confirmed(const struct verdict_query *q, enum verdict_code code)
{
	char ignored[FAILURE_CHARS_MAX];
	struct go_release around[2];
	size_t n = go_measured_around(q->release, around);

	for (size_t i = 0; i < n; i++) {
		struct verdict_query other = *q;
		size_t used = q->arena->used;
		struct verdict verdict;
		enum verdict_code found;
		struct text t;

		other.release = around[i];
		text_open(&t, ignored, sizeof(ignored));
		found = judge(&other, &verdict, &t);
		q->arena->used = used;
		if (found == VERDICT_UNCHECKED ||
		    (found == VERDICT_ACCEPTED) != (code == VERDICT_ACCEPTED))
			return false;
	}
	return true;
}

/* see verdict.h */
void verdict_reach(const struct verdict_query *q, struct verdict *out)
{
	char raw[FAILURE_CHARS_MAX];
	size_t used = q->arena->used;
	struct text t;

	text_open(&t, raw, sizeof(raw));
	out->pool_usable = 0;
	out->code = judge(q, out, &t);
	q->arena->used = used;
	if (out->code != VERDICT_UNCHECKED && !is_confirmed(q, out->code)) {
		out->code = VERDICT_UNCHECKED;
		t.len = 0;
		text_add(&t, "this release of Go was never run with such a "
			     "chain, and those next to it differ");
	}
	if (out->code == VERDICT_ACCEPTED)
		t.len = 0;
	text_close(&t, out->text, sizeof(out->text));
}
