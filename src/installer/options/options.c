/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/options/options.h"

#include <stdlib.h>
#include <string.h>

#include "installer/options/arguments.h"
#include "installer/options/lists.h"
#include "installer/options/table.h"
#include "installer/options/variables.h"

static bool is_stdin(const char *path)
{
	return path && !strcmp(path, "-");
}

static bool is_set(const bool set[], const char *flag)
{
	for (size_t i = 0; options_table[i].flag; i++)
		if (set[i] && !strcmp(options_table[i].flag, flag))
			return true;
	return false;
}

static enum err check_agreement(const bool set[], const struct options *o,
				struct failure *f)
{
	const char *why = NULL;

	if (o->ca_file && o->pin_count)
		why = "--pin and --ca-file both name what to install; give one";
	else if (o->offline && o->mode != OPTIONS_CHECK && !o->ca_file)
		why = "--offline goes with --ca-file or --check";
	else if (o->ca_file && o->mode != OPTIONS_TRUST &&
		 o->mode != OPTIONS_CHECK)
		why = "--ca-file is for the main job and --check; --show and "
		      "--remove use none";
	else if (o->every_ms && o->mode != OPTIONS_TRUST &&
		 o->mode != OPTIONS_CHECK)
		why = "--every repeats the main job or --check, nothing else";
	else if (o->every_ms &&
		 (is_stdin(o->ca_file) || is_stdin(o->registries_file)))
		why = "--every cannot read standard input again; name a file";
	else if (is_stdin(o->ca_file) && is_stdin(o->registries_file))
		why = "--ca-file and --registries cannot both be standard "
		      "input";
	else if (o->registries_file && o->registry_count &&
		 !is_set(set, "--registries"))
		why = "DTR_REGISTRIES and DTR_DOMAIN_NAME both say which "
		      "registries; give one";
	else if (o->prune && !o->registries_file)
		why = "--prune removes what a list does not name; give it with "
		      "--registries";
	else if (o->prune && o->mode != OPTIONS_TRUST &&
		 o->mode != OPTIONS_CHECK)
		why = "--prune is for the main job and --check; --show and "
		      "--remove remove nothing else";
	else if (o->splay_ms && !o->every_ms)
		why = "--splay goes with --every";
	else if (o->timeout_ms == 0)
		why = "--timeout: it must be more than 0";
	return why ? failure_set(f, ERR_USAGE, "%s", why) : ERR_OK;
}

static void set_defaults(struct options *out)
{
	memset(out, 0, sizeof(*out));
	out->timeout_ms = TIMEOUT_DEFAULT_MS;
	out->expiry_ms = EXPIRY_DEFAULT_MS;
}

static size_t count_rows(void)
{
	size_t count = 0;

	while (options_table[count].flag)
		count++;
	return count;
}

/* What a deployment's variables say for its main job is not in the way of
 * another: --remove runs with the same ConfigMap. */
static void pass_over_idle(const bool set[], struct options *out)
{
	if (out->mode != OPTIONS_SHOW && out->mode != OPTIONS_REMOVE)
		return;
	if (!is_set(set, "--offline"))
		out->offline = false;
	if (!is_set(set, "--prune"))
		out->prune = false;
	if (is_set(set, "--ca-file"))
		return;
	free(out->ca_file);
	out->ca_file = NULL;
}

/* SET, by row of the table, is what flags said. */
static enum err read_all(int argc, char *const argv[], bool set[],
			 struct options *out, struct failure *f)
{
	enum err err = arguments_read(argc, argv, set, out, f);

	if (err != ERR_OK || options_shows_text(out))
		return err;
	err = variables_read(set, out, f);
	if (err == ERR_OK)
		err = variables_check(out, f);
	pass_over_idle(set, out);
	out->named_pin_count = out->pin_count;
	out->named_registry_count = out->registry_count;
	if (err == ERR_OK && !out->certs_dir_count)
		err = list_add_directory(item_of(OPTIONS_CERTS_DIR_DEFAULT),
					 out, f);
	if (err == ERR_OK && !out->registry_count && !out->registries_file)
		err = list_registries(item_of(""), out, f);
	return err == ERR_OK ? check_agreement(set, out, f) : err;
}

/* see options.h */
enum err options_parse(int argc, char *const argv[], struct options *out,
		       struct failure *f)
{
	bool *set = calloc(count_rows() + 1, sizeof(*set));
	enum err err;

	set_defaults(out);
	variables_read_host(out);
	out->json = variables_ask_json() || arguments_ask_json(argc, argv);
	out->registries = calloc(REGISTRIES_MAX, sizeof(*out->registries));
	if (set && out->registries)
		err = read_all(argc, argv, set, out, f);
	else
		err = failure_set(f, ERR_MEMORY, "out of memory");
	free(set);
	return err;
}

/* see options.h */
bool options_looks_only(const struct options *o)
{
	return o->mode == OPTIONS_CHECK && o->offline;
}

/* see options.h */
bool options_shows_text(const struct options *o)
{
	return o->mode == OPTIONS_HELP || o->mode == OPTIONS_VERSION;
}

/* see options.h */
void options_free(struct options *out)
{
	free(out->registries);
	free(out->registries_file);
	free(out->pins);
	free(out->ca_file);
	free(out->docker);
	for (size_t i = 0; i < out->certs_dir_count; i++)
		free(out->certs_dirs[i]);
	out->certs_dir_count = 0;
	out->registries = NULL;
	out->registries_file = NULL;
	out->pins = NULL;
	out->ca_file = NULL;
	out->docker = NULL;
}

/* see options.h */
size_t options_pins_for(const struct options *o,
			const struct registry *registry,
			struct fingerprint out[static PINS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < o->pin_count; i++)
		if (!*o->pins[i].reference ||
		    !strcmp(o->pins[i].reference, registry->reference))
			out[count++] = o->pins[i].fingerprint;
	return count;
}

/* see options.h */
bool options_names(const struct options *o, struct bytes reference)
{
	for (size_t i = 0; i < o->pin_count; i++)
		if (reference.len &&
		    bytes_equal(bytes_of(o->pins[i].reference), reference))
			return true;
	return false;
}

/* see options.h */
const char *options_certs_dir(const struct options *o)
{
	return o->certs_dir_count ? o->certs_dirs[0]
				  : OPTIONS_CERTS_DIR_DEFAULT;
}
