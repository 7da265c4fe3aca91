/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The anchor by brute force: over random chains, if Docker accepts with any one
 * of the certificates that were sent, it accepts with the chosen one. Names,
 * keys and signatures are few, so twins, loops and cross-signed CAs are many.
 */
/* wrap: signature_verify */
#include "probe/verdict/anchor.h"
#include "support/forge.h"
#include "support/unit.h"

#define CHAINS	 20000
#define SENT_MAX 6
#define MANY	 48

static const uint16_t RELEASES[] = {GO_VERSION(13, 15), GO_VERSION(19, 8),
				    GO_VERSION(25, 12), GO_VERSION(27, 3)};

static uint8_t der[MANY][FORGE_BYTES_MAX];
static struct bytes sent[MANY];
static struct signature_cache cache;
static _Alignas(16) uint8_t room[JUDGE_ARENA_BYTES];
static struct arena arena = {room, sizeof(room), 0};

bool __wrap_signature_verify(const struct signature_algorithm *a,
			     const struct key *key, struct bytes message,
			     struct bytes signature);

bool __wrap_signature_verify(const struct signature_algorithm *a,
			     const struct key *key, struct bytes message,
			     struct bytes signature)
{
	(void)a;
	(void)message;
	return forge_verify(key, signature);
}

/* The same numbers each time (xorshift). */
static unsigned draw(uint32_t *state, unsigned below)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state % below;
}

static struct verdict_query ask(size_t count)
{
	cache.used = 0;
	return (struct verdict_query){
		.sent = sent,
		.sent_len = count,
		.host = {(const uint8_t *)FORGE_HOST, strlen(FORGE_HOST)},
		.now = 1767225600,
		.release = go_newest(),
		.cache = &cache,
		.arena = &arena,
	};
}

static bool accepts(const struct verdict_query *q, size_t index)
{
	struct verdict_query alone = *q;
	struct verdict v;

	alone.pool = &sent[index];
	alone.pool_len = 1;
	verdict_reach(&alone, &v);
	return v.code == VERDICT_ACCEPTED;
}

static void draw_certificate(uint32_t *state, size_t i)
{
	struct forge f = {
		.subject = (char)('A' + draw(state, 3)),
		.issuer = (char)('A' + draw(state, 3)),
		.key = draw(state, FORGE_KEYS - 1),
		.signer = draw(state, FORGE_KEYS - 1),
		.ca = draw(state, 4) ? FORGE_CA : (enum forge_ca)draw(state, 3),
		.path_length = draw(state, 4) ? -1 : (int)draw(state, 3),
		.has_san = !i || !draw(state, 3),
		.has_key_id = !draw(state, 3),
		.key_usage = draw(state, 3)   ? 0
			     : draw(state, 2) ? 0x04
					      : 0x84,
		.is_expired = !draw(state, 6),
		.is_for_mail = !draw(state, 9),
		.serial = (uint8_t)(1 + draw(state, 2)),
	};

	sent[i] = forge(&f, der[i]);
}

static void an_acceptable_anchor_is_found(void **state)
{
	uint32_t seed = 20261126;
	unsigned accepted = 0, leaves = 0;

	(void)state;
	for (unsigned n = 0; n < CHAINS; n++) {
		size_t count = 1 + draw(&seed, SENT_MAX), any = 0, ca = 0;
		struct verdict_query q = ask(count);
		struct anchor a;

		for (size_t i = 0; i < count; i++)
			draw_certificate(&seed, i);
		q.release.version = RELEASES[draw(&seed, 4)];
		for (size_t i = count; i-- > 0;) {
			bool does = accepts(&q, i);

			any += does;
			ca += does && !bytes_equal(sent[i], sent[0]);
		}
		anchor_choose(&q, &a);
		assert_int_equal(a.accepted, any > 0);
		assert_int_equal(accepts(&q, a.index), any > 0);
		assert_int_equal(a.kind == ANCHOR_CA, a.index > 0);
		if (any)
			assert_int_equal(a.kind == ANCHOR_CA, ca > 0);
		assert_true(anchor_chains_to(&q, a.index));
		assert_int_equal(arena.used, 0);
		accepted += any > 0;
		leaves += any && !ca;
	}
	/* Enough of each to mean something. */
	assert_true(accepted > CHAINS / 8 && accepted < CHAINS * 7 / 8);
	assert_true(leaves > 100);
}

/* A self-signed certificate and what differs in its key usage alone. */
static void a_twin_is_not_taken_for_a_ca(void **state)
{
	struct forge f = {.subject = 'A',
			  .issuer = 'A',
			  .ca = FORGE_CA,
			  .path_length = -1,
			  .has_san = true,
			  .key_usage = 0x84,
			  .serial = 1};
	struct verdict_query q = ask(2);
	struct anchor a;

	(void)state;
	sent[0] = forge(&f, der[0]);
	f.key_usage = 0x04;
	sent[1] = forge(&f, der[1]);
	assert_false(accepts(&q, 1));
	anchor_choose(&q, &a);
	assert_true(a.accepted);
	assert_int_equal(a.kind, ANCHOR_LEAF);
	assert_int_equal(a.index, 0);
}

/* All but the last CA of that name have expired. */
static void the_last_of_many_is_found(void **state)
{
	struct forge leaf = {.subject = 'L',
			     .issuer = 'A',
			     .signer = 1,
			     .has_san = true,
			     .is_expired = false,
			     .path_length = -1,
			     .serial = 1};
	struct verdict_query q = ask(MANY);
	struct anchor a;

	(void)state;
	sent[0] = forge(&leaf, der[0]);
	for (size_t i = 1; i < MANY; i++) {
		struct forge ca = {.subject = 'A',
				   .issuer = 'A',
				   .key = 1,
				   .signer = 1,
				   .ca = FORGE_CA,
				   .path_length = -1,
				   .is_expired = i + 1 < MANY,
				   .serial = (uint8_t)i};

		sent[i] = forge(&ca, der[i]);
	}
	anchor_choose(&q, &a);
	assert_true(a.accepted);
	assert_int_equal(a.index, MANY - 1);
}

/* The last signature of a full chain that leads nowhere is not waited for. */
static void the_search_ends(void **state)
{
	struct verdict_query q = ask(MANY);
	struct anchor a;

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		struct forge ca = {.subject = (char)('A' + i % 4),
				   .issuer = (char)('A' + (i + 1) % 4),
				   .key = (unsigned)(i % 4),
				   .signer = (unsigned)((i + 1) % 4),
				   .ca = FORGE_CA,
				   .path_length = -1,
				   .has_san = i % 3 == 0,
				   .is_expired = true,
				   .serial = (uint8_t)(i + 1)};

		sent[i] = forge(&ca, der[i]);
	}
	cache.computed = 0;
	anchor_choose(&q, &a);
	assert_false(a.accepted);
	assert_true(cache.computed <= ANCHOR_CHECKS_MAX + SIGNATURE_CHECKS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_acceptable_anchor_is_found),
		cmocka_unit_test(a_twin_is_not_taken_for_a_ca),
		cmocka_unit_test(the_last_of_many_is_found),
		cmocka_unit_test(the_search_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
