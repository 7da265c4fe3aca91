/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sequences survey, supervise, turn, conclude and report; see run.h. A round is
 * a few passes: the registries, the token services that they named, and, with
 * --wait, those that were not reached.
 */
#include "installer/run.h"

#include <stdlib.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "common/clock.h"
#include "installer/conclude.h"
#include "installer/directory.h"
#include "installer/host_pool.h"
#include "installer/supervise.h"

/* Whom to ask, and into whose directory the answer belongs. */
struct task {
	const struct registry *registry;
	bool is_due;   /* it belongs to the next pass */
	bool is_retry; /* it was not reached before */
	bool is_raw;   /* the whole handshake has failed before */
	bool is_service;
	struct registry service;
};

/* Allocated once; what only one task at a time needs is there once. */
struct run {
	const struct options *options;
	void (*probe)(const struct job *job, int pipe_fd);
	int root; /* certs.d, or -1 for --show */
	enum report_exit worst;
	struct operator_file *file; /* or NULL */
	struct failure file_failure;
	struct bytes host_pool;
	uint8_t host_storage[HOST_POOL_BYTES_MAX];
	struct outcome outcome;
	struct conclusion conclusion;
	const struct signals *signals;
	int64_t retry_until_ms;
	size_t task_count;
	struct task *tasks;
	size_t pass_count; /* tasks of this pass, as indices */
	size_t *pass;
	size_t turn_count;
	struct turn *turns;
};

static enum report_exit worse(enum report_exit a, enum report_exit b)
{
	return a > b ? a : b;
}

static void tell(struct run *run, const struct report *report)
{
	enum report_exit code = report_exit_of(report);

	if (run->options->json)
		report_json(report);
	else
		report_text(report);
	run->worst = worse(run->worst, code);
}

static struct report report_on(const struct run *run, const struct task *task)
{
	return (struct report){
		.registry = task->registry,
		.service = task->is_service ? &task->service : NULL,
		.certs_dir = run->options->certs_dir,
		.outcome = &run->outcome,
	};
}

/* supervise_plan.begin: what must be known before the fork. */
static bool begin(void *context, size_t index, size_t slot)
{
	struct run *run = context;
	struct task *task = &run->tasks[run->pass[index]];
	struct turn *turn = &run->turns[slot];
	struct report report = report_on(run, task);
	enum err err;

	turn->registry = task->registry;
	err = survey_take(run->root, task->registry, &turn->survey,
			  &report.failure);
	if (err != ERR_OK) {
		conclude_nothing(&run->outcome);
		tell(run, &report);
		return false;
	}
	turn_prepare(turn, run->options, run->file, run->host_pool,
		     task->is_service ? &task->service : task->registry,
		     time(NULL));
	if (task->is_raw)
		turn->job.kind = JOB_CAPTURE_RAW;
	return true;
}

/* supervise_plan.probe: in the child. */
static void probe(void *context, size_t index, size_t slot, int pipe_fd)
{
	struct run *run = context;

	(void)index;
	run->probe(&run->turns[slot].job, pipe_fd);
}

/* Ask the token service too, where the operator speaks for it. */
static void follow_service(struct run *run, const struct task *task,
			   const struct turn *turn)
{
	struct bytes name = run->outcome.service;
	struct task *next = &run->tasks[run->task_count];
	struct failure ignored;

	if (!name.len || task->is_service ||
	    !conclude_follows_service(run->options, turn))
		return;
	if (registry_parse((const char *)name.data, name.len, &next->service,
			   &ignored) != ERR_OK)
		return;
	next->registry = task->registry;
	next->is_service = true;
	next->is_due = true;
	run->task_count++;
}

/* Is R a failure that time may mend, and is there time? */
static bool is_worth_waiting(const struct run *run, const struct report *r)
{
	return r->state == REPORT_FAILED &&
	       report_exit_of(r) == REPORT_EXIT_UNREACHED &&
	       clock_ms() < run->retry_until_ms;
}

static void retry_later(struct task *task, const struct report *report)
{
	if (!task->is_retry)
		report_retry(report);
	task->is_retry = true;
	task->is_raw = false;
	task->is_due = true;
}

/* Ask again at once, on the second rung, where the first was not enough. */
static bool ask_raw(const struct run *run, struct task *task,
		    const struct report *report)
{
	if (report->state != REPORT_FAILED || task->is_raw ||
	    !(run->outcome.flags & OUTCOME_UNFINISHED))
		return false;
	task->is_raw = true;
	task->is_due = true;
	return true;
}

