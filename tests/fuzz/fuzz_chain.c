/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole chains. The input is the index of a release, then records of a kind
 * (0 sent, 1 pool), two octets of length (little-endian) and a certificate.
 * Whatever they are: it ends, the arena is given back, texts are printable,
 * what is accepted also continues what is installed, and the anchor of a short
 * chain is one that is accepted if any that was sent is.
 */
#include <stdlib.h>
#include <string.h>

#include "probe/verdict/anchor.h"
#include "probe/verdict/remark.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define CERTIFICATES_MAX 64
#define TRIED_MAX	 6

static const uint16_t RELEASES[] = {GO_VERSION(13, 15), GO_VERSION(19, 9),
				    GO_VERSION(24, 8),	GO_VERSION(25, 6),
				    GO_VERSION(26, 5),	GO_VERSION(27, 3)};

static _Alignas(16) uint8_t room[JUDGE_ARENA_BYTES];
static struct signature_cache cache;

/* By trial of each alone. */
static bool is_acceptable(const struct verdict_query *q)
{
	struct verdict_query alone = *q;
	struct verdict v;

	for (size_t i = 0; i < q->sent_len; i++) {
		alone.pool = &q->sent[i];
		alone.pool_len = 1;
		verdict_reach(&alone, &v);
		if (v.code == VERDICT_ACCEPTED)
			return true;
	}
	return false;
}

static void check_anchor(const struct verdict_query *q)
{
	struct anchor anchor;

	anchor_choose(q, &anchor);
	if (anchor.index && !anchor_chains_to(q, anchor.index))
		abort();
	if (q->sent_len <= TRIED_MAX && anchor.accepted != is_acceptable(q))
		abort();
}

static void check(const struct verdict_query *q)
{
	struct verdict v;

	verdict_reach(q, &v);
	for (const char *p = v.text; *p; p++)
		if (*p < 0x20 || *p > 0x7e)
			abort();
	if ((v.code == VERDICT_ACCEPTED) != !*v.text)
		abort();
	if (v.code == VERDICT_ACCEPTED && !anchor_chains(q))
		abort();
	if (remark_find(q, &v) >= REMARK_COUNT_)
		abort();
	check_anchor(q);
	if (q->arena->used)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena arena = {room, sizeof(room), 0};
	struct bytes list[2][CERTIFICATES_MAX];
	size_t used[2] = {0, 0}, at = 1;
	struct verdict_query q = {
		.pool = list[1],
		.sent = list[0],
		.host = {(const uint8_t *)"reg.example.com", 15},
		.now = 1767225600,
		.cache = &cache,
		.arena = &arena,
	};

	if (!len)
		return 0;
	q.release.version =
		RELEASES[data[0] % (sizeof(RELEASES) / sizeof(*RELEASES))];
	while (len - at >= 3) {
		size_t kind = data[at] & 1;
		size_t n = (size_t)(data[at + 1] | data[at + 2] << 8);

		at += 3;
		n = n < len - at ? n : len - at;
		if (used[kind] < CERTIFICATES_MAX)
			list[kind][used[kind]++] = (struct bytes){data + at, n};
		at += n;
	}
	q.sent_len = used[0];
	q.pool_len = used[1];
	cache.used = 0;
	check(&q);
	return 0;
}
