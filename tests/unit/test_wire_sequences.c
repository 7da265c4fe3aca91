/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire_decode and every sequence of records there is, up to a length: all kinds
 * in any order, unknown ones among them, against a rule that is written anew
 * here; and every content that is cut or longer than its record.
 */
#include "support/unit.h"

#include "common/wire.h"
#include "common/wire_record.h"

/* Five records take each kind that a report may need beside the three that it
 * must have, or any of them twice. */
#define SEQUENCE_MAX 5
#define CAPTURE	     WIRE_FAILURES_CAPTURE

/* An octet before each record says its type: all that are known, and more. */
static const uint8_t kinds[] = {RECORD_PHASE,	   RECORD_FAILURE,
				RECORD_CONNECTION, RECORD_SERVICE,
				RECORD_VERDICT,	   RECORD_CERTIFICATE,
				RECORD_END,	   RECORD_SETTINGS,
				RECORD_NAME,	   0,
				RECORD_COUNT_,	   255};

/* A type, and the length of what follows. */
#define HEADER_BYTES (1 + RECORD_LENGTH_BYTES)

/* How many of them are known; the others are the last ones. */
#define KNOWN 9

/* A good record of each kind; an unknown one is empty. */
static struct bytes records[sizeof(kinds)];
static uint8_t phase[WIRE_PHASE_BYTES];
static uint8_t unknown[3][HEADER_BYTES];
static uint8_t report[1024];
static struct outcome decoded;

static struct outcome make_outcome(void)
{
	static const uint8_t der[] = {0x30, 0x00};
	struct outcome o = {.address = "192.0.2.1:443", .tls_version = 0x0304};

	o.service = (struct bytes){(const uint8_t *)"token.test", 10};
	o.verdict[0].reached = true;
	o.settings.flags = SETTINGS_READ;
	o.settings.name_count = 1;
	o.settings.names[0] = (struct settings_name){
		SETTINGS_MIRRORS, {(const uint8_t *)"m.test", 6}};
	o.cert_count = 1;
	o.certs[0].der = (struct bytes){der, sizeof(der)};
	o.certs[0].flags = WIRE_CERT_SENT;
	return o;
}

static size_t index_of(uint8_t kind)
{
	for (size_t i = 0; i < sizeof(kinds); i++)
		if (kinds[i] == kind)
			return i;
	fail();
	return 0;
}

static size_t record_length(const uint8_t *at)
{
	return HEADER_BYTES + ((size_t)at[1] << 24 | (size_t)at[2] << 16 |
			       (size_t)at[3] << 8 | at[4]);
}

/* Takes the records out of a whole report. */
static int setup(void **state)
{
	static struct outcome o;
	size_t len;

	(void)state;
	o = make_outcome();
	assert_int_equal(wire_encode(&o, report, sizeof(report), &len), ERR_OK);
	for (size_t at = 0; at < len; at += record_length(report + at))
		records[index_of(report[at])] =
			(struct bytes){report + at, record_length(report + at)};
	wire_encode_phase(phase, WIRE_PHASE_JUDGE);
	records[0] = (struct bytes){phase, sizeof(phase)};
	for (size_t i = 0; i < 3; i++) {
		unknown[i][0] = kinds[KNOWN + i];
		records[KNOWN + i] = (struct bytes){unknown[i], HEADER_BYTES};
	}
	for (size_t i = 0; i < sizeof(kinds); i++)
		assert_non_null(records[i].data);
	return 0;
}

/* The rule: one failure, one connection, at most one service, one word on
 * settings and one verdict of one act, phases, names and certificates as many
 * as may be, and the end at the end. */