/* supervise_plan.done: the probe has ended, however it did. */
static void done(void *context, size_t index, size_t slot,
		 const struct supervise_result *result)
{
	struct run *run = context;
	struct task *task = &run->tasks[run->pass[index]];
	const struct turn *turn = &run->turns[slot];
	struct report report = report_on(run, task);

	report.warnings = report_survey_warnings(&turn->survey);
	if (run->file && run->file->has_key)
		report.warnings |= REPORT_WARN_KEY_LEFT_OUT;
	if (conclude_read(result, &run->outcome, &report.failure) == ERR_OK)
		conclude(run->options, run->root, turn, &run->outcome,
			 &run->conclusion, &report);
	if (ask_raw(run, task, &report))
		return;
	if (is_worth_waiting(run, &report)) {
		retry_later(task, &report);
		return;
	}
	conclude_service(run->options, &report);
	tell(run, &report);
	if (report.state != REPORT_FAILED &&
	    report_exit_of(&report) != REPORT_EXIT_REFUSED)
		follow_service(run, task, turn);
}

/* Collect what is due. A pass of retries alone waits first. */
static bool collect_pass(struct run *run, bool *is_all_retry)
{
	run->pass_count = 0;
	*is_all_retry = true;
	for (size_t i = 0; i < run->task_count; i++) {
		struct task *task = &run->tasks[i];

		if (!task->is_due)
			continue;
		run->pass[run->pass_count++] = i;
		*is_all_retry =
			*is_all_retry && task->is_retry && !task->is_raw;
		task->is_due = false;
	}
	return run->pass_count > 0;
}

static enum err run_pass(struct run *run, struct failure *f)
{
	const struct supervise_plan plan = {
		.task_count = run->pass_count,
		.parallel = run->turn_count,
		.timeout_ms = run->options->timeout_ms + TIMEOUT_GRACE_MS,
		.stop_fd = run->signals->stop_fd,
		.context = run,
		.begin = begin,
		.probe = probe,
		.done = done,
	};

	return supervise_run(&plan, f);
}

static enum err run_passes(struct run *run, struct failure *f)
{
	int64_t pause_ms = RETRY_FIRST_MS;
	enum err err = ERR_OK;
	bool is_retry;

	while (err == ERR_OK && collect_pass(run, &is_retry)) {
		if (is_retry) {
			if (signals_wait(run->signals, pause_ms) ==
			    SIGNALS_STOP)
				return failure_set(f, ERR_STOPPED,
						   "stopped by a signal");
			pause_ms = pause_ms * 2 < RETRY_LAST_MS ? pause_ms * 2
								: RETRY_LAST_MS;
		}
		err = run_pass(run, f);
	}
	return err;
}

static bool begin_file(void *context, size_t index, size_t slot)
{
	struct run *run = context;
	struct job *job = &run->turns[slot].job;

	*job = (struct job){
		.kind = JOB_READ,
		.timeout_ms = run->options->timeout_ms,
		.now = time(NULL),
		.operator_file = run->file->content,
		.block_count = run->file->block_count,
	};
	return index == 0;
}

static void done_file(void *context, size_t index, size_t slot,
		      const struct supervise_result *result)
{
	struct run *run = context;

	(void)index;
	(void)slot;
	if (conclude_read(result, &run->outcome, &run->file_failure) == ERR_OK)
		run->file_failure.code = ERR_OK;
}

/* Read the operator's file once, in a probe without network, before anything
 * else is touched. */
static enum err check_file(struct run *run, struct failure *f)
{
	const struct supervise_plan plan = {
		.task_count = 1,
		.parallel = 1,
		.timeout_ms = run->options->timeout_ms + TIMEOUT_GRACE_MS,
		.stop_fd = run->signals->stop_fd,
		.context = run,
		.begin = begin_file,
		.probe = probe,
		.done = done_file,
	};
	enum err err = supervise_run(&plan, f);

	if (err == ERR_OK && run->file_failure.code != ERR_OK)
		*f = run->file_failure;
	return err == ERR_OK ? run->file_failure.code : err;
}

static void remove_all(struct run *run)
{
	for (size_t i = 0; i < run->task_count; i++) {
		struct report report = report_on(run, &run->tasks[i]);

		conclude_remove(run->root, &run->conclusion, &report);
		tell(run, &report);
	}
}

static enum err open_root(struct run *run, struct failure *f)
{
	const struct options *o = run->options;
	unsigned flags = o->in_image ? DIRECTORY_MOUNTED : 0;

