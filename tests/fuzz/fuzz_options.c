/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any command line and environment. The input is lines: those with a capital
 * first letter and an equals sign are variables, the others arguments.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/refused.h"
#include "installer/options/options.h"

#define ARGS_MAX  16
#define LINES_MAX 32

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct options options;

struct line {
	char *args[ARGS_MAX + 2];
	int count;
};

static void take_line(char *text, struct line *line)
{
	if (*text >= 'A' && *text <= 'Z' && strchr(text, '='))
		putenv(text);
	else if (line->count <= ARGS_MAX)
		line->args[line->count++] = text;
}

/* Views of TEXT, which is changed. */
static void take_lines(char *text, struct line *line)
{
	for (int i = 0; text && i < LINES_MAX; i++) {
		char *end = strchr(text, '\n');

		if (end)
			*end++ = '\0';
		take_line(text, line);
		text = end;
	}
}

static void check_accepted(const struct options *o)
{
	static struct fingerprint pins[PINS_MAX];

	if (o->mode == OPTIONS_HELP || o->mode == OPTIONS_VERSION)
		return;
	if ((o->registry_count == 0 && !o->registries_file) ||
	    (o->prune && !o->registries_file) ||
	    o->registry_count > REGISTRIES_MAX ||
	    o->pin_count > PINS_LISTED_MAX || o->timeout_ms <= 0 ||
	    o->timeout_ms > TIMEOUT_MAX_MS || o->expiry_ms < 0 ||
	    o->expiry_ms > EXPIRY_MAX_MS || o->certs_dir_count == 0 ||
	    o->certs_dir_count > CERTS_DIRS_MAX)
		abort();
	for (size_t i = 0; i < o->certs_dir_count; i++)
		if (!*o->certs_dirs[i] ||
		    strlen(o->certs_dirs[i]) >= PATH_BYTES_MAX)
			abort();
	for (size_t i = 0; i < o->registry_count; i++)
		if (options_pins_for(o, &o->registries[i], pins) > o->pin_count)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *text = malloc(len + 1);
	char name[] = "dtr-trust";
	struct line line = {.args = {name}, .count = 1};
	struct failure f = {0};

	if (!text || clearenv())
		abort();
	memcpy(text, data, len);
	text[len] = '\0';
	take_lines(text, &line);
	if (options_parse(line.count, line.args, &options, &f) == ERR_OK)
		check_accepted(&options);
	else
		check_refused(&f);
	options_free(&options);
	clearenv();
	free(text);
	return 0;
}
