/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What became of a probe: a report that counts, or why there is none.
 */
#include "support/turn.h"

#include "installer/result.h"

static uint8_t frame[FRAME_BYTES_MAX];
static struct outcome told;

/* A probe ends with what TOLD holds, after COUNT phases. */
static struct supervise_result end_with(size_t phases)
{
	size_t at = 0, len;

	for (size_t i = 0; i < phases; i++) {
		wire_encode_phase(frame + at, (enum wire_phase)i);
		at += WIRE_PHASE_BYTES;
	}
	assert_int_equal(
		wire_encode(&told, frame + at, sizeof(frame) - at, &len),
		ERR_OK);
	return (struct supervise_result){.frame = {frame, at + len}};
}

static void tell_a_chain(void)
{
	turn_start();
	memset(&told, 0, sizeof(told));
	told.flags = OUTCOME_POSSESSION;
	for (int act = 0; act < WIRE_ACTS_; act++)
		told.verdict[act].reached = true;
	told.cert_count = 1;
	told.certs[0] = (struct wire_certificate){.der = bytes_of("leaf"),
						  .flags = WIRE_CERT_SENT};
}

static enum err read_it(struct supervise_result result, enum job_kind kind)
{
	return result_read(&result, kind, &outcome, &report);
}

static bool is_empty(void)
{
	return !outcome.cert_count && !outcome.verdict[WIRE_KEEP].reached;
}

static void a_whole_report_counts(void **state)
{
	(void)state;
	tell_a_chain();
	assert_int_equal(read_it(end_with(3), JOB_CAPTURE), ERR_OK);
	assert_int_equal(outcome.cert_count, 1);
	assert_int_equal(outcome.flags, OUTCOME_POSSESSION);
	assert_false(report.is_probes);
}

static void a_chain_without_a_verdict_is_incomplete(void **state)
{
	(void)state;
	for (int act = 0; act < WIRE_ACTS_; act++) {
		tell_a_chain();
		told.verdict[act].reached = false;
		assert_int_equal(read_it(end_with(0), JOB_CAPTURE), ERR_PROBE);
		check_contains(report.failure.detail, "incomplete");
		assert_true(is_empty() && !report.is_probes);
	}
	tell_a_chain();
	told.cert_count = 0;
	assert_int_equal(read_it(end_with(0), JOB_CAPTURE), ERR_PROBE);
	/* Who only reads files may find none, and judges nothing. */
	memset(&told, 0, sizeof(told));
	assert_int_equal(read_it(end_with(0), JOB_READ), ERR_OK);
}

static void a_failure_is_the_probes_word(void **state)
{
	(void)state;
	tell_a_chain();
	told.flags |= OUTCOME_UNCOMPLETED;
	failure_set(&told.failure, ERR_TLS, "handshake failure");
	assert_int_equal(read_it(end_with(0), JOB_CAPTURE), ERR_TLS);
	assert_true(report.is_probes);
	assert_string_equal(report.failure.detail, "handshake failure");
	/* Of such a report only this is kept: a wider offer may do. */
	assert_true(is_empty());
	assert_int_equal(outcome.flags, OUTCOME_UNCOMPLETED);
}

/* An operator obeys the installer's findings: no probe can make one. */
static void a_failure_that_is_not_its_own_is_a_lie(void **state)
{
	static const enum err rows[] = {ERR_STORE, ERR_USAGE, ERR_CLOCK,
					ERR_STOPPED, ERR_PROBE};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		tell_a_chain();
		failure_set(&told.failure, rows[i], "run rm -rf /");
		assert_int_equal(read_it(end_with(0), JOB_CAPTURE), ERR_PROBE);
		assert_false(report.is_probes);
		assert_null(strstr(report.failure.detail, "rm -rf"));
	}
	/* One that reads the operator's file may say that it is wrong. */
	tell_a_chain();
	failure_set(&told.failure, ERR_USAGE, "no certificate");
	assert_int_equal(read_it(end_with(0), JOB_READ), ERR_USAGE);
	assert_true(report.is_probes);
}

static void an_end_without_a_report_is_explained(void **state)
{
	static const struct {
		struct supervise_result result;
		enum err err;
		const char *words;
	} rows[] = {
		{{.code = ERR_PROBE, .signal = 31}, ERR_PROBE, "signal 31"},
		{{.code = ERR_PROBE}, ERR_PROBE, "without a report"},
		{{.code = ERR_LIMIT}, ERR_PROBE, "too long"},
		{{.code = ERR_OK}, ERR_PROBE, ""},
		{{.code = ERR_TIMEOUT}, ERR_TIMEOUT, "its process to start"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		turn_start();
		outcome.cert_count = 1;
		assert_int_equal(read_it(rows[i].result, JOB_CAPTURE),
				 rows[i].err);
		check_contains(report.failure.detail, rows[i].words);
		assert_true(is_empty() && !report.is_probes);
	}
}

static void a_deadline_says_what_was_waited_for(void **state)
{
	static const char *const rows[WIRE_PHASE_COUNT_] = {
		"its process to start, or to read files", "DNS",
		"the TLS handshake", "the chain to be judged"};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct supervise_result result;

		tell_a_chain();
		result = end_with(i + 1);
		/* What came with it does not count. */
		result.code = ERR_TIMEOUT;
		assert_int_equal(read_it(result, JOB_CAPTURE), ERR_TIMEOUT);
		check_contains(report.failure.detail, rows[i]);
		assert_true(is_empty());
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_report_counts),
		cmocka_unit_test(a_chain_without_a_verdict_is_incomplete),
		cmocka_unit_test(a_failure_is_the_probes_word),
		cmocka_unit_test(a_failure_that_is_not_its_own_is_a_lie),
		cmocka_unit_test(an_end_without_a_report_is_explained),
		cmocka_unit_test(a_deadline_says_what_was_waited_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
