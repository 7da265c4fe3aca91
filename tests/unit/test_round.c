/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The passes of a round: who is asked in which, when one waits, and what counts
 * at the end. What a pass does is test_pass.c's.
 */
/* wrap: pass_run signals_wait teller_tell teller_show teller_release */
/* wrap: directory_check_root */
#include "support/swapped_root.h"

#include "installer/certs_d/cause.h"
#include "installer/pass.h"
#include "installer/round.h"

#define TASKS 4

static struct round all;
static struct task tasks[TASKS];
static size_t indices[TASKS];
static struct options options;
static const struct registry reg = {"reg.test", "reg.test", 443, REGISTRY_NAME};
static const struct certs_dir dir = {"certs.d", 7};

/* What the wrapped functions saw, and do. */
static struct {
	char passes[256]; /* the tasks of each pass, and | */
	int64_t pauses[32];
	size_t pause_count;
	size_t stop_at; /* the pause that a signal ends; 0: none */
	size_t told, released;
	bool told_late; /* the last report: something was changed before */
	int64_t shown_ms;
	void (*during)(void);
	enum err err;
} seen;

__typeof__(pass_run) __wrap_pass_run;
__typeof__(signals_wait) __wrap_signals_wait;
__typeof__(teller_tell) __wrap_teller_tell;
__typeof__(teller_show) __wrap_teller_show;
__typeof__(teller_release) __wrap_teller_release;

static void note(char c)
{
	seen.passes[strlen(seen.passes)] = c;
}

enum err __wrap_pass_run(struct round *r, struct failure *f)
{
	(void)f;
	for (size_t i = 0; i < r->pass_count; i++) {
		note((char)('0' + r->pass[i]));
		assert_false(r->tasks[r->pass[i]].is_due);
	}
	note('|');
	if (seen.during)
		seen.during();
	return seen.err;
}

enum signals_event __wrap_signals_wait(const struct signals *s, int64_t ms)
{
	(void)s;
	seen.pauses[seen.pause_count++] = ms;
	return seen.pause_count == seen.stop_at ? SIGNALS_STOP
						: SIGNALS_TIMEOUT;
}

void __wrap_teller_tell(struct teller *t, size_t order, const struct report *r)
{
	(void)t;
	(void)order;
	seen.told++;
	seen.told_late = r->failure.is_late;
}

/* Who waits is told how long. */
void __wrap_teller_show(struct teller *t, struct terminal_progress p)
{
	(void)t;
	seen.shown_ms = p.pause_ms;
}

void __wrap_teller_release(struct teller *t, size_t order)
{
	(void)t;
	seen.released = order;
}

static void start(size_t count)
{
	memset(&seen, 0, sizeof(seen));
	memset(tasks, 0, sizeof(tasks));
	memset(&all, 0, offsetof(struct round, host_storage));
	all.options = &options;
	all.tasks = tasks;
	all.pass = indices;
	all.task_count = count;
	for (size_t i = 0; i < count; i++) {
		tasks[i].registry = &reg;
		tasks[i].certs_dir = &dir;
		tasks[i].is_due = true;
	}
}

static enum err ask(void)
{
	struct failure f;

	return round_ask(&all, &f);
}

static void all_that_is_due_is_asked_once(void **state)
{
	(void)state;
	start(3);
	tasks[1].is_due = false;
	assert_int_equal(ask(), ERR_OK);
	assert_string_equal(seen.passes, "02|");
	assert_int_equal(seen.pause_count, 0);
	start(0);
	assert_int_equal(ask(), ERR_OK);
	assert_string_equal(seen.passes, "");
}

static void name_a_service(void)
{
	if (all.task_count == 2) {
		all.task_count = 3;
		tasks[2].is_due = true;
	}
}

static void what_a_pass_finds_belongs_to_the_next(void **state)
{
	(void)state;
	start(2);
	seen.during = name_a_service;
	assert_int_equal(ask(), ERR_OK);
	assert_string_equal(seen.passes, "01|2|");
	assert_int_equal(seen.pause_count, 0);
}

/* Seven times more. */
static void fail_again(void)
{
	tasks[0].is_retry = true;
	tasks[0].is_due = seen.pause_count < 7;
}

static void retries_wait_longer_each_time_up_to_a_limit(void **state)
{
	static const int64_t pauses[] = {1000,	2000,  4000, 8000,
					 16000, 30000, 30000};

	(void)state;
	start(1);
	seen.during = fail_again;
	assert_int_equal(ask(), ERR_OK);
	assert_int_equal(seen.pause_count, COUNT(pauses));
	for (size_t i = 0; i < COUNT(pauses); i++)
		assert_int_equal(seen.pauses[i], pauses[i]);
	assert_int_equal(seen.shown_ms, 30000);
}

/* What has not been asked yet does not wait for what failed. */
static void a_pass_with_something_new_does_not_wait(void **state)
{
	(void)state;
	start(2);
	tasks[0].is_retry = true;
	assert_int_equal(ask(), ERR_OK);
	assert_int_equal(seen.pause_count, 0);
	start(1);
	tasks[0].is_retry = tasks[0].is_wider = true;
	assert_int_equal(ask(), ERR_OK);
	assert_int_equal(seen.pause_count, 0);
	start(1);
	tasks[0].is_retry = tasks[0].is_reading = true;
	assert_int_equal(ask(), ERR_OK);
	assert_int_equal(seen.pause_count, 0);
}

