/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one pass makes of a probe's end: told, asked again in another way, or
 * waited for. No probe runs; its report is made here.
 */
/* wrap: supervise_run survey_take teller_tell report_retry trust_registry */
/* wrap: directory_check_root */
#include "support/swapped_root.h"
#include "support/turn.h"

#include "common/clock.h"
#include "installer/certs_d/cause.h"
#include "installer/pass.h"
#include "installer/supervise.h"
#include "installer/trust.h"

static struct round all;
static struct task task;
static size_t index_of_task;
static const struct certs_dir dir = {"certs.d", 7};
static struct signals signals = {.stop_fd = 5};
static struct teller teller;

/* The end of the next probe. */
static struct outcome told;
static uint8_t frame[FRAME_BYTES_MAX];
static enum err probes_end;

static struct {
	bool begun;
	int64_t later_ms;
	struct supervise_plan plan;
	struct report report;
	unsigned tells, retries, acts;
	enum job_kind kind;
	enum err survey, act;
} seen;

__typeof__(supervise_run) __wrap_supervise_run;
__typeof__(survey_take) __wrap_survey_take;
__typeof__(teller_tell) __wrap_teller_tell;
__typeof__(report_retry) __wrap_report_retry;
__typeof__(trust_registry) __wrap_trust_registry;

enum err __wrap_supervise_run(const struct supervise_plan *plan,
			      struct failure *f)
{
	struct supervise_result result = {.code = probes_end,
					  .later_ms = &seen.later_ms};
	size_t len;

	(void)f;
	seen.plan = *plan;
	seen.begun = plan->begin(plan->context, 0, 0);
	if (!seen.begun)
		return ERR_OK;
	seen.kind = turn.job.kind;
	assert_int_equal(wire_encode(&told, frame, sizeof(frame), &len),
			 ERR_OK);
	result.frame = (struct bytes){frame, len};
	/* The round has its own turns; what is in the directory is ours. */
	plan->done(plan->context, 0, 0, &result);
	return ERR_OK;
}

enum err __wrap_survey_take(int root, const struct registry *registry,
			    struct survey *out, struct failure *f)
{
	(void)registry;
	(void)out;
	assert_int_equal(root, 7);
	return seen.survey == ERR_OK
		       ? ERR_OK
		       : failure_set(f, seen.survey, "cannot be read");
}

void __wrap_teller_tell(struct teller *t, size_t order, const struct report *r)
{
	(void)t;
	(void)order;
	seen.report = *r;
	seen.tells++;
}

void __wrap_report_retry(const struct report *r)
{
	(void)r;
	seen.retries++;
}

void __wrap_trust_registry(const struct options *o, int root,
			   const struct turn *t, const struct outcome *out,
			   const struct facts *f, struct store_room *room,
			   struct report *r)
{
	(void)o;
	(void)t;
	(void)out;
	(void)f;
	(void)room;
	assert_int_equal(root, 7);
	seen.acts++;
	r->state = seen.act == ERR_OK ? REPORT_UNCHANGED : REPORT_FAILED;
	if (seen.act != ERR_OK)
		failure_set(&r->failure, seen.act, "another writes");
	r->failure.cause = seen.act == ERR_STORE ? CAUSE_BUSY : CAUSE_OTHER;
}

static void start(void)
{
	turn_start();
	is_swapped = false;
	memset(&seen, 0, sizeof(seen));
	memset(&told, 0, sizeof(told));
	memset(&all, 0, offsetof(struct round, host_storage));
	probes_end = ERR_OK;
	options.timeout_ms = 3000;
	task = (struct task){.registry = &reg, .certs_dir = &dir};
	all.options = &options;
	all.signals = &signals;
	all.teller = &teller;
	all.task_count = all.pass_count = all.turn_count = 1;
	all.tasks = &task;
	all.pass = &index_of_task;
	all.turns = &turn;
	told.flags = OUTCOME_POSSESSION;
	for (int act = 0; act < WIRE_ACTS_; act++)
		told.verdict[act].reached = true;
	told.cert_count = 1;
	told.certs[0] = (struct wire_certificate){.der = bytes_of("leaf"),
						  .not_after = NOW,
						  .flags = WIRE_CERT_SENT |
							   WIRE_CERT_ANCHOR};
}

static void pass(void)
{
	struct failure f;

	seen.later_ms = 0;
	assert_int_equal(pass_run(&all, &f), ERR_OK);
}

static void fail_with(enum err code, unsigned flags)
{
	told.cert_count = 0;
	told.flags = flags;
	failure_set(&told.failure, code, "no");
}

static void nothing_is_done_in_a_certs_d_that_is_elsewhere(void **state)
{
	(void)state;
	start();
	is_swapped = true;
	pass();
	assert_true(seen.acts == 0 && seen.tells == 1 && !task.is_due);
	assert_int_equal(seen.report.state, REPORT_FAILED);
	assert_int_equal(seen.report.failure.cause, CAUSE_CHANGED);
	assert_int_equal(all.worst, REPORT_EXIT_STORE);
	/* Nor is a look at its token service about that directory. */
	start();
	task.is_look = task.is_service = true;
	is_swapped = true;
	pass();
	assert_int_equal(seen.report.state, REPORT_FAILED);
	assert_null(seen.report.consumers);
	assert_int_equal(all.worst, REPORT_EXIT_STORE);
}

