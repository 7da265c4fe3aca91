/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The report on the pipe: what goes in comes out, and no other bytes do more
 * than be refused. Frames are kept on the heap at their exact size, so that
 * the sanitizer sees a read beyond.
 */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/wire.h"

#define FRAME_BYTES 4096

/* Every class of failure: which kind of probe may say what is a test of its
 * own. */
static const unsigned any = (1U << ERR_COUNT_) - 1;

/* Record types, as they stand on the pipe. */
enum {
	PHASE = 1,
	FAILURE,
	CONNECTION,
	SERVICE,
	VERDICT,
	CERTIFICATE,
	END,
	SETTINGS,
	NAME
};

/* Both are too large for a stack. */
static struct outcome sent;
static struct outcome received;

static void make_small(void)
{
	memset(&sent, 0, sizeof(sent));
	strcpy(sent.address, "198.51.100.7:443");
	sent.tls_version = 0x0304;
	sent.flags = OUTCOME_POSSESSION | OUTCOME_PROXIED;
	sent.service = bytes_of("auth.example:5001");
	sent.verdict[WIRE_KEEP].reached = true;
	sent.verdict[WIRE_ALONE] =
		(struct wire_verdict){.reached = true,
				      .code = VERDICT_WRONG_NAME,
				      .remark = REMARK_WRONG_ORDER,
				      .text = bytes_of("x509: no"),
				      .others = bytes_of("19.03: yes")};
	sent.settings.flags = SETTINGS_READ | SETTINGS_CLASSIC;
	sent.settings.name_count = 2;
	sent.settings.names[0] = (struct settings_name){
		SETTINGS_INSECURE, bytes_of("198.51.100.0/24")};
	sent.settings.names[1] = (struct settings_name){
		SETTINGS_MIRRORS, bytes_of("m.test:5000")};
	sent.cert_count = 2;
	sent.certs[0] = (struct wire_certificate){
		.der = bytes_of("leaf"),
		.subject = bytes_of("CN=reg"),
		.issuer = bytes_of("CN=ca"),
		.sans = bytes_of("DNS:reg"),
		.key = bytes_of("ECDSA P-256"),
		.not_before = -1,
		.not_after = MOMENT_LAST,
		.flags = WIRE_CERT_SENT | WIRE_CERT_CHAINS};
	sent.certs[1] = (struct wire_certificate){.der = bytes_of("ca"),
						  .not_before = MOMENT_FIRST,
						  .flags = WIRE_CERT_FLAGS_};
}

/* The encoding of SENT on the heap, which the caller frees. */
static struct bytes encode_sent(void)
{
	static uint8_t room[FRAME_BYTES_MAX];
	uint8_t *frame;
	size_t len = 0;

	assert_int_equal(wire_encode(&sent, room, sizeof(room), &len), ERR_OK);
	frame = malloc(len);
	assert_non_null(frame);
	memcpy(frame, room, len);
	return (struct bytes){frame, len};
}

static enum err decode(const void *frame, size_t len, struct failure *f)
{
	uint8_t *exact = malloc(len ? len : 1);
	enum err err;

	if (len)
		memcpy(exact, frame, len);
	err = wire_decode((struct bytes){exact, len}, any, &received, f);
	free(exact);
	return err;
}

static void free_frame(struct bytes frame)
{
	free((void *)(uintptr_t)frame.data);
}

static void check_same_verdict(const struct wire_verdict *a,
			       const struct wire_verdict *b)
{
	assert_int_equal(a->reached, b->reached);
	if (!a->reached)
		return;
	assert_int_equal(a->code, b->code);
	assert_int_equal(a->remark, b->remark);
	assert_true(bytes_equal(a->text, b->text));
	assert_true(bytes_equal(a->others, b->others));
}

static void check_same_settings(const struct settings *a,
				const struct settings *b)
{
	assert_int_equal(a->flags, b->flags);
	assert_int_equal(a->name_count, b->name_count);
	for (size_t i = 0; i < a->name_count; i++) {
		assert_int_equal(a->names[i].list, b->names[i].list);
		assert_true(bytes_equal(a->names[i].text, b->names[i].text));
	}
}