static void a_signal_ends_the_pause_and_the_round(void **state)
{
	(void)state;
	start(1);
	tasks[0].is_retry = true;
	seen.stop_at = 1;
	assert_int_equal(ask(), ERR_STOPPED);
	assert_string_equal(seen.passes, "");
}

static void what_ends_a_pass_ends_the_round(void **state)
{
	(void)state;
	start(1);
	seen.during = name_a_service;
	seen.err = ERR_PROBE;
	assert_int_equal(ask(), ERR_PROBE);
	assert_string_equal(seen.passes, "0|");
}

static void the_worst_counts(void **state)
{
	struct report report;

	(void)state;
	for (int a = 0; a <= REPORT_EXIT_DOCKER; a++)
		for (int b = 0; b <= REPORT_EXIT_DOCKER; b++)
			assert_int_equal(round_worse((enum report_exit)a,
						     (enum report_exit)b),
					 a > b ? a : b);
	start(1);
	report = round_report(&all, &tasks[0]);
	assert_ptr_equal(report.registry, &reg);
	assert_null(report.service);
	assert_string_equal(report.certs_dir, "certs.d");
	assert_int_equal(report.state, REPORT_FAILED);
	report.state = REPORT_REFUSED_CHANGED;
	round_tell(&all, 0, &report);
	report.state = REPORT_TRUSTED;
	round_tell(&all, 0, &report);
	assert_int_equal(all.worst, REPORT_EXIT_REFUSED);
	assert_int_equal(seen.told, 2);
	tasks[0].is_service = true;
	assert_ptr_equal(round_report(&all, &tasks[0]).service,
			 &tasks[0].service);
}

static unsigned removals;

static void remove_when_free(int root, struct store_room *room,
			     struct report *report)
{
	(void)room;
	assert_int_equal(root, 7);
	if (removals++ < 2) {
		failure_set(&report->failure, ERR_STORE, "busy");
		report->failure.cause = CAUSE_BUSY;
		return;
	}
	report->state = REPORT_REMOVED;
}

static void who_takes_back_waits_for_another_writer(void **state)
{
	struct failure f;

	(void)state;
	start(1);
	removals = 0;
	assert_int_equal(round_take_back(&all, &tasks[0], remove_when_free, &f),
			 ERR_OK);
	assert_int_equal(removals, 3);
	/* The first look is no wait. */
	assert_int_equal(seen.pauses[0], 0);
	assert_int_equal(seen.pauses[1], LOCK_RETRY_MS);
	assert_true(seen.told == 1 && seen.released == SIZE_MAX);
	assert_int_equal(all.worst, REPORT_EXIT_TRUSTED);
	start(1);
	removals = 0;
	seen.stop_at = 2;
	assert_int_equal(round_take_back(&all, &tasks[0], remove_when_free, &f),
			 ERR_STOPPED);
	assert_true(removals == 1 && seen.told == 0);
}

/* Of two directories the first is gone when somebody takes the lock; then the
 * second cannot be removed. */
static void remove_in_part(int root, struct store_room *room,
			   struct report *report)
{
	(void)root;
	(void)room;
	failure_set(&report->failure, ERR_STORE, "busy, or not");
	report->failure.cause = removals ? CAUSE_OTHER : CAUSE_BUSY;
	report->failure.is_late = !removals++;
}

static void
what_was_removed_before_the_wait_is_not_called_unchanged(void **state)
{
	struct failure f;

	(void)state;
	start(1);
	removals = 0;
	assert_int_equal(round_take_back(&all, &tasks[0], remove_in_part, &f),
			 ERR_OK);
	assert_true(removals == 2 && seen.told == 1 && seen.told_late);
	/* Nor where a signal ends the wait. */
	start(1);
	removals = 0;
	seen.stop_at = 2;
	assert_int_equal(round_take_back(&all, &tasks[0], remove_in_part, &f),
			 ERR_STOPPED);
	assert_true(removals == 1 && seen.told == 1 && seen.told_late);
	assert_int_equal(all.worst, REPORT_EXIT_STORE);
}

static void nothing_is_taken_from_a_certs_d_that_is_elsewhere(void **state)
{
	struct failure f;

	(void)state;
	start(1);
	removals = 0;
	is_swapped = true;
	assert_int_equal(round_take_back(&all, &tasks[0], remove_when_free, &f),
			 ERR_OK);
	is_swapped = false;
	assert_true(removals == 0 && seen.told == 1);
	assert_int_equal(all.worst, REPORT_EXIT_STORE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_is_due_is_asked_once),
		cmocka_unit_test(what_a_pass_finds_belongs_to_the_next),
		cmocka_unit_test(retries_wait_longer_each_time_up_to_a_limit),
		cmocka_unit_test(a_pass_with_something_new_does_not_wait),
		cmocka_unit_test(a_signal_ends_the_pause_and_the_round),
		cmocka_unit_test(what_ends_a_pass_ends_the_round),
		cmocka_unit_test(the_worst_counts),
		cmocka_unit_test(who_takes_back_waits_for_another_writer),
		cmocka_unit_test(
			what_was_removed_before_the_wait_is_not_called_unchanged),
		cmocka_unit_test(
			nothing_is_taken_from_a_certs_d_that_is_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
