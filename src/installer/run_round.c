/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a round needs, and its order; see run.h.
 */
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/date.h"
#include "installer/certs_d/directory.h"
#include "installer/inputs/host_pool.h"
#include "installer/inputs/memory_limit.h"
#include "installer/inputs/process_limit.h"
#include "installer/prune.h"
#include "installer/round.h"
#include "installer/run.h"
#include "installer/supervise.h"

static enum err open_root(const struct options *o, struct certs_dir *at,
			  struct failure *f)
{
	unsigned flags = o->in_image ? DIRECTORY_MOUNTED : 0;

	at->root = -1;
	if (o->mode == OPTIONS_SHOW)
		return ERR_OK;
	if (o->mode == OPTIONS_TRUST)
		flags |= DIRECTORY_CREATE;
	if (o->mode == OPTIONS_CHECK)
		flags |= DIRECTORY_OPTIONAL | DIRECTORY_FOLLOW;
	return directory_open_root(at->path, flags, &at->root, f);
}

/* Two paths may be one directory, and two turns in it would be in each other's
 * way. */
static bool is_open_already(const struct round *round, int root)
{
	struct stat a, b;

	if (root < 0 || fstat(root, &a))
		return false;
	for (size_t i = 0; i < round->certs_dir_count; i++)
		if (round->certs_dirs[i].root >= 0 &&
		    !fstat(round->certs_dirs[i].root, &b) &&
		    a.st_dev == b.st_dev && a.st_ino == b.st_ino)
			return true;
	return false;
}

/* One of several that cannot be opened costs its own turns alone. */
static enum err open_roots(struct round *round, struct failure *f)
{
	const struct options *o = round->options;
	/* --show looks into none. */
	size_t count = o->mode == OPTIONS_SHOW ? 1 : o->certs_dir_count;

	for (size_t i = 0; i < count; i++) {
		struct certs_dir *at =
			&round->certs_dirs[round->certs_dir_count];
		enum err err;

		at->path = o->certs_dirs[i];
		err = open_root(o, at, f);
		if (err != ERR_OK && count == 1)
			return err;
		if (err != ERR_OK)
			round->worst =
				round_worse(round->worst,
					    report_failure_of(f, o, at->path));
		else if (is_open_already(round, at->root))
			close(at->root);
		else
			round->certs_dir_count++;
	}
	return ERR_OK;
}

/* Each registry, and in turn for each directory. */
static void plan(struct round *round)
{
	const struct options *o = round->options;

	for (size_t i = 0; i < o->registry_count; i++)
		for (size_t k = 0; k < round->certs_dir_count; k++)
			round->tasks[round->task_count++] = (struct task){
				.registry = &o->registries[i],
				.certs_dir = &round->certs_dirs[k],
				.is_due = true,
			};
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
		err = open_roots(round, f);
	if (err != ERR_OK)
		return err;
	plan(round);
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

/* How many probes at a time: COUNT, or as memory and descriptors allow. What
 * runs beside them is left what it needs to write. */
static size_t slots_for(size_t count)
{
	size_t most = supervise_parallel(count, memory_limit_read());
	uint64_t files = process_limit_descriptors();

	if (files >= INSTALLER_DESCRIPTORS + most)
		return most;
	return files > INSTALLER_DESCRIPTORS
		       ? (size_t)files - INSTALLER_DESCRIPTORS
		       : 1;
}

/* Everything that the run will need. */
static enum err allocate(struct round *round, struct failure *f)
{
	const struct options *o = round->options;
	size_t count = o->registry_count * o->certs_dir_count;

	if (count > REGISTRIES_MAX)
		return failure_set(
			f, ERR_USAGE,
			"%zu registries in %zu directories are more "
			"than %d in all; run once for each directory",
			o->registry_count, o->certs_dir_count, REGISTRIES_MAX);
	round->tasks = calloc(ASKED_MAX * count, sizeof(*round->tasks));
	round->turn_count = slots_for(count);
	round->turns = calloc(round->turn_count, sizeof(*round->turns));
	round->file = o->ca_file ? calloc(1, sizeof(*round->file)) : NULL;
	round->pass = calloc(ASKED_MAX * count, sizeof(*round->pass));
	if (!round->tasks || !round->turns || !round->pass ||
	    (o->ca_file && !round->file))
		return failure_set(f, ERR_MEMORY, "out of memory");
	return ERR_OK;
}

static void release(struct round *round)
{
	for (size_t i = 0; i < round->certs_dir_count; i++)
		if (round->certs_dirs[i].root >= 0)
			close(round->certs_dirs[i].root);
	free(round->file);
	free(round->pass);
	free(round->turns);
	free(round->tasks);
	free(round);
}

/* see run.h */
enum err run_round(const struct options *options,
		   void (*probe)(const struct job *job, int pipe_fd),
		   const struct signals *signals, struct teller *teller,
		   int *code)
{
	struct failure f = {.code = ERR_MEMORY, .detail = "out of memory"};
	struct round *round = calloc(1, sizeof(*round));
	enum err err;

	*code = REPORT_EXIT_UNREACHED;
	if (!round) {
		report_failure(&f, options);
		return ERR_MEMORY;
	}
	round->options = options;
	round->probe = probe;
	round->signals = signals;
	round->teller = teller;
	round->retry_until_ms = clock_ms() + options->wait_ms;
	err = allocate(round, &f);
	if (err == ERR_OK)
		err = run_all(round, &f);
	if (err != ERR_OK && err != ERR_STOPPED)
		round->worst = round_worse(
			round->worst,
			teller->tally.total
				? report_failure_late(
					  &f, options,
					  options_certs_dir(options))
				: report_failure(&f, options));
	*code = (int)round->worst;
	release(round);
	return err;
}