static void check_same(const struct outcome *a, const struct outcome *b)
{
	assert_int_equal(a->failure.code, b->failure.code);
	assert_string_equal(a->failure.detail, b->failure.detail);
	assert_string_equal(a->address, b->address);
	assert_int_equal(a->tls_version, b->tls_version);
	assert_int_equal(a->flags, b->flags);
	assert_true(bytes_equal(a->service, b->service));
	check_same_settings(&a->settings, &b->settings);
	for (int act = 0; act < WIRE_ACTS_; act++)
		check_same_verdict(&a->verdict[act], &b->verdict[act]);
	assert_int_equal(a->cert_count, b->cert_count);
	for (size_t i = 0; i < a->cert_count; i++) {
		const struct wire_certificate *x = &a->certs[i];
		const struct wire_certificate *y = &b->certs[i];

		assert_true(bytes_equal(x->der, y->der));
		assert_true(bytes_equal(x->subject, y->subject));
		assert_true(bytes_equal(x->issuer, y->issuer));
		assert_true(bytes_equal(x->sans, y->sans));
		assert_true(bytes_equal(x->key, y->key));
		assert_true(x->not_before == y->not_before);
		assert_true(x->not_after == y->not_after);
		assert_int_equal(x->flags, y->flags);
	}
}

static void check_round_trip(void)
{
	struct bytes frame = encode_sent();
	struct failure f;

	memset(&received, 0xa5, sizeof(received));
	assert_int_equal(wire_decode(frame, any, &received, &f), ERR_OK);
	check_same(&received, &sent);
	free_frame(frame);
}

static void a_report_comes_out_as_it_went_in(void **state)
{
	(void)state;
	make_small();
	check_round_trip();
	sent.verdict[WIRE_ALONE].code = VERDICT_ACCEPTED;
	check_round_trip();
	memset(&sent, 0, sizeof(sent));
	check_round_trip();
}

static void every_class_of_failure_passes(void **state)
{
	(void)state;
	memset(&sent, 0, sizeof(sent));
	for (int code = ERR_OK; code < ERR_COUNT_; code++) {
		failure_set(&sent.failure, (enum err)code, "class %d", code);
		check_round_trip();
	}
	memset(sent.failure.detail, 'a', sizeof(sent.failure.detail) - 1);
	memset(sent.address, 'b', sizeof(sent.address) - 1);
	check_round_trip();
}

static void the_largest_chain_fits_in_a_frame(void **state)
{
	static uint8_t der[CHAIN_BYTES_MAX];
	static uint8_t text[400];

	(void)state;
	memset(&sent, 0, sizeof(sent));
	memset(text, 'x', sizeof(text));
	sent.cert_count = CHAIN_CERTS_MAX;
	for (size_t i = 0; i < CHAIN_CERTS_MAX; i++) {
		size_t each = sizeof(der) / CHAIN_CERTS_MAX;

		sent.certs[i].der = (struct bytes){der + i * each, each};
		sent.certs[i].subject = (struct bytes){text, sizeof(text)};
		sent.certs[i].issuer = (struct bytes){text, sizeof(text)};
		sent.certs[i].sans = (struct bytes){text, sizeof(text)};
	}
	check_round_trip();
	memset(&sent, 0, sizeof(sent));
	sent.cert_count = 1;
	sent.certs[0].der = (struct bytes){der, sizeof(der)};
	check_round_trip();
}

static void a_text_that_is_too_long_is_cut(void **state)
{
	static uint8_t text[TEXT_CHARS_MAX + 1];
	struct bytes frame;
	struct failure f;

	(void)state;
	memset(text, 'x', sizeof(text));
	make_small();
	sent.certs[0].sans = (struct bytes){text, sizeof(text)};
	frame = encode_sent();
	assert_int_equal(wire_decode(frame, any, &received, &f), ERR_OK);
	assert_int_equal(received.certs[0].sans.len, TEXT_CHARS_MAX);
	free_frame(frame);
}

static void an_encoding_without_room_is_refused_whole(void **state)
{
	struct bytes frame;

	(void)state;
	make_small();
	frame = encode_sent();
	for (size_t size = 0; size <= frame.len; size++) {
		uint8_t *out = malloc(size ? size : 1);
		size_t len = 99;
		enum err err = wire_encode(&sent, out, size, &len);

		assert_int_equal(err, size < frame.len ? ERR_LIMIT : ERR_OK);
		assert_int_equal(len, size < frame.len ? 0 : frame.len);
		free(out);
	}
	free_frame(frame);
}

static void every_truncation_is_refused(void **state)
{
	struct bytes frame;

	(void)state;
	make_small();
	frame = encode_sent();
	for (size_t len = 0; len < frame.len; len++) {
		struct failure f = {0};

		assert_int_equal(decode(frame.data, len, &f), ERR_PROBE);
		assert_int_equal(f.code, ERR_PROBE);
		assert_int_not_equal(strlen(f.detail), 0);
		assert_int_equal(received.cert_count, 0);
	}
	free_frame(frame);
}

