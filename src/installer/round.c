/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The passes of a round, in their order; see round.h.
 */
#include "installer/round.h"

#include "installer/busy.h"
#include "installer/certs_d/directory.h"
#include "installer/pass.h"
#include "installer/remove.h"

/* see round.h */
enum report_exit round_worse(enum report_exit a, enum report_exit b)
{
	return a > b ? a : b;
}

/* supervise_plan.probe: in the child. */
static void probe(void *context, size_t index, size_t slot, int pipe_fd)
{
	struct round *round = context;

	(void)index;
	round->probe(&round->turns[slot].job, pipe_fd);
}

/* see round.h */
struct supervise_plan round_plan(struct round *round)
{
	return (struct supervise_plan){
		.task_count = 1,
		.parallel = 1,
		.timeout_ms = round->options->timeout_ms + TIMEOUT_GRACE_MS,
		.stop_fd = round->signals->stop_fd,
		.context = round,
		.probe = probe,
	};
}

/* see round.h */
struct report round_report(const struct round *round, const struct task *task)
{
	return (struct report){
		.registry = task->registry,
		.service = task->is_service ? &task->service : NULL,
		.is_redirect = task->is_redirect,
		.options = round->options,
		.certs_dir = task->certs_dir->path,
		.outcome = &round->outcome,
	};
}

/* see round.h */
void round_tell(struct round *round, size_t order, const struct report *report)
{
	teller_tell(round->teller, order, report);
	round->worst = round_worse(round->worst, report_exit_of(report));
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
		*is_all_retry = *is_all_retry && task->is_retry &&
				!task->is_wider && !task->is_reading;
		task->is_due = false;
	}
	return round->pass_count > 0;
}

/* see round.h */
enum err round_ask(struct round *round, struct failure *f)
{
	int64_t pause_ms = RETRY_FIRST_MS;
	enum err err = ERR_OK;
	bool is_retry;

	while (err == ERR_OK && collect_pass(round, &is_retry)) {
		if (is_retry) {
			teller_show(round->teller,
				    (struct terminal_progress){
					    .pause_ms = pause_ms});
			if (signals_wait(round->signals, pause_ms) ==
			    SIGNALS_STOP)
				return failure_set(f, ERR_STOPPED,
						   "stopped by a signal");
			pause_ms = pause_ms * 2 < RETRY_LAST_MS ? pause_ms * 2
								: RETRY_LAST_MS;
		}
		err = pass_run(round, f);
	}
	return err;
}

/* Who reads the path of certs.d finds what is there now. */
static void check_taken_back(int root, struct report *report)
{
	if ((report->state != REPORT_REMOVED &&
	     report->state != REPORT_PRUNED) ||
	    directory_check_root(report->certs_dir, root, &report->failure) ==
		    ERR_OK)
		return;
	report->state = REPORT_FAILED;
	report->failure.is_late = true;
}

/* see round.h */
enum err round_take_back(struct round *round, struct task *task,
			 void (*remove)(int root, struct store_room *room,
					struct report *report),
			 struct failure *f)
{
	struct report report;
	int64_t pause_ms = 0;
	bool is_late = false;
	enum err err = ERR_OK;

	do {
		if (signals_wait(round->signals, pause_ms) == SIGNALS_STOP) {
			err = failure_set(f, ERR_STOPPED,
					  "stopped by a signal");
			if (!is_late)
				return err;
			break;
		}
		report = round_report(round, task);
		if (directory_check_root(report.certs_dir,
					 task->certs_dir->root,
					 &report.failure) == ERR_OK)
			remove(task->certs_dir->root, &round->room, &report);
		check_taken_back(task->certs_dir->root, &report);
		is_late = is_late || report.failure.is_late;
		pause_ms = LOCK_RETRY_MS;
	} while (busy_is_worth_waiting(&task->busy_since_ms, task->registry,
				       &report.failure));
	/* What a try before this one has removed stays removed. */
	report.failure.is_late = is_late;
	round_tell(round, 0, &report);
	teller_release(round->teller, SIZE_MAX);
	return err;
}

/* see round.h */
enum err round_remove(struct round *round, struct failure *f)
{
	enum err err = ERR_OK;

	for (size_t i = 0; i < round->task_count && err == ERR_OK; i++)
		err = round_take_back(round, &round->tasks[i], remove_registry,
				      f);
	return err;
}
