/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Docker will say of a chain: the pool, then what was sent.
 */
#include "probe/verdict/verdict.h"

#include "probe/verdict/verify.h"

static enum verdict_code judge(const struct verdict_query *q,
			       struct verdict *out, struct text *t)
{
	struct pool pool, sent;
	enum verdict_code code;

	if (!q->sent_len) {
		text_add(t, "tls: received empty certificates message");
		return VERDICT_NOTHING_SENT;
	}
	if (!pool_open(&pool, q->pool_len, q->arena) ||
	    !pool_open(&sent, q->sent_len, q->arena)) {
		text_add(t, "more certificates than are judged here");
		return VERDICT_UNCHECKED;
	}
	for (size_t i = 0; i < q->pool_len; i++)
		pool_parse(&pool, q->pool[i], q->release);
	out->pool_usable = pool.len;
	code = verify_parse(q, &sent, t);
	return code == VERDICT_ACCEPTED ? verify_pool(q, &pool, &sent, t)
					: code;
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
	if (out->code == VERDICT_ACCEPTED)
		t.len = 0;
	text_close(&t, out->text, sizeof(out->text));
	q->arena->used = used;
}
