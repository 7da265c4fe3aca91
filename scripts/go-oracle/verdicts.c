/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Our side of the comparison: prints what oracle.go prints, by our verdict.
 *
 *	verdicts CASES MINOR
 */
#include "probe/verdict/x509/pem.h"
#include "probe/verdict/verdict.h"
#include "support/cases.h"

/* The patch of each minor that the oracle is built with. */
static const uint8_t PATCH[] = {
	[15] = 15, [19] = 8,  [21] = 13, [22] = 12, [23] = 5,
	[24] = 4,  [25] = 12, [26] = 10, [27] = 3};

static struct case_line line;
static struct bytes pool[2 * CASE_CERTIFICATES_MAX];
static uint8_t pem_room[1 << 20];
static _Alignas(16) uint8_t room[VERDICT_ARENA_BYTES];
static struct signature_cache cache;

static size_t fill_pool(struct go_release release)
{
	size_t n = 0, used = 0;

	for (size_t i = 0; i < line.pool_len; i++) {
		struct pem_search s = {.file = line.pool[i]};
		struct bytes der;

		if (!line.is_pem[i]) {
			pool[n++] = line.pool[i];
			continue;
		}
		while (pem_next(&s, release, pem_room + used,
				sizeof(pem_room) - used, &der)) {
			pool[n++] = der;
			used += der.len;
		}
	}
	return n;
}

static void print(const struct verdict *v)
{
	/* The oracle marks a pool of which Go took nothing. */
	bool empty = v->code != VERDICT_ACCEPTED &&
		     v->code != VERDICT_UNREADABLE && !v->pool_usable;

	printf("%s\t%s%s%s\n", line.id,
	       v->code == VERDICT_ACCEPTED    ? "ACCEPT"
	       : v->code == VERDICT_UNCHECKED ? "UNCHECKED "
					      : "REJECT ",
	       empty ? "[pool-empty] " : "", v->text);
}

int main(int argc, char **argv)
{
	struct arena arena = {room, sizeof(room), 0};
	struct go_release release = {0, 0};
	struct case_file file;
	struct verdict v;
	int minor;

	if (argc != 3)
		return 2;
	minor = atoi(argv[2]);
	release.version = GO_VERSION(minor, PATCH[minor]);
	cases_open(&file, argv[1]);
	while (cases_next(&file, &line)) {
		struct verdict_query q = {
			.pool = pool,
			.pool_len = fill_pool(release),
			.sent = line.sent,
			.sent_len = line.sent_len,
			.host = {(const uint8_t *)line.host, strlen(line.host)},
			.now = line.now,
			.release = release,
			.verify_only = true,
			.cache = &cache,
			.arena = &arena,
		};

		cache.used = 0;
		verdict_reach(&q, &v);
		print(&v);
	}
	cases_close(&file);
	return 0;
}
