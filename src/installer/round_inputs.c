/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is given once for all registries, read by probes that meet no server;
 * see round.h.
 */
#include "installer/round.h"

#include <time.h>

#include "installer/inputs/daemon_file.h"
#include "installer/result.h"
#include "installer/supervise.h"

/* The job of SLOT, which knows no registry. */
static struct job *begin(struct round *round, size_t slot, enum job_kind kind)
{
	struct job *job = &round->turns[slot].job;

	*job = (struct job){
		.kind = kind,
		.timeout_ms = round->options->timeout_ms,
		.now = time(NULL),
	};
	return job;
}

static bool begin_inputs(void *context, size_t index, size_t slot)
{
	struct round *round = context;
	struct job *job = begin(round, slot, JOB_READ);

	(void)index;
	job->docker = round->options->docker;
	if (round->file) {
		job->operator_file = round->file->content;
		job->block_count = round->file->block_count;
	}
	return true;
}

static bool begin_daemon(void *context, size_t index, size_t slot)
{
	struct round *round = context;

	(void)index;
	begin(round, slot, JOB_SETTINGS)->daemon_json = round->daemon_json;
	return true;
}

static void done_inputs(void *context, size_t index, size_t slot,
			const struct supervise_result *result)
{
	struct round *round = context;
	struct report report = {.outcome = &round->outcome};

	(void)index;
	(void)slot;
	if (result_read(result, JOB_READ, &round->outcome, &report) != ERR_OK)
		round->file_failure = report.failure;
	else
		round->file_failure.code = ERR_OK;
}

static void done_daemon(void *context, size_t index, size_t slot,
			const struct supervise_result *result)
{
	struct round *round = context;
	struct report report = {.outcome = &round->outcome};

	(void)index;
	(void)slot;
	if (result_read(result, JOB_SETTINGS, &round->outcome, &report) ==
	    ERR_OK)
		daemon_learn(DAEMON_FILE_READ, &round->outcome.settings,
			     &round->daemon);
}

/* see round.h */
enum err round_check_inputs(struct round *round, struct failure *f)
{
	struct supervise_plan plan = round_plan(round);
	enum err err;

	plan.begin = begin_inputs;
	plan.done = done_inputs;
	err = supervise_run(&plan, f);

	if (err != ERR_OK || round->file_failure.code == ERR_OK)
		return err;
	*f = round->file_failure;
	return f->code;
}

/* see round.h */
enum err round_read_daemon(struct round *round, struct failure *f)
{
	const struct options *o = round->options;
	struct supervise_plan plan = round_plan(round);
	enum daemon_file file = DAEMON_FILE_ELSEWHERE;

	/* Of several directories one is Docker's. */
	for (size_t i = 0;
	     i < o->certs_dir_count && file == DAEMON_FILE_ELSEWHERE; i++)
		file = daemon_file_read(o->certs_dirs[i], o->in_image,
					round->daemon_storage,
					&round->daemon_json);
	/* Until a probe says more: there, and not to be read. */
	daemon_learn(file, NULL, &round->daemon);
	if (file != DAEMON_FILE_READ)
		return ERR_OK;
	plan.begin = begin_daemon;
	plan.done = done_daemon;
	return supervise_run(&plan, f);
}