static bool is_text(struct bytes text, size_t len_max)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] < 0x20 || text.data[i] > 0x7e)
			return false;
	return text.len <= len_max;
}

static bool is_within(struct bytes view, struct bytes frame)
{
	return view.len == 0 ||
	       (view.data >= frame.data &&
		view.data + view.len <= frame.data + frame.len);
}

/* What the installer may rely on when a frame was taken, whoever wrote it. */
static void check_limits(const struct outcome *o, struct bytes frame)
{
	assert_in_range(o->failure.code, 0, ERR_COUNT_ - 1);
	assert_true(
		is_text(bytes_of(o->failure.detail), FAILURE_CHARS_MAX - 1));
	assert_true(is_text(bytes_of(o->address), ADDRESS_CHARS_MAX - 1));
	assert_int_equal(o->flags & ~(unsigned)OUTCOME_FLAGS_, 0);
	assert_in_range(o->cert_count, 0, REPORT_CERTS_MAX);
	assert_true(is_text(o->service, REGISTRY_CHARS_MAX));
	assert_true(is_within(o->service, frame));
	assert_int_equal(o->settings.flags & ~(unsigned)SETTINGS_FLAGS_, 0);
	assert_in_range(o->settings.name_count, 0, SETTINGS_NAMES_MAX);
	for (size_t i = 0; i < o->settings.name_count; i++) {
		struct bytes text = o->settings.names[i].text;

		assert_in_range(text.len, 1, REGISTRY_CHARS_MAX);
		assert_true(is_text(text, REGISTRY_CHARS_MAX));
		assert_true(is_within(text, frame));
	}
	for (size_t i = 0; i < 2 * (size_t)WIRE_ACTS_; i++) {
		const struct wire_verdict *v = &o->verdict[i / 2];
		const struct bytes texts[] = {v->text, v->others};

		assert_true(is_text(texts[i % 2], TEXT_CHARS_MAX));
		assert_true(is_within(texts[i % 2], frame));
	}
	for (size_t i = 0; i < o->cert_count; i++) {
		const struct wire_certificate *c = &o->certs[i];
		const struct bytes texts[] = {c->subject, c->issuer, c->sans,
					      c->key};

		assert_in_range(c->der.len, 1, CHAIN_BYTES_MAX);
		assert_true(is_within(c->der, frame));
		assert_int_equal(c->flags & ~(unsigned)WIRE_CERT_FLAGS_, 0);
		for (size_t k = 0; k < COUNT(texts); k++) {
			assert_true(is_text(texts[k], TEXT_CHARS_MAX));
			assert_true(is_within(texts[k], frame));
		}
	}
}

/* Of all frames that differ from a good one in one byte: those of a length, a
 * type or a flag are refused, the others carry other content. */
static void every_other_byte_is_refused_or_within_limits(void **state)
{
	size_t taken = 0;
	size_t refused = 0;
	struct bytes frame;
	uint8_t *mutant;

	(void)state;
	make_small();
	frame = encode_sent();
	mutant = malloc(frame.len);
	for (size_t at = 0; at < frame.len; at++)
		for (unsigned change = 1; change < 256; change++) {
			const struct bytes view = {mutant, frame.len};
			struct failure f;

			memcpy(mutant, frame.data, frame.len);
			mutant[at] ^= (uint8_t)change;
			if (wire_decode(view, any, &received, &f) != ERR_OK) {
				refused++;
				continue;
			}
			check_limits(&received, view);
			taken++;
		}
	assert_in_range(taken, 1000, frame.len * 255);
	assert_in_range(refused, 1000, frame.len * 255);
	free(mutant);
	free_frame(frame);
}

/* A frame put together by hand. */
struct draft {
	uint8_t data[FRAME_BYTES];
	size_t len;
};

static void put(struct draft *d, const void *data, size_t len)
{
	assert_in_range(len, 0, sizeof(d->data) - d->len);
	memcpy(d->data + d->len, data, len);
	d->len += len;
}

static void put_record(struct draft *d, unsigned type, const void *content,
		       size_t len)
{
	const uint8_t header[] = {(uint8_t)type, 0, 0, (uint8_t)(len >> 8),
				  (uint8_t)len};

	put(d, header, sizeof(header));
	put(d, content, len);
}

#define RECORD(draft, type, content)                                           \
	put_record(draft, type, content, sizeof(content) - 1)

#define NO_TEXTS                                                               \
	"\0\0"                                                                 \
	"\0\0"
