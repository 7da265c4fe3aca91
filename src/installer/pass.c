/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The supervisor's callbacks; see pass.h.
 */
#include "installer/pass.h"

#include <time.h>

#include "common/clock.h"
#include "installer/audience.h"
#include "installer/busy.h"
#include "installer/check.h"
#include "installer/offline.h"
#include "installer/result.h"
#include "installer/service.h"
#include "installer/supervise.h"
#include "installer/trust.h"
#include "installer/warn.h"

/* supervise_plan.begin: what must be known before the fork. */
static bool begin(void *context, size_t index, size_t slot)
{
	struct round *round = context;
	struct task *task = &round->tasks[round->pass[index]];
	struct turn *turn = &round->turns[slot];
	struct report report = round_report(round, task);
	enum err err;

	turn->registry = task->registry;
	err = survey_take(round->root, task->registry, &turn->survey,
			  &report.failure);
	if (err != ERR_OK) {
		result_none(&round->outcome);
		round_tell(round, &report);
		return false;
	}
	job_prepare(turn, round->options, round->file, round->host_pool,
		    task->is_service ? &task->service : task->registry,
		    time(NULL));
	if (task->is_reading)
		turn->job.kind = JOB_READ;
	else if (task->is_fallback)
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

/* Ask the token service too: to install its CA where the operator speaks for
 * it, and else to see whether what is installed covers it, where the registry
 * itself HOLDS: nobody else chooses whom we connect to. */
static void follow_service(struct round *round, const struct task *task,
			   const struct turn *turn, bool holds)
{
	struct bytes name = round->outcome.service;
	struct task *next = &round->tasks[round->task_count];

	bool is_look = !service_is_followed(round->options, turn, name);

	if (task->is_service || round->options->mode == OPTIONS_SHOW ||
	    (is_look && !holds) ||
	    !service_parse(task->registry, name, &next->service))
		return;
	next->registry = task->registry;
	next->is_look = is_look;
	next->consumers = task->consumers;
	next->is_service = true;
	next->is_due = true;
	round->task_count++;
}

/* Is R what time may mend, and is there time? */
static bool is_worth_waiting(const struct round *round, const struct report *r)
{
	bool is_unreached = r->state == REPORT_FAILED &&
			    report_exit_of(r) == REPORT_EXIT_UNREACHED;
	bool is_unready = r->state == REPORT_REFUSED_BROKEN ||
			  r->state == REPORT_REFUSED_USELESS;

	return (is_unreached ||
		(is_unready && round->options->mode == OPTIONS_TRUST)) &&
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

/* Ask again at once, by the fallback client, where the first was not enough. */
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

/* A token service that nobody asked for: nothing is decided about it. */
static void look_at_service(const struct outcome *o, struct report *report)
{
	report->verdict = o->verdict[WIRE_KEEP];
	report->is_unproven = !(o->flags & OUTCOME_POSSESSION);
	report->state = wire_accepts(&report->verdict) && !report->is_unproven
				? REPORT_SERVICE_FINE
				: REPORT_SERVICE_LEFT;
}

/* Is the registry the one that what is installed vouches for? */
static bool holds(const struct report *report)
{
	return wire_accepts(&report->verdict) && !report->is_unproven;
}

/* Will a report on its token service follow? That one then says what each
 * reader does. */
static bool is_followed(const struct round *round, const struct task *task,
			const struct turn *turn, const struct report *report)
{
	struct bytes name = round->outcome.service;
	struct registry service;

	return !task->is_service &&
	       (holds(report) ||
		service_is_followed(round->options, turn, name)) &&
	       service_parse(task->registry, name, &service);
}

/* Add what each reader of certs.d will do. */
static void heed_consumers(const struct round *round, struct task *task,
			   const struct turn *turn, struct report *report)
{
	if (round->options->mode == OPTIONS_SHOW ||
	    options_looks_only(round->options))
		return;
	if (task->is_service)
		audience_heed_service(&round->outcome, report,
				      &task->consumers);
	else if (report->state != REPORT_FAILED)
		audience_gather(turn, round->options, &round->outcome, report,
				&task->consumers);
	if (report->state != REPORT_FAILED &&
	    !is_followed(round, task, turn, report))
		report->consumers = &task->consumers;
}

/* Do what the mode asks with the captured chain, or have the files read first:
 * then it is not over. */
static bool conclude(struct round *round, struct task *task,
		     const struct turn *turn, struct report *report)
{
	const struct options *options = round->options;
	const struct outcome *o = &round->outcome;
	struct facts facts;

	if (task->is_look) {
		look_at_service(o, report);
		return true;
	}
	facts_gather(turn, options, o, &task->reading, &facts);
	if (facts.needs_reading && options->mode != OPTIONS_SHOW &&
	    !options_looks_only(options)) {
		task->is_reading = true;
		task->is_due = true;
		return false;
	}
	warn_about(turn, o, &facts, report);
	switch (options->mode) {
	case OPTIONS_TRUST:
		trust_registry(options, round->root, turn, o, &facts,
			       &round->room, report);
		break;
	case OPTIONS_CHECK:
		if (options_looks_only(options))
			offline_check(options, turn, o, report);
		else
			check_registry(options, turn, o, &facts, report);
		break;
	case OPTIONS_SHOW:
		report->state = REPORT_SHOWN;
		report->verdict = o->verdict[WIRE_KEEP];
		break;
	case OPTIONS_REMOVE:
	case OPTIONS_HELP:
	case OPTIONS_VERSION:
		break;
	}
	if (wire_refuses(&report->verdict) && !(o->flags & OUTCOME_HOST_POOL))
		report->warnings |= REPORT_WARN_DIRECTORY_ALONE;
	return true;
}

/* A probe that only read the files has ended. Where it failed, the directory
 * counts as one that holds something. */
static void done_reading(struct round *round, struct task *task,
			 const struct turn *turn,
			 const struct supervise_result *result)
{
	struct report report = round_report(round, task);

	if (result_read(result, JOB_READ, &round->outcome, &report) == ERR_OK)
		task->reading = facts_read(turn, &round->outcome);
	else
		task->reading = facts_unread(turn);
	task->is_reading = false;
	task->is_due = true;
}

/* supervise_plan.done: the probe has ended, however it did. */
static void done(void *context, size_t index, size_t slot,
		 const struct supervise_result *result)
{
	struct round *round = context;
	struct task *task = &round->tasks[round->pass[index]];
	const struct turn *turn = &round->turns[slot];
	struct report report = round_report(round, task);

	if (task->is_reading) {
		done_reading(round, task, turn, result);
		return;
	}
	report.job = &turn->job;
	report.warnings = report_survey_warnings(&turn->survey);
	if (round->file && round->file->has_key)
		report.warnings |= REPORT_WARN_KEY_LEFT_OUT;
	if (result_read(result, turn->job.kind, &round->outcome, &report) ==
		    ERR_OK &&
	    !conclude(round, task, turn, &report))
		return;
	if (busy_is_worth_waiting(&task->busy_since_ms, task->registry,
				  &report.failure)) {
		*result->later_ms = LOCK_RETRY_MS;
		return;
	}
	if (ask_fallback(round, task, &report))
		return;
	if (!task->is_look && is_worth_waiting(round, &report)) {
		retry_later(task, &report);
		return;
	}
	if (task->is_look && report.state == REPORT_FAILED)
		report.state = REPORT_SERVICE_UNSEEN;
	service_conclude(round->options, &report);
	heed_consumers(round, task, turn, &report);
	round_tell(round, &report);
	if (report.state != REPORT_FAILED &&
	    report_exit_of(&report) != REPORT_EXIT_REFUSED)
		follow_service(round, task, turn, holds(&report));
}

/* see pass.h */
enum err pass_run(struct round *round, struct failure *f)
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
