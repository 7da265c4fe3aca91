/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a round needs, its order, and its repetition; see run.h.
 */
#include "installer/run.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/date.h"
#include "installer/certs_d/ca_crt.h"
#include "installer/certs_d/directory.h"
#include "installer/inputs/host_pool.h"
#include "installer/inputs/memory_limit.h"
#include "installer/inputs/registries_file.h"
#include "installer/round.h"
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
	return round_ask(round, f);
}

/* Everything that the run will need; false when memory is short. */
static bool allocate(struct round *round)
{
	const struct options *o = round->options;

	round->task_count = o->registry_count;
	round->tasks = calloc(2 * o->registry_count, sizeof(*round->tasks));
	round->turn_count =
		supervise_parallel(o->registry_count, memory_limit_read());
	round->turns = calloc(round->turn_count, sizeof(*round->turns));
	round->file = o->ca_file ? calloc(1, sizeof(*round->file)) : NULL;
	round->pass = calloc(2 * o->registry_count, sizeof(*round->pass));
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
		round->worst =
			round_worse(round->worst, report_failure(&f, options));
	*code = (int)round->worst;
	release(round);
	return err;
}

/* Not for secrecy: nodes that started together should not stay so. */
static int64_t chance_ms(int64_t most_ms)
{
	uint64_t chance = 0;

	if (most_ms <= 0 ||
	    getrandom(&chance, sizeof(chance), 0) != sizeof(chance))
		return 0;
	return (int64_t)(chance % ((uint64_t)most_ms + 1));
}

/* A new node wants its trust soon, so the first round waits only a little of
 * the splay. */
static int64_t first_pause_ms(const struct options *options)
{
	return chance_ms(options->splay_ms < FIRST_SPLAY_MS ? options->splay_ms
							    : FIRST_SPLAY_MS);
}

/* A pin with a misspelt registry would leave it to a first use. */
static void warn_of_idle_pins(const struct options *o)
{
	for (size_t i = 0; i < o->pin_count; i++) {
		const char *name = o->pins[i].reference;
		bool is_idle = *name;

		for (size_t k = 0; k < o->registry_count && is_idle; k++)
			is_idle = strcmp(name, o->registries[k].reference) != 0;
		if (is_idle)
			report_idle_pin(name);
	}
}

/* What a round begins with; false where there is nothing to ask. */
static bool begin_round(struct options *options, struct teller *teller,
			int *code)
{
	struct failure f;

	*teller = (struct teller){.options = options,
				  .memory = teller->memory,
				  .is_repeat = teller->is_repeat};
	if (teller->is_repeat && options->registries_file &&
	    registries_file_read(options, &f) != ERR_OK) {
		*code = (int)report_failure(&f, options);
		return false;
	}
	teller->registry_count = options->registry_count;
	if (!teller->is_repeat)
		warn_of_idle_pins(options);
	return true;
}

static enum err do_round(struct options *options,
			 void (*probe_main)(const struct job *job, int pipe_fd),
			 const struct signals *signals, struct teller *teller,
			 int *code)
{
	enum err err = ERR_OK;

	if (begin_round(options, teller, code)) {
		err = run_round(options, probe_main, signals, teller, code);
		teller_end(teller);
	}
	teller->is_repeat = true;
	return err;
}

/* see run.h */
int run_registries(struct options *options,
		   void (*probe_main)(const struct job *job, int pipe_fd))
{
	enum signals_event event = SIGNALS_TIMEOUT;
	struct memory memory = {.count = 0};
	struct teller teller = {.memory = options->every_ms ? &memory : NULL};
	struct signals signals;
	struct failure f;
	int code = REPORT_EXIT_TRUSTED;

	if (signals_open(&signals, &f) != ERR_OK)
		return (int)report_failure(&f, options);
	if (options->splay_ms)
		event = signals_wait(&signals, first_pause_ms(options));
	while (event != SIGNALS_STOP) {
		if (do_round(options, probe_main, &signals, &teller, &code) ==
		    ERR_STOPPED)
			event = SIGNALS_STOP;
		else if (!options->every_ms)
			return code;
		else
			event = signals_wait(
				&signals, options->every_ms +
						  chance_ms(options->splay_ms));
	}
	memory_free(&memory);
	return options->every_ms ? REPORT_EXIT_TRUSTED
				 : signals_stop_status(&signals);
}
