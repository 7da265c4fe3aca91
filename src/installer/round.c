/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The passes of a round; see round.h. The callbacks of the supervisor are here:
 * what happens before a probe's fork, in it, and when it has ended.
 */
#include "installer/round.h"

#include <time.h>

#include "common/clock.h"
#include "installer/supervise.h"

/* see round.h */
enum report_exit round_worse(enum report_exit a, enum report_exit b)
{
	return a > b ? a : b;
}

static void tell(struct round *round, const struct report *report)
{
	enum report_exit code = report_exit_of(report);

	if (round->options->json)
		report_json(report);
	else
		report_text(report);
	round->worst = round_worse(round->worst, code);
}

static struct report report_on(const struct round *round,
			       const struct task *task)
{
	return (struct report){
		.registry = task->registry,
		.service = task->is_service ? &task->service : NULL,
		.certs_dir = round->options->certs_dir,
		.outcome = &round->outcome,
	};
}

/* supervise_plan.begin: what must be known before the fork. */
static bool begin(void *context, size_t index, size_t slot)
{
	struct round *round = context;
	struct task *task = &round->tasks[round->pass[index]];
	struct turn *turn = &round->turns[slot];
	struct report report = report_on(round, task);
	enum err err;

	turn->registry = task->registry;
	err = survey_take(round->root, task->registry, &turn->survey,
			  &report.failure);
	if (err != ERR_OK) {
		conclude_nothing(&round->outcome);
		tell(round, &report);
		return false;
	}
	turn_prepare(turn, round->options, round->file, round->host_pool,
		     task->is_service ? &task->service : task->registry,
		     time(NULL));
	if (task->is_fallback)
		turn->job.kind = JOB_CAPTURE_FALLBACK;
	return true;
}

/* supervise_plan.probe: in the child. */
static void probe(void *context, size_t index, size_t slot, int pipe_fd)
{
	struct round *round = context;

	(void)index;
	round->probe(&round->turns[slot].job, pipe_fd);
}

/* Ask the token service too, where the operator speaks for it. */
static void follow_service(struct round *round, const struct task *task,
			   const struct turn *turn)
{
	struct bytes name = round->outcome.service;
	struct task *next = &round->tasks[round->task_count];
	struct failure ignored;

	if (!name.len || task->is_service ||
	    !conclude_follows_service(round->options, turn, name))
		return;
	if (registry_parse((const char *)name.data, name.len, &next->service,
			   &ignored) != ERR_OK)
		return;
	next->registry = task->registry;
	next->is_service = true;
	next->is_due = true;
	round->task_count++;
}

/* Is R a failure that time may mend, and is there time? */
static bool is_worth_waiting(const struct round *round, const struct report *r)
{
	return r->state == REPORT_FAILED &&
	       report_exit_of(r) == REPORT_EXIT_UNREACHED &&
	       clock_ms() < round->retry_until_ms;
}

static void retry_later(struct task *task, const struct report *report)
{
	if (!task->is_retry)
		report_retry(report);
	task->is_retry = true;
	task->is_fallback = false;
	task->is_due = true;
}

/* Ask again at once, offering more, where the server refused Docker's offer. */
static bool ask_fallback(const struct round *round, struct task *task,
			 const struct report *report)
{
	if (report->state != REPORT_FAILED || task->is_fallback ||
	    !(round->outcome.flags & OUTCOME_FALLBACK))
		return false;
	task->is_fallback = true;
	task->is_due = true;
	return true;
}

