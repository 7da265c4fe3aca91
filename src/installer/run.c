/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sequences survey, supervise, wire, turn, store and report; see run.h. None
 * of these calls another. Two passes: the registries, then the token services
 * that they named.
 */
#include "installer/run.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "installer/conclude.h"
#include "installer/directory.h"
#include "installer/host_pool.h"
#include "installer/supervise.h"

/* Whom to ask, and into whose directory the answer belongs. */
struct task {
	const struct registry *registry;
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
	size_t task_count;
	size_t first_task; /* of this pass */
	struct task *tasks;
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
	const struct task *task = &run->tasks[run->first_task + index];
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
	const struct options *o = run->options;
	struct bytes name = run->outcome.service;
	struct task *next = &run->tasks[run->task_count];
	struct failure ignored;

	if (!name.len || task->is_service || o->mode != OPTIONS_TRUST ||
	    !(o->trust_token_host || turn->job.pin_count || run->file))
		return;
	if (registry_parse((const char *)name.data, name.len, &next->service,
			   &ignored) != ERR_OK)
		return;
	next->registry = task->registry;
	next->is_service = true;
	run->task_count++;
}

/* supervise_plan.done: the probe has ended, however it did. */
static void done(void *context, size_t index, size_t slot,
		 const struct supervise_result *result)
{
	struct run *run = context;
	const struct task *task = &run->tasks[run->first_task + index];
	const struct turn *turn = &run->turns[slot];
	struct report report = report_on(run, task);

	report.warnings = report_survey_warnings(&turn->survey);
	if (run->file && run->file->has_key)
		report.warnings |= REPORT_WARN_KEY_LEFT_OUT;
	if (conclude_read(result, &run->outcome, &report.failure) == ERR_OK)
		conclude(run->options, run->root, turn, &run->outcome,
			 &run->conclusion, &report);
	tell(run, &report);
	if (report.state != REPORT_FAILED &&
	    report_exit_of(&report) != REPORT_EXIT_REFUSED)
		follow_service(run, task, turn);
}

static enum err run_pass(struct run *run, size_t count, struct failure *f)
{
	const struct supervise_plan plan = {
		.task_count = count,
		.parallel = run->turn_count,
		.timeout_ms = run->options->timeout_ms + TIMEOUT_GRACE_MS,
		.context = run,
		.begin = begin,
		.probe = probe,
		.done = done,
	};

	return supervise_run(&plan, f);
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

static enum err run_all(struct run *run, struct failure *f)
{
	size_t registries = run->task_count;
	enum err err = run->file ? check_file(run, f) : ERR_OK;

	if (err == ERR_OK)
		err = open_root(run, f);
	if (err != ERR_OK)
		return err;
	if (run->options->mode == OPTIONS_REMOVE) {
		remove_all(run);
		return ERR_OK;
	}
	run->host_pool = host_pool_read(run->host_storage);
	err = run_pass(run, registries, f);
	if (err != ERR_OK || run->task_count == registries)
		return err;
	run->first_task = registries;
	return run_pass(run, run->task_count - registries, f);
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
	if (!run->tasks || !run->turns || (o->ca_file && !run->file))
		return false;
	for (size_t i = 0; i < o->registry_count; i++)
		run->tasks[i].registry = &o->registries[i];
	return true;
}

static void release(struct run *run)
{
	if (run->root >= 0)
		close(run->root);
	free(run->file);
	free(run->turns);
	free(run->tasks);
	free(run);
}

/* see run.h */
int run_registries(const struct options *options,
		   void (*probe_main)(const struct job *job, int pipe_fd))
{
	struct failure f = {ERR_PROBE, "out of memory"};
	struct run *run = calloc(1, sizeof(*run));
	enum err err = ERR_PROBE;
	enum report_exit code;

	if (!run)
		return (int)report_failure(&f);
	run->options = options;
	run->probe = probe_main;
	run->root = -1;
	if (allocate(run))
		err = options->ca_file ? operator_file_read(options->ca_file,
							    run->file, &f)
				       : ERR_OK;
	if (err == ERR_OK)
		err = run_all(run, &f);
	if (err != ERR_OK)
		run->worst = worse(run->worst, report_failure(&f));
	code = run->worst;
	release(run);
	return (int)code;
}
