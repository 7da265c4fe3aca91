/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The supervisor's callbacks; see pass.h.
 */
#include "installer/pass.h"

#include <string.h>
#include <time.h>

#include "common/clock.h"
#include "installer/busy.h"
#include "installer/certs_d/directory.h"
#include "installer/check.h"
#include "installer/doubt.h"
#include "installer/look.h"
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
	err = survey_take(task->certs_dir->root, task->registry, &turn->survey,
			  &report.failure);
	if (err != ERR_OK) {
		wire_clear(&round->outcome);
		round_tell(round, index, &report);
		return false;
	}
	job_prepare(turn, round->options, round->file, round->host_pool,
		    task->is_service ? &task->service : task->registry,
		    time(NULL));
	if (task->is_reading)
		turn->job.kind = JOB_READ;
	else if (task->is_wider)
		turn->job.kind = JOB_CAPTURE_WIDER;
	return true;
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
	task->is_wider = false;
	task->is_due = true;
}

/* Ask again at once, with a wider offer, where the server refused Docker's. */
static bool ask_wider(const struct round *round, struct task *task,
		      const struct report *report)
{
	if (report->state != REPORT_FAILED || task->is_wider ||
	    !(round->outcome.flags & OUTCOME_UNCOMPLETED))
		return false;
	task->is_wider = true;
	task->is_due = true;
	return true;
}

/* Do what the mode asks with the captured chain, or have the files read first:
 * then it is not over. */
static bool conclude(struct round *round, struct task *task,
		     const struct turn *turn, struct report *report)
{
	const struct options *options = round->options;
	const struct outcome *o = &round->outcome;
	struct facts facts;

	doubt_pair(turn, &round->outcome);
	if (directory_check_root(report->certs_dir, task->certs_dir->root,
				 &report->failure) != ERR_OK)
		return true;
	if (task->is_look) {
		look_conclude(turn, options, o, report);
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
		trust_registry(options, task->certs_dir->root, turn, o, &facts,
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
	doubt_unseen(turn, options, o, report);
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

/* Has the directory that Podman looks into first its own turns? */
static bool writes_for_podman(const struct round *round)
{
	for (size_t i = 0; i < round->certs_dir_count; i++)
		if (!strcmp(round->certs_dirs[i].path, SURVEY_CONTAINERS_DIR))
			return true;
	return false;
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
	report.survey = &turn->survey;
	report.warnings = report_survey_warnings(&turn->survey);
	if (writes_for_podman(round))
		report.warnings &= ~(unsigned)REPORT_WARN_CONTAINERS;
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
	if (ask_wider(round, task, &report))
		return;
	if (!task->is_look && is_worth_waiting(round, &report)) {
		retry_later(task, &report);
		return;
	}
	if (task->is_look && report.state == REPORT_FAILED &&
	    report.failure.code != ERR_STORE)
		look_give_up(&report);
	service_conclude(round->options, &report);
	look_heed(round, task, turn, &report);
	round_tell(round, index, &report);
	look_follow(round, task, turn, &report);
}

/* supervise_plan.tick: a report waits for those before it while they are young,
 * which is not long; and whoever looks on sees who is waited for. */
static int64_t tick(void *context, const struct supervise_view *view)
{
	struct round *round = context;
	int64_t now_ms = clock_ms();
	struct terminal_progress p = {.ms = now_ms - view->oldest_ms};

	teller_release(round->teller, view->first_young);
	if (view->oldest == round->pass_count ||
	    !terminal_shows_progress(round->options))
		return INT64_MAX;
	if (p.ms >= PROBE_YOUNG_MS)
		p.name = round->tasks[round->pass[view->oldest]]
				 .registry->reference;
	teller_show(round->teller, p);
	return now_ms + PROGRESS_MS;
}

/* see pass.h */
enum err pass_run(struct round *round, struct failure *f)
{
	struct supervise_plan plan = round_plan(round);
	enum err err;

	plan.task_count = round->pass_count;
	plan.parallel = round->turn_count;
	plan.begin = begin;
	plan.done = done;
	plan.tick = tick;
	err = supervise_run(&plan, f);
	teller_release(round->teller, SIZE_MAX);
	return err;
}