/* supervise_plan.done: the probe has ended, however it did. */
static void done(void *context, size_t index, size_t slot,
		 const struct supervise_result *result)
{
	struct round *round = context;
	struct task *task = &round->tasks[round->pass[index]];
	const struct turn *turn = &round->turns[slot];
	struct report report = report_on(round, task);

	report.warnings = report_survey_warnings(&turn->survey);
	if (round->file && round->file->has_key)
		report.warnings |= REPORT_WARN_KEY_LEFT_OUT;
	if (conclude_read(result, turn->job.kind, &round->outcome,
			  &report.failure, &report.is_probes) == ERR_OK)
		conclude(round->options, round->root, turn, &round->outcome,
			 &round->room, &report);
	if (ask_fallback(round, task, &report))
		return;
	if (is_worth_waiting(round, &report)) {
		retry_later(task, &report);
		return;
	}
	conclude_service(round->options, &report);
	tell(round, &report);
	if (report.state != REPORT_FAILED &&
	    report_exit_of(&report) != REPORT_EXIT_REFUSED)
		follow_service(round, task, turn);
}

/* Collect what is due. A pass of retries alone waits first. */
static bool collect_pass(struct round *round, bool *is_all_retry)
{
	round->pass_count = 0;
	*is_all_retry = true;
	for (size_t i = 0; i < round->task_count; i++) {
		struct task *task = &round->tasks[i];

		if (!task->is_due)
			continue;
		round->pass[round->pass_count++] = i;
		*is_all_retry =
			*is_all_retry && task->is_retry && !task->is_fallback;
		task->is_due = false;
	}
	return round->pass_count > 0;
}

static enum err run_pass(struct round *round, struct failure *f)
{
	const struct supervise_plan plan = {
		.task_count = round->pass_count,
		.parallel = round->turn_count,
		.timeout_ms = round->options->timeout_ms + TIMEOUT_GRACE_MS,
		.stop_fd = round->signals->stop_fd,
		.context = round,
		.begin = begin,
		.probe = probe,
		.done = done,
	};

	return supervise_run(&plan, f);
}

/* see round.h */
enum err round_ask(struct round *round, struct failure *f)
{
	int64_t pause_ms = RETRY_FIRST_MS;
	enum err err = ERR_OK;
	bool is_retry;

	while (err == ERR_OK && collect_pass(round, &is_retry)) {
		if (is_retry) {
			if (signals_wait(round->signals, pause_ms) ==
			    SIGNALS_STOP)
				return failure_set(f, ERR_STOPPED,
						   "stopped by a signal");
			pause_ms = pause_ms * 2 < RETRY_LAST_MS ? pause_ms * 2
								: RETRY_LAST_MS;
		}
		err = run_pass(round, f);
	}
	return err;
}

static bool begin_file(void *context, size_t index, size_t slot)
{
	struct round *round = context;
	struct job *job = &round->turns[slot].job;

	*job = (struct job){
		.kind = JOB_READ,
		.timeout_ms = round->options->timeout_ms,
		.now = time(NULL),
		.docker = round->options->docker,
	};
	if (round->file) {
		job->operator_file = round->file->content;
		job->block_count = round->file->block_count;
	}
	return index == 0;
}

static void done_file(void *context, size_t index, size_t slot,
		      const struct supervise_result *result)
{
	struct round *round = context;
	bool ignored;

	(void)index;
	(void)slot;
	if (conclude_read(result, JOB_READ, &round->outcome,
			  &round->file_failure, &ignored) == ERR_OK)
		round->file_failure.code = ERR_OK;
}

/* see round.h */
enum err round_check_inputs(struct round *round, struct failure *f)
{
	const struct supervise_plan plan = {
		.task_count = 1,
		.parallel = 1,
		.timeout_ms = round->options->timeout_ms + TIMEOUT_GRACE_MS,
		.stop_fd = round->signals->stop_fd,
		.context = round,
		.begin = begin_file,
		.probe = probe,
		.done = done_file,
	};
	enum err err = supervise_run(&plan, f);

	if (err == ERR_OK && round->file_failure.code != ERR_OK)
		*f = round->file_failure;
	return err == ERR_OK ? round->file_failure.code : err;
}

/* see round.h */
void round_remove(struct round *round)
{
	for (size_t i = 0; i < round->task_count; i++) {
		struct report report = report_on(round, &round->tasks[i]);

		conclude_remove(round->root, &round->room, &report);
		tell(round, &report);
	}
}
