/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a round needs, and its order; see run.h.
 */
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/date.h"
#include "installer/certs_d/directory.h"
#include "installer/inputs/host_pool.h"
#include "installer/inputs/memory_limit.h"
#include "installer/prune.h"
#include "installer/round.h"
#include "installer/run.h"
#include "installer/supervise.h"

static enum err open_root(struct round *round, struct failure *f)
{
	const struct options *o = round->options;
	unsigned flags = o->in_image ? DIRECTORY_MOUNTED : 0;

	if (o->mode == OPTIONS_SHOW)
		return ERR_OK;
	if (o->mode == OPTIONS_TRUST)
		flags |= DIRECTORY_CREATE;
	if (o->mode == OPTIONS_CHECK)
		flags |= DIRECTORY_OPTIONAL;
	return directory_open_root(o->certs_dir, flags, &round->root, f);
}

static enum err check_clock(int64_t now, struct failure *f)
{
	char text[DATE_BYTES];

	if (now >= CLOCK_FIRST && now <= CLOCK_LAST)
		return ERR_OK;
	date_encode(now, text);
	return failure_set(f, ERR_CLOCK, "this machine's clock says %s", text);
}

static enum err run_all(struct round *round, struct failure *f)
{
	const struct options *o = round->options;
	enum err err = ERR_OK;

	if (o->mode != OPTIONS_REMOVE)
		err = check_clock(time(NULL), f);
	if (err == ERR_OK && o->ca_file)
		err = operator_file_read(o->ca_file, o->in_image,
					 round->signals->stop_fd, round->file,
					 f);
	if (err == ERR_OK && (round->file || o->docker))
		err = round_check_inputs(round, f);
	if (err == ERR_OK)
		err = open_root(round, f);
	if (err != ERR_OK)
		return err;
	if (o->mode == OPTIONS_REMOVE)
		return round_remove(round, f);
	round->host_pool = host_pool_read(round->host_storage);
	if (o->mode != OPTIONS_SHOW && !options_looks_only(o))
		err = round_read_daemon(round, f);
	if (err == ERR_OK)
		err = round_ask(round, f);
	if (err == ERR_OK && o->prune)
		err = prune_unlisted(round, f);
	return err;
}

/* Everything that the run will need; false when memory is short. */
static bool allocate(struct round *round)
{
	const struct options *o = round->options;

	round->task_count = o->registry_count;
	round->tasks =
		calloc(ASKED_MAX * o->registry_count, sizeof(*round->tasks));
	round->turn_count =
		supervise_parallel(o->registry_count, memory_limit_read());
	round->turns = calloc(round->turn_count, sizeof(*round->turns));
	round->file = o->ca_file ? calloc(1, sizeof(*round->file)) : NULL;
	round->pass =
		calloc(ASKED_MAX * o->registry_count, sizeof(*round->pass));
	if (!round->tasks || !round->turns || !round->pass ||
	    (o->ca_file && !round->file))
		return false;
	for (size_t i = 0; i < o->registry_count; i++) {
		round->tasks[i].registry = &o->registries[i];
		round->tasks[i].is_due = true;
	}
	return true;
}

static void release(struct round *round)
{
	if (round->root >= 0)
		close(round->root);
	free(round->file);
	free(round->pass);
	free(round->turns);
	free(round->tasks);
	free(round);
}

/* see run.h */
enum err run_round(const struct options *options,
		   void (*probe_main)(const struct job *job, int pipe_fd),
		   const struct signals *signals, struct teller *teller,
		   int *code)
{
	struct failure f = {.code = ERR_MEMORY, .detail = "out of memory"};
	struct round *round = calloc(1, sizeof(*round));
	enum err err = ERR_PROBE;

	*code = REPORT_EXIT_UNREACHED;
	if (!round) {
		report_failure(&f, options);
		return err;
	}
	round->options = options;
	round->probe = probe_main;
	round->signals = signals;
	round->teller = teller;
	round->retry_until_ms = clock_ms() + options->wait_ms;
	round->root = -1;
	if (allocate(round))
		err = run_all(round, &f);
	if (err != ERR_OK && err != ERR_STOPPED)
		round->worst = round_worse(
			round->worst, teller->tally.total
					      ? report_failure_late(&f, options)
					      : report_failure(&f, options));
	*code = (int)round->worst;
	release(round);
	return err;
}