#define VERDICT_NO    "\0\0\0" NO_TEXTS
#define NO_FAILURE    "\0"
#define NO_CONNECTION "\0\0\0\0\0\0\0"
#define CERTIFICATE_X                                                          \
	"\0\0"                                                                 \
	"\0\0\0\0\0\0\0\0"                                                     \
	"\0\0\0\0\0\0\0\0"                                                     \
	"0123456789abcdef0123456789abcdef"                                     \
	"\0\0\0\1"                                                             \
	"X"                                                                    \
	"\0\0"                                                                 \
	"\0\0"                                                                 \
	"\0\0"                                                                 \
	"\0\0"

static enum err decode_draft(const struct draft *d)
{
	struct failure f;

	return decode(d->data, d->len, &f);
}

static void a_frame_needs_each_record_once(void **state)
{
	(void)state;
	for (unsigned counts = 0; counts < 27; counts++) {
		unsigned failures = counts % 3;
		unsigned connections = counts / 3 % 3;
		unsigned ends = counts / 9;
		bool good = failures == 1 && connections == 1 && ends == 1;
		struct draft d = {.len = 0};

		for (unsigned i = 0; i < failures; i++)
			RECORD(&d, FAILURE, NO_FAILURE);
		for (unsigned i = 0; i < connections; i++)
			RECORD(&d, CONNECTION, NO_CONNECTION);
		RECORD(&d, CERTIFICATE, CERTIFICATE_X);
		RECORD(&d, CERTIFICATE, CERTIFICATE_X);
		for (unsigned i = 0; i < ends; i++)
			RECORD(&d, END, "");
		check(decode_draft(&d) == (good ? ERR_OK : ERR_PROBE),
		      "%u failures, %u connections, %u ends", failures,
		      connections, ends);
	}
}

static void service_and_verdict_come_once_at_most(void **state)
{
	static const unsigned types[] = {SERVICE, VERDICT};

	(void)state;
	for (size_t i = 0; i < COUNT(types); i++)
		for (unsigned times = 0; times <= 2; times++) {
			struct draft d = {.len = 0};

			RECORD(&d, FAILURE, NO_FAILURE);
			RECORD(&d, CONNECTION, NO_CONNECTION);
			for (unsigned k = 0; k < times; k++)
				put_record(&d, types[i], VERDICT_NO,
					   types[i] == VERDICT ? 7 : 0);
			RECORD(&d, END, "");
			assert_int_equal(decode_draft(&d),
					 times <= 1 ? ERR_OK : ERR_PROBE);
		}
}

/* A seed that no longer is a report leads the fuzzer nowhere. */
static void the_seeds_of_the_fuzzer_are_reports(void **state)
{
	static const char *const paths[] = {
		"tests/fuzz/corpus/fuzz_wire/failure",
		"tests/fuzz/corpus/fuzz_wire/settings",
		"tests/fuzz/corpus/fuzz_wire/store",
		"tests/fuzz/corpus/fuzz_wire/whole"};

	(void)state;
	for (size_t i = 0; i < COUNT(paths); i++) {
		uint8_t seed[FRAME_BYTES];
		FILE *file = fopen(paths[i], "rb");
		struct failure f;
		size_t len;

		assert_non_null(file);
		len = fread(seed, 1, sizeof(seed), file);
		fclose(file);
		check(decode(seed, len, &f) == ERR_OK, "%s", paths[i]);
	}
}

static void phases_before_the_report_are_passed_over(void **state)
{
	struct draft d = {.len = 0};

	(void)state;
	for (unsigned i = 0; i < 10; i++)
		RECORD(&d, PHASE, "\2");
	RECORD(&d, FAILURE, NO_FAILURE);
	RECORD(&d, CONNECTION, NO_CONNECTION);
	RECORD(&d, END, "");
	assert_int_equal(decode_draft(&d), ERR_OK);
}

/* One record of TYPE with CONTENT among what a frame needs. */
static enum err decode_with(unsigned type, const void *content, size_t len)
{
	struct draft d = {.len = 0};

	if (type != FAILURE)
		RECORD(&d, FAILURE, NO_FAILURE);
	if (type != CONNECTION)
		RECORD(&d, CONNECTION, NO_CONNECTION);
	put_record(&d, type, content, len);
	if (type != END)
		RECORD(&d, END, "");
	return decode_draft(&d);
}