static bool is_report(const uint8_t *sequence, size_t count)
{
	size_t of[sizeof(kinds)] = {0};

	for (size_t i = 0; i < count; i++)
		of[sequence[i]]++;
	return count && kinds[sequence[count - 1]] == RECORD_END &&
	       of[index_of(RECORD_END)] == 1 &&
	       of[index_of(RECORD_FAILURE)] == 1 &&
	       of[index_of(RECORD_CONNECTION)] == 1 &&
	       of[index_of(RECORD_SERVICE)] <= 1 &&
	       of[index_of(RECORD_VERDICT)] <= 1 &&
	       of[index_of(RECORD_SETTINGS)] <= 1 && !of[KNOWN] &&
	       !of[KNOWN + 1] && !of[KNOWN + 2];
}

static size_t join(const uint8_t *sequence, size_t count, uint8_t *out)
{
	size_t len = 0;

	for (size_t i = 0; i < count; i++) {
		struct bytes record = records[sequence[i]];

		memcpy(out + len, record.data, record.len);
		len += record.len;
	}
	return len;
}

/* The next sequence of COUNT numbers below the count of kinds. */
static bool advance(uint8_t *sequence, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (++sequence[i] < sizeof(kinds))
			return true;
		sequence[i] = 0;
	}
	return false;
}

static void every_sequence_of_records_is_judged_by_the_rule(void **state)
{
	static uint8_t frame[SEQUENCE_MAX * 128];
	size_t good = 0;
	struct failure f;

	(void)state;
	for (size_t count = 0; count <= SEQUENCE_MAX; count++) {
		uint8_t sequence[SEQUENCE_MAX] = {0};

		do {
			size_t len = join(sequence, count, frame);
			bool expected = is_report(sequence, count);
			enum err err = wire_decode((struct bytes){frame, len},
						   CAPTURE, &decoded, &f);

			assert_int_equal(err, expected ? ERR_OK : ERR_PROBE);
			good += expected;
		} while (advance(sequence, count));
	}
	/* 2 orders of failure and connection alone; 6 kinds more in 3! orders;
	 * and two more: 30 pairs of kinds and 3 of one kind, in 12 orders. */
	assert_int_equal(good, 2 + 6 * 6 + (30 + 3) * 12);
}

/* The report with RECORD's content of LEN octets, as the header says. */
static size_t resize(size_t record, size_t len, uint8_t *out)
{
	static const uint8_t order[] = {0, 1, 2, 3, 4, 5, 7, 8, 6};
	size_t at = 0;

	for (size_t i = 0; i < sizeof(order); i++) {
		struct bytes r = records[order[i]];
		size_t content = r.len - HEADER_BYTES;
		size_t kept = order[i] != record ? content : len;

		memcpy(out + at, r.data, HEADER_BYTES);
		memset(out + at + HEADER_BYTES, 0, kept);
		memcpy(out + at + HEADER_BYTES, r.data + HEADER_BYTES,
		       kept < content ? kept : content);
		out[at + 4] = (uint8_t)kept;
		at += HEADER_BYTES + kept;
	}
	return at;
}

/* A text at the end of a record may be shorter; all else has its length. */
static bool may_be_shorter(size_t record, size_t len)
{
	return (kinds[record] == RECORD_FAILURE && len >= 1) ||
	       (kinds[record] == RECORD_CONNECTION && len >= 7) ||
	       (kinds[record] == RECORD_NAME && len >= 2) ||
	       kinds[record] == RECORD_SERVICE;
}

static void every_record_has_exactly_its_content(void **state)
{
	static uint8_t frame[2048];
	struct failure f;

	(void)state;
	for (size_t record = 0; record < KNOWN; record++) {
		size_t whole = records[record].len - HEADER_BYTES;

		for (size_t len = 0; len < whole + 16; len++) {
			struct bytes resized = {frame,
						resize(record, len, frame)};
			bool good =
				len == whole ||
				(len < whole && may_be_shorter(record, len));

			assert_int_equal(
				wire_decode(resized, CAPTURE, &decoded, &f),
				good ? ERR_OK : ERR_PROBE);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			every_sequence_of_records_is_judged_by_the_rule),
		cmocka_unit_test(every_record_has_exactly_its_content),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
