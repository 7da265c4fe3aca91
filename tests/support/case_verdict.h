/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Our verdict on a case of scripts/go-oracle, and the releases of Go that were
 * asked the same.
 */
#ifndef TESTS_CASE_VERDICT_H
#define TESTS_CASE_VERDICT_H

#include "probe/verdict/verdict.h"
#include "probe/verdict/x509/pem.h"
#include "support/cases.h"

/* The releases that the oracle is built with. */
static const uint16_t MEASURED_RELEASES[] = {
	GO_VERSION(15, 15), GO_VERSION(19, 8),	GO_VERSION(21, 13),
	GO_VERSION(22, 12), GO_VERSION(23, 5),	GO_VERSION(24, 4),
	GO_VERSION(25, 12), GO_VERSION(26, 10), GO_VERSION(27, 3)};

struct case_room {
	struct bytes pool[2 * CASE_CERTIFICATES_MAX];
	uint8_t pem[1 << 20];
	_Alignas(16) uint8_t arena[JUDGE_ARENA_BYTES];
	struct signature_cache cache;
};

/* Fill the pool with what RELEASE reads of the files of LINE; how many. */
static inline size_t case_pool(const struct case_line *line,
			       struct go_release release,
			       struct case_room *room)
{
	size_t n = 0, used = 0;

	for (size_t i = 0; i < line->pool_len; i++) {
		struct pem_search s = {.file = line->pool[i]};
		struct bytes der;

		if (!line->is_pem[i]) {
			room->pool[n++] = line->pool[i];
			continue;
		}
		while (pem_next(&s, release, room->pem + used,
				sizeof(room->pem) - used, &der)) {
			room->pool[n++] = der;
			used += der.len;
		}
	}
	return n;
}

/*
 * What RELEASE says of LINE, with nothing remembered of other cases. OUT is
 * valid until ROOM is used again. Returns how many bytes of the arena were not
 * given back: 0.
 */
static inline size_t case_judge(const struct case_line *line,
				struct go_release release,
				struct case_room *room, struct verdict *out)
{
	struct arena arena = {room->arena, sizeof(room->arena), 0};
	struct verdict_query q = {
		.pool = room->pool,
		.pool_len = case_pool(line, release, room),
		.sent = line->sent,
		.sent_len = line->sent_len,
		.host = {(const uint8_t *)line->host, strlen(line->host)},
		.now = line->now,
		.release = release,
		.verify_only = true,
		.cache = &room->cache,
		.arena = &arena,
	};

	room->cache.used = 0;
	verdict_reach(&q, out);
	return arena.used;
}

#endif