	if (o->mode == OPTIONS_SHOW)
		return ERR_OK;
	if (o->mode == OPTIONS_TRUST)
		flags |= DIRECTORY_CREATE;
	return directory_open_root(o->certs_dir, flags, &run->root, f);
}

static enum err check_clock(int64_t now, struct failure *f)
{
	char text[ENCODING_TIME_BYTES];

	if (now >= CLOCK_FIRST && now <= CLOCK_LAST)
		return ERR_OK;
	encoding_time(now, text);
	return failure_set(f, ERR_CLOCK, "this machine's clock says %s", text);
}

static enum err run_all(struct run *run, struct failure *f)
{
	const struct options *o = run->options;
	enum err err = ERR_OK;

	if (o->mode != OPTIONS_REMOVE)
		err = check_clock(time(NULL), f);
	if (err == ERR_OK && o->ca_file)
		err = operator_file_read(o->ca_file, run->file, f);
	if (err == ERR_OK && run->file)
		err = check_file(run, f);
	if (err == ERR_OK)
		err = open_root(run, f);
	if (err != ERR_OK)
		return err;
	if (o->mode == OPTIONS_REMOVE) {
		remove_all(run);
		return ERR_OK;
	}
	run->host_pool = host_pool_read(run->host_storage);
	return run_passes(run, f);
}

/* Everything that the run will need; false when memory is short. */
static bool allocate(struct run *run)
{
	const struct options *o = run->options;

	run->task_count = o->registry_count;
	run->tasks = calloc(2 * o->registry_count, sizeof(*run->tasks));
	run->turn_count =
		o->registry_count < PROBES_MAX ? o->registry_count : PROBES_MAX;
	run->turns = calloc(run->turn_count, sizeof(*run->turns));
	run->file = o->ca_file ? calloc(1, sizeof(*run->file)) : NULL;
	run->pass = calloc(2 * o->registry_count, sizeof(*run->pass));
	if (!run->tasks || !run->turns || !run->pass ||
	    (o->ca_file && !run->file))
		return false;
	for (size_t i = 0; i < o->registry_count; i++) {
		run->tasks[i].registry = &o->registries[i];
		run->tasks[i].is_due = true;
	}
	return true;
}

static void release(struct run *run)
{
	if (run->root >= 0)
		close(run->root);
	free(run->file);
	free(run->pass);
	free(run->turns);
	free(run->tasks);
	free(run);
}

/* see run.h */
enum err run_round(const struct options *options,
		   void (*probe_main)(const struct job *job, int pipe_fd),
		   const struct signals *signals, int *code)
{
	struct failure f = {ERR_PROBE, "out of memory"};
	struct run *run = calloc(1, sizeof(*run));
	enum err err = ERR_PROBE;

	*code = REPORT_EXIT_UNREACHED;
	if (!run)
		return err;
	run->options = options;
	run->probe = probe_main;
	run->signals = signals;
	run->retry_until_ms = clock_ms() + options->wait_ms;
	run->root = -1;
	if (allocate(run))
		err = run_all(run, &f);
	if (err != ERR_OK && err != ERR_STOPPED)
		run->worst = worse(run->worst, report_failure(&f));
	*code = (int)run->worst;
	release(run);
	return err;
}

static int64_t next_pause_ms(const struct options *options)
{
	uint64_t chance = 0;

	/* Not for secrecy: nodes that started together should not stay so. */
	if (options->splay_ms &&
	    getrandom(&chance, sizeof(chance), 0) == sizeof(chance))
		chance %= (uint64_t)options->splay_ms + 1;
	return options->every_ms + (int64_t)chance;
}

/* see run.h */
int run_registries(const struct options *options,
		   void (*probe_main)(const struct job *job, int pipe_fd))
{
	enum signals_event event = SIGNALS_TIMEOUT;
	struct signals signals;
	struct failure f;
	int code;

	if (signals_open(&signals, &f) != ERR_OK)
		return (int)report_failure(&f);
	do {
		if (run_round(options, probe_main, &signals, &code) ==
		    ERR_STOPPED)
			event = SIGNALS_STOP;
		else if (options->every_ms)
			event = signals_wait(&signals, next_pause_ms(options));
	} while (options->every_ms && event != SIGNALS_STOP);
	if (event != SIGNALS_STOP)
		return code;
	return options->every_ms ? REPORT_EXIT_TRUSTED
				 : signals_stop_status(&signals);
}