static void a_chain_is_acted_on_and_told_once(void **state)
{
	(void)state;
	start();
	pass();
	assert_true(seen.begun && seen.acts == 1 && seen.tells == 1);
	assert_int_equal(seen.report.state, REPORT_UNCHANGED);
	assert_ptr_equal(seen.report.registry, &reg);
	assert_ptr_equal(seen.report.job, &turn.job);
	assert_false(task.is_due);
	assert_int_equal(seen.kind, JOB_CAPTURE);
	assert_int_equal(seen.plan.timeout_ms, 3000 + TIMEOUT_GRACE_MS);
	assert_true(seen.plan.stop_fd == 5 && seen.plan.task_count == 1 &&
		    seen.plan.parallel == 1);
	assert_int_equal(all.worst, REPORT_EXIT_TRUSTED);
}

static void a_directory_that_cannot_be_read_starts_no_probe(void **state)
{
	(void)state;
	start();
	seen.survey = ERR_STORE;
	pass();
	assert_true(!seen.begun && seen.tells == 1 && seen.acts == 0);
	assert_int_equal(seen.report.failure.code, ERR_STORE);
	assert_int_equal(all.worst, REPORT_EXIT_STORE);
}

static void a_refused_offer_is_made_wider_once(void **state)
{
	(void)state;
	start();
	fail_with(ERR_TLS, OUTCOME_UNCOMPLETED);
	pass();
	assert_true(task.is_wider && task.is_due && !seen.tells);
	task.is_due = false;
	pass();
	assert_int_equal(seen.kind, JOB_CAPTURE_WIDER);
	assert_true(!task.is_due && seen.tells == 1);
	assert_int_equal(all.worst, REPORT_EXIT_UNREACHED);
	/* Another failure is no reason. */
	start();
	fail_with(ERR_TLS, 0);
	pass();
	assert_true(!task.is_wider && seen.tells == 1);
}

/* A block of another hand that the report does not list: only a probe that
 * meets no server may say that it is none. */
static void files_in_doubt_are_read_first(void **state)
{
	static char text[4096];
	const struct wire_certificate theirs = {.der = bytes_of("theirs")};
	struct ca_crt e;

	(void)state;
	start();
	ca_crt_open(&e, text, sizeof(text));
	ca_crt_append(&e, &theirs);
	turn_put(SURVEY_CA_FILE, (struct bytes){(uint8_t *)text, e.len});
	pass();
	assert_true(task.is_reading && task.is_due);
	assert_true(seen.acts == 0 && seen.tells == 0);
	task.is_due = false;
	memset(&told, 0, sizeof(told));
	pass();
	assert_int_equal(seen.kind, JOB_READ);
	assert_true(!task.is_reading && task.is_due && task.reading.is_done);
	assert_false(task.reading.any);
	/* Where that probe fails, something is there. */
	task.is_due = false;
	task.is_reading = true;
	probes_end = ERR_PROBE;
	pass();
	assert_true(task.is_due && task.reading.is_done && task.reading.any);
	assert_int_equal(seen.tells, 0);
}

static void what_time_may_mend_is_tried_again_while_there_is_time(void **state)
{
	(void)state;
	start();
	all.retry_until_ms = clock_ms() + 3600000;
	fail_with(ERR_CONNECT, 0);
	pass();
	assert_true(task.is_due && task.is_retry && !seen.tells);
	assert_int_equal(seen.retries, 1);
	/* It is said once. */
	pass();
	assert_true(seen.retries == 1 && !seen.tells);
	all.retry_until_ms = clock_ms() - 1;
	task.is_due = false;
	pass();
	assert_true(!task.is_due && seen.tells == 1);
	/* Nothing mends what was written down wrongly. */
	start();
	all.retry_until_ms = clock_ms() + 3600000;
	seen.act = ERR_STORE;
	seen.survey = ERR_STORE;
	pass();
	assert_true(!task.is_due && seen.tells == 1);
}

static void another_writer_is_waited_for(void **state)
{
	(void)state;
	start();
	seen.act = ERR_STORE;
	pass();
	assert_int_equal(seen.later_ms, LOCK_RETRY_MS);
	assert_true(!seen.tells && !task.is_due && task.busy_since_ms);
	seen.act = ERR_OK;
	pass();
	assert_int_equal(seen.later_ms, 0);
	assert_true(seen.tells == 1 && !task.busy_since_ms);
	/* Not for ever. */
	start();
	seen.act = ERR_STORE;
	task.busy_since_ms = clock_ms() - LOCK_WAIT_MS - 1;
	pass();
	assert_true(seen.later_ms == 0 && seen.tells == 1);
	assert_int_equal(all.worst, REPORT_EXIT_STORE);
}

static void a_look_that_fails_is_no_failure(void **state)
{
	(void)state;
	start();
	task.is_service = task.is_look = true;
	task.service = auth;
	fail_with(ERR_CONNECT, 0);
	all.retry_until_ms = clock_ms() + 3600000;
	pass();
	assert_true(!task.is_due && seen.tells == 1 && seen.acts == 0);
	assert_int_equal(seen.report.state, REPORT_SERVICE_UNSEEN);
	assert_string_equal(seen.report.service->reference, "auth.test");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			nothing_is_done_in_a_certs_d_that_is_elsewhere),
		cmocka_unit_test(a_chain_is_acted_on_and_told_once),
		cmocka_unit_test(
			a_directory_that_cannot_be_read_starts_no_probe),
		cmocka_unit_test(a_refused_offer_is_made_wider_once),
		cmocka_unit_test(files_in_doubt_are_read_first),
		cmocka_unit_test(
			what_time_may_mend_is_tried_again_while_there_is_time),
		cmocka_unit_test(another_writer_is_waited_for),
		cmocka_unit_test(a_look_that_fails_is_no_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