static void records_hold_exactly_what_they_should(void **state)
{
	static const struct {
		unsigned type;
		const char *content;
		size_t len;
		bool good;
	} rows[] = {
		{PHASE, "\0", 1, true},
		{PHASE, "", 0, false},
		{PHASE, "\0\0", 2, false},
		{PHASE, "\5", 1, false},
		{FAILURE, "\0", 1, true},
		{FAILURE, "\1why", 4, true},
		{FAILURE, "", 0, false},
		{FAILURE, "\1why\n", 5, false},
		{FAILURE, "\1\x7f", 2, false},
		{FAILURE, "\1\x80", 2, false},
		{FAILURE, "\1a\0b", 4, false},
		{FAILURE, "\x63", 1, false},
		{CONNECTION, "\3\4\0\0\1\0\xc8x", 8, true},
		{CONNECTION, "\3\4\0\0\0\0", 6, false},
		{CONNECTION, "\3\4\xff\xff\0\0\0", 7, true},
		{CONNECTION, "\3\4\0\0\12\0\0", 7, true},
		{CONNECTION, "\3\4\0\0\13\0\0", 7, false},
		{CONNECTION, "\3\4\0\0\0\0\0\x1b", 8, false},
		{SERVICE, "auth:5001", 9, true},
		{SERVICE, "auth\n", 5, false},
		{VERDICT, VERDICT_NO, 7, true},
		{VERDICT, "\2\1\0" NO_TEXTS, 7, true},
		{VERDICT, "\3\1\0" NO_TEXTS, 7, false},
		{VERDICT, "\0\x63\0" NO_TEXTS, 7, false},
		{VERDICT, "\0\0\x63" NO_TEXTS, 7, false},
		{VERDICT, VERDICT_NO, 6, false},
		{VERDICT, VERDICT_NO "\0", 8, false},
		{VERDICT, "", 0, false},
		{CERTIFICATE, CERTIFICATE_X, 63, true},
		{CERTIFICATE, CERTIFICATE_X, 62, false},
		{CERTIFICATE, CERTIFICATE_X "\0", 64, false},
		{CERTIFICATE, "", 0, false},
		{END, "", 0, true},
		{END, "\0", 1, false},
		{SETTINGS, "\15", 1, true},
		{SETTINGS, "\20", 1, false},
		{SETTINGS, "", 0, false},
		{SETTINGS, "\1\0", 2, false},
		{NAME, "\1r.test", 7, true},
		{NAME, "\2r.test", 7, false},
		{NAME, "\0", 1, false},
		{NAME, "\0a b", 4, false},
		{NAME, "\0a\n", 3, false},
		{NAME, "", 0, false},
		{0, "", 0, false},
		{NAME + 1, "", 0, false},
		{255, "", 0, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check(decode_with(rows[i].type, rows[i].content, rows[i].len) ==
			      (rows[i].good ? ERR_OK : ERR_PROBE),
		      "row %zu: type %u, %zu bytes", i, rows[i].type,
		      rows[i].len);
}

static void the_names_of_settings_are_bounded(void **state)
{
	char content[1 + REGISTRY_CHARS_MAX + 1];

	(void)state;
	memset(content, 'x', sizeof(content));
	content[0] = SETTINGS_INSECURE;
	assert_int_equal(decode_with(NAME, content, sizeof(content) - 1),
			 ERR_OK);
	assert_int_equal(decode_with(NAME, content, sizeof(content)),
			 ERR_PROBE);
	for (unsigned more = 0; more < 2; more++) {
		struct draft d = {.len = 0};

		RECORD(&d, FAILURE, NO_FAILURE);
		RECORD(&d, CONNECTION, NO_CONNECTION);
		for (unsigned i = 0; i < SETTINGS_NAMES_MAX + more; i++)
			RECORD(&d, NAME, "\1m");
		RECORD(&d, END, "");
		assert_int_equal(decode_draft(&d), more ? ERR_PROBE : ERR_OK);
		assert_int_equal(received.settings.name_count,
				 more ? 0 : SETTINGS_NAMES_MAX);
	}
}

static void texts_of_a_failure_and_an_address_are_bounded(void **state)
{
	char content[7 + FAILURE_CHARS_MAX];

	(void)state;
	memset(content, 'x', sizeof(content));
	content[0] = ERR_TLS;
	assert_int_equal(decode_with(FAILURE, content, FAILURE_CHARS_MAX),
			 ERR_OK);
	assert_int_equal(decode_with(FAILURE, content, FAILURE_CHARS_MAX + 1),
			 ERR_PROBE);
	memset(content, 0, 7);
	assert_int_equal(
		decode_with(CONNECTION, content, 7 + ADDRESS_CHARS_MAX - 1),
		ERR_OK);
	assert_int_equal(
		decode_with(CONNECTION, content, 7 + ADDRESS_CHARS_MAX),
		ERR_PROBE);
}

/* A certificate whose field AT (of subject, issuer, SANs, key) is LEN times
 * BYTE. */
static enum err decode_text(size_t at, uint8_t byte, size_t len)
{
	struct draft c = {.len = 0};
	uint8_t text[TEXT_CHARS_MAX + 1];

	memset(text, byte, sizeof(text));
	put(&c, CERTIFICATE_X, 55);
	for (size_t i = 0; i < 4; i++) {
		size_t n = i == at ? len : 0;
		const uint8_t length[] = {(uint8_t)(n >> 8), (uint8_t)n};

		put(&c, length, sizeof(length));
		put(&c, text, n);
	}
	return decode_with(CERTIFICATE, c.data, c.len);
}

/* A verdict whose text AT is LEN times BYTE. */
static enum err decode_verdict(size_t at, uint8_t byte, size_t len)
{
	struct draft v = {.len = 0};
	uint8_t text[TEXT_CHARS_MAX + 1];

	memset(text, byte, sizeof(text));
	put(&v, "\0\0\0", 3);
	for (size_t i = 0; i < 2; i++) {
		size_t n = i == at ? len : 0;
		const uint8_t length[] = {(uint8_t)(n >> 8), (uint8_t)n};

		put(&v, length, sizeof(length));
		put(&v, text, n);
	}
	return decode_with(VERDICT, v.data, v.len);
}

static void texts_of_a_verdict_are_bounded_and_printable(void **state)
{
	(void)state;
	for (size_t at = 0; at < 2; at++) {
		assert_int_equal(decode_verdict(at, 'x', TEXT_CHARS_MAX),
				 ERR_OK);
		assert_int_equal(decode_verdict(at, 'x', TEXT_CHARS_MAX + 1),
				 ERR_PROBE);
		assert_int_equal(decode_verdict(at, 0x1b, 1), ERR_PROBE);
		assert_int_equal(decode_verdict(at, 0x80, 1), ERR_PROBE);
	}
}

static void texts_of_a_certificate_are_bounded_and_printable(void **state)
{
	(void)state;
	for (size_t at = 0; at < 4; at++) {
		assert_int_equal(decode_text(at, 'x', TEXT_CHARS_MAX), ERR_OK);
		assert_int_equal(decode_text(at, 'x', TEXT_CHARS_MAX + 1),
				 ERR_PROBE);
		for (unsigned byte = 0; byte < 256; byte++)
			check((decode_text(at, (uint8_t)byte, 2) == ERR_OK) ==
				      (byte > 0x20 && byte <= 0x7e),
			      "byte 0x%02x in field %zu", byte, at);
	}
}

/* The subject TEXT of a certificate, as a probe that obeys nothing writes it.
 */
static enum err decode_subject(const char *text)
{
	const uint8_t length[] = {0, (uint8_t)strlen(text)};
	struct draft c = {.len = 0};

	put(&c, CERTIFICATE_X, 55);
	put(&c, length, sizeof(length));
	put(&c, text, strlen(text));
	put(&c, "\0\0\0\0\0\0", 6);
	return decode_with(CERTIFICATE, c.data, c.len);
}

static void blanks_that_push_a_text_aside_are_refused(void **state)
{
	(void)state;
	assert_int_equal(decode_subject("CN=a b c"), ERR_OK);
	assert_int_equal(decode_subject("CN=a  b"), ERR_PROBE);
	assert_int_equal(decode_subject(" CN=a"), ERR_PROBE);
	assert_int_equal(decode_subject("CN=a "), ERR_PROBE);
	assert_int_equal(decode_subject(" "), ERR_PROBE);
	assert_int_equal(decode_with(FAILURE, "\5a  b", 5), ERR_PROBE);
	assert_int_equal(decode_with(SERVICE, "a  b", 4), ERR_PROBE);
	assert_int_equal(decode_with(CONNECTION, "\3\4\0\0\0\0\0a  b", 11),
			 ERR_PROBE);
}

static void an_honest_probe_collapses_them(void **state)
{
	struct bytes frame;
	struct failure f;

	(void)state;
	make_small();
	sent.certs[0].subject = bytes_of("  CN=a   b  ");
	sent.certs[0].issuer = bytes_of("   ");
	failure_set(&sent.failure, ERR_TLS, "  no   ");
	frame = encode_sent();
	assert_int_equal(wire_decode(frame, any, &received, &f), ERR_OK);
	assert_true(bytes_equal(received.certs[0].subject, bytes_of("CN=a b")));
	assert_int_equal(received.certs[0].issuer.len, 0);
	assert_string_equal(received.failure.detail, "no");
	free_frame(frame);
}

static void a_moment_that_no_certificate_names_is_refused(void **state)
{
	static const struct {
		int64_t moment;
		enum err err;
	} rows[] = {
		{MOMENT_FIRST, ERR_OK}, {MOMENT_FIRST - 1, ERR_PROBE},
		{MOMENT_LAST, ERR_OK},	{MOMENT_LAST + 1, ERR_PROBE},
		{INT64_MIN, ERR_PROBE}, {INT64_MAX, ERR_PROBE},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t at = 2; at <= 10; at += 8) {
			char content[] = CERTIFICATE_X;

			for (size_t k = 0; k < 8; k++)
				content[at + k] =
					(char)((uint64_t)rows[i].moment >>
					       (56 - 8 * k));
			assert_int_equal(decode_with(CERTIFICATE, content, 63),
					 rows[i].err);
		}
}

static void only_failures_of_the_kind_of_probe_are_taken(void **state)
{
	static const unsigned sets[] = {WIRE_FAILURES_CAPTURE,
					WIRE_FAILURES_READ};
	/* What an operator would obey as the installer's own word. */
	static const enum err own[] = {ERR_STORE, ERR_CLOCK, ERR_STOPPED,
				       ERR_PROBE};

	(void)state;
	make_small();
	for (size_t i = 0; i < COUNT(own); i++)
		for (size_t k = 0; k < COUNT(sets); k++)
			assert_false(sets[k] & 1U << own[i]);
	assert_false(WIRE_FAILURES_CAPTURE & 1U << ERR_USAGE);
	for (size_t k = 0; k < COUNT(sets); k++)
		for (int code = ERR_OK; code < ERR_COUNT_; code++) {
			struct bytes frame;
			struct failure f;
			bool taken;

			failure_set(&sent.failure, (enum err)code, "why");
			frame = encode_sent();
			taken = wire_decode(frame, sets[k], &received, &f) ==
				ERR_OK;
			assert_int_equal(taken, (sets[k] >> code) & 1);
			free_frame(frame);
		}
}

/* COUNT certificates of LEN bytes of DER each in a frame of its own. */
static enum err decode_certificates(size_t count, uint32_t len)
{
	size_t size = 64 + count * (5 + 62 + (size_t)len);
	uint8_t *frame = calloc(1, size);
	uint32_t record = 62 + len;
	size_t at = 0;
	struct failure f;
	enum err err;

	frame[at] = FAILURE;
	frame[at + 4] = 1;
	at += 6;
	frame[at] = CONNECTION;
	frame[at + 4] = 7;
	at += 12;
	for (size_t i = 0; i < count; i++) {
		frame[at] = CERTIFICATE;
		for (unsigned k = 0; k < 4; k++) {
			frame[at + 1 + k] = (uint8_t)(record >> (24 - 8 * k));
			frame[at + 55 + k] = (uint8_t)(len >> (24 - 8 * k));
		}
		at += 5 + record;
	}
	frame[at] = END;
	err = wire_decode((struct bytes){frame, at + 5}, any, &received, &f);
	free(frame);
	return err;
}

static void certificates_are_bounded_in_size_and_number(void **state)
{
	(void)state;
	assert_int_equal(decode_certificates(1, 0), ERR_PROBE);
	assert_int_equal(decode_certificates(1, CHAIN_BYTES_MAX), ERR_OK);
	assert_int_equal(decode_certificates(1, CHAIN_BYTES_MAX + 1),
			 ERR_PROBE);
	assert_int_equal(decode_certificates(REPORT_CERTS_MAX, 1), ERR_OK);
	assert_int_equal(received.cert_count, REPORT_CERTS_MAX);
	assert_int_equal(decode_certificates(REPORT_CERTS_MAX + 1, 1),
			 ERR_PROBE);
}

static void unknown_flags_are_refused(void **state)
{
	char content[64] = CERTIFICATE_X;

	(void)state;
	for (unsigned bit = 0; bit < 16; bit++) {
		unsigned flags = 1U << bit;

		content[0] = (char)(flags >> 8);
		content[1] = (char)flags;
		check((decode_with(CERTIFICATE, content, 63) == ERR_OK) ==
			      ((flags & WIRE_CERT_FLAGS_) != 0),
		      "certificate's bit %u", bit);
	}
	memset(content, 0, 7);
	for (unsigned bit = 0; bit < 16; bit++) {
		unsigned flags = 1U << bit;

		content[2] = (char)(flags >> 8);
		content[3] = (char)flags;
		check((decode_with(CONNECTION, content, 7) == ERR_OK) ==
			      ((flags & OUTCOME_FLAGS_) != 0),
		      "connection's bit %u", bit);
	}
}

static void lengths_that_wrap_around_are_refused(void **state)
{
	static const char *const lengths[] = {
		"\xff\xff\xff\xff", "\x80\x00\x00\x00", "\x7f\xff\xff\xff",
		"\xff\xff\xff\xfb"};

	(void)state;
	for (size_t i = 0; i < COUNT(lengths); i++) {
		char content[64] = CERTIFICATE_X;
		struct draft d = {.len = 0};

		memcpy(content + 50, lengths[i], 4);
		assert_int_equal(decode_with(CERTIFICATE, content, 63),
				 ERR_PROBE);
		put(&d, "\2", 1);
		put(&d, lengths[i], 4);
		put(&d, "\0", 1);
		assert_int_equal(decode_draft(&d), ERR_PROBE);
	}
}

static void the_last_phase_is_found_in_any_cut(void **state)
{
	uint8_t told[2 * WIRE_PHASE_BYTES + 1];

	(void)state;
	wire_encode_phase(told, WIRE_PHASE_RESOLVE);
	wire_encode_phase(told + WIRE_PHASE_BYTES, WIRE_PHASE_HANDSHAKE);
	told[2 * WIRE_PHASE_BYTES] = FAILURE;
	for (size_t len = 0; len <= sizeof(told); len++) {
		uint8_t *cut = malloc(len ? len : 1);
		enum wire_phase phase = len >= 12  ? WIRE_PHASE_HANDSHAKE
					: len >= 6 ? WIRE_PHASE_RESOLVE
						   : WIRE_PHASE_START;

		memcpy(cut, told, len);
		assert_int_equal(wire_last_phase((struct bytes){cut, len}),
				 phase);
		free(cut);
	}
}

static void a_phase_is_one_record(void **state)
{
	(void)state;
	for (unsigned phase = 0; phase < WIRE_PHASE_COUNT_; phase++) {
		uint8_t told[WIRE_PHASE_BYTES];
		const uint8_t expected[] = {PHASE, 0, 0, 0, 1, (uint8_t)phase};

		wire_encode_phase(told, (enum wire_phase)phase);
		assert_memory_equal(told, expected, sizeof(expected));
	}
}

static void a_phase_that_is_none_tells_nothing(void **state)
{
	static const uint8_t frames[][2 * WIRE_PHASE_BYTES] = {
		{PHASE, 0, 0, 0, 1, 1, PHASE, 0, 0, 0, 1, WIRE_PHASE_COUNT_},
		{PHASE, 0, 0, 0, 1, 1, PHASE, 0, 0, 0, 0},
		{PHASE, 0, 0, 0, 1, 1, PHASE, 0xff, 0xff, 0xff, 0xff, 2},
		{PHASE, 0, 0, 0, 1, 1, END, 0, 0, 0, 1, 2},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(frames); i++)
		assert_int_equal(wire_last_phase((struct bytes){
					 frames[i], sizeof(frames[i])}),
				 WIRE_PHASE_RESOLVE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_report_comes_out_as_it_went_in),
		cmocka_unit_test(every_class_of_failure_passes),
		cmocka_unit_test(the_largest_chain_fits_in_a_frame),
		cmocka_unit_test(a_text_that_is_too_long_is_cut),
		cmocka_unit_test(an_encoding_without_room_is_refused_whole),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(every_other_byte_is_refused_or_within_limits),
		cmocka_unit_test(a_frame_needs_each_record_once),
		cmocka_unit_test(service_and_verdict_come_once_at_most),
		cmocka_unit_test(the_seeds_of_the_fuzzer_are_reports),
		cmocka_unit_test(phases_before_the_report_are_passed_over),
		cmocka_unit_test(records_hold_exactly_what_they_should),
		cmocka_unit_test(the_names_of_settings_are_bounded),
		cmocka_unit_test(texts_of_a_failure_and_an_address_are_bounded),
		cmocka_unit_test(
			texts_of_a_certificate_are_bounded_and_printable),
		cmocka_unit_test(texts_of_a_verdict_are_bounded_and_printable),
		cmocka_unit_test(blanks_that_push_a_text_aside_are_refused),
		cmocka_unit_test(an_honest_probe_collapses_them),
		cmocka_unit_test(a_moment_that_no_certificate_names_is_refused),
		cmocka_unit_test(only_failures_of_the_kind_of_probe_are_taken),
		cmocka_unit_test(certificates_are_bounded_in_size_and_number),
		cmocka_unit_test(unknown_flags_are_refused),
		cmocka_unit_test(lengths_that_wrap_around_are_refused),
		cmocka_unit_test(the_last_phase_is_found_in_any_cut),
		cmocka_unit_test(a_phase_is_one_record),
		cmocka_unit_test(a_phase_that_is_none_tells_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
