/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The list, the rounds and the pauses between them; see run.h.
 */
#include "installer/run.h"

#include <string.h>
#include <sys/random.h>

#include "installer/inputs/input.h"
#include "installer/inputs/process_limit.h"
#include "installer/inputs/registries_file.h"

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

/* None behind the only round. */
static int64_t pause_ms(const struct options *options)
{
	return options->every_ms
		       ? options->every_ms + chance_ms(options->splay_ms)
		       : 0;
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

/* Nothing is done before it is known for which registries, and a signal ends
 * the wait for a list that does not come. */
static enum err read_list(struct options *options,
			  const struct signals *signals, int *code)
{
	struct failure f;
	enum err err =
		options->registries_file
			? registries_file_read(options, signals->stop_fd, &f)
			: ERR_OK;

	if (err == ERR_STOPPED)
		*code = options->every_ms ? REPORT_EXIT_TRUSTED
					  : signals_stop_status(signals);
	else if (err != ERR_OK)
		*code = (int)report_failure(&f, options);
	return err;
}

/* What a round begins with; it has nothing to ask where this fails. */
static enum err begin_round(struct options *options,
			    const struct signals *signals,
			    struct teller *teller, int *code)
{
	*teller = (struct teller){.options = options,
				  .memory = teller->memory,
				  .is_repeat = teller->is_repeat};
	if (teller->is_repeat) {
		enum err err = read_list(options, signals, code);

		if (err != ERR_OK)
			return err;
	} else {
		warn_of_idle_pins(options);
	}
	teller->registry_count = options->registry_count;
	if (options->mode != OPTIONS_SHOW)
		teller->registry_count *= options->certs_dir_count;
	return ERR_OK;
}

static enum err one_round(struct options *options,
			  void (*probe)(const struct job *job, int pipe_fd),
			  const struct signals *signals, struct teller *teller,
			  int *code)
{
	enum err err = begin_round(options, signals, teller, code);

	if (err == ERR_OK) {
		err = run_round(options, probe, signals, teller, code);
		teller_end(teller, err == ERR_STOPPED);
	}
	teller->is_repeat = true;
	return err;
}

/* see run.h */
int run_registries(struct options *options,
		   void (*probe)(const struct job *job, int pipe_fd))
{
	enum signals_event event = SIGNALS_TIMEOUT;
	struct memory memory = {.count = 0};
	struct teller teller = {.memory = options->every_ms ? &memory : NULL};
	struct signals signals;
	struct failure f;
	int code = REPORT_EXIT_TRUSTED;

	input_complete();
	if (process_limit_stack(&f) != ERR_OK ||
	    signals_open(&signals, &f) != ERR_OK)
		return (int)report_failure(&f, options);
	if (read_list(options, &signals, &code) != ERR_OK)
		return code;
	if (options->splay_ms)
		event = signals_wait(&signals, first_pause_ms(options));
	while (event != SIGNALS_STOP) {
		if (one_round(options, probe, &signals, &teller, &code) ==
		    ERR_STOPPED)
			event = SIGNALS_STOP;
		else
			event = signals_wait(&signals, pause_ms(options));
		/* One that came at the end has cut off what was said. */
		if (!options->every_ms && event != SIGNALS_STOP)
			return code;
	}
	memory_free(&memory);
	return options->every_ms ? REPORT_EXIT_TRUSTED
				 : signals_stop_status(&signals);
}
