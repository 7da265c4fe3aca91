/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Command line and variables; see options.h. What there is to read stands in
 * options_table.c.
 */
#include "installer/options/options.h"

#include <stdlib.h>
#include <string.h>

#include "installer/options/table.h"
#include "installer/options/values.h"

/* Whoever asks for help gets it, whatever else the line says. */
static enum err read_mode(enum options_mode mode, struct options *out,
			  struct failure *f)
{
	bool shows_text = mode == OPTIONS_HELP || mode == OPTIONS_VERSION;

	if (out->mode == OPTIONS_HELP || out->mode == OPTIONS_VERSION)
		return ERR_OK;
	if (out->mode != OPTIONS_TRUST && out->mode != mode && !shows_text)
		return failure_set(f, ERR_USAGE,
				   "--check, --show and --remove exclude each "
				   "other");
	out->mode = mode;
	return ERR_OK;
}

static enum err read_on_change(const char *name, const char *value,
			       struct options *out, struct failure *f)
{
	static const char *const words[] = {[POLICY_REFUSE] = "refuse",
					    [POLICY_ADD] = "add",
					    [POLICY_REPLACE] = "replace"};
	size_t index;
	enum err err = value_word(name, value, words,
				  sizeof(words) / sizeof(words[0]), &index, f);

	if (err == ERR_OK)
		out->on_change = (enum policy_on_change)index;
	return err;
}

static enum err read_output(const char *name, const char *value,
			    struct options *out, struct failure *f)
{
	static const char *const words[] = {"text", "json"};
	size_t index = 1;
	enum err err =
		value ? value_word(name, value, words, 2, &index, f) : ERR_OK;

	out->json = err == ERR_OK && index == 1;
	return err;
}

static enum err read_certs_dir(const char *name, const char *value,
			       struct options *out, struct failure *f)
{
	size_t len = strlen(value);

	if (len == 0 || len >= sizeof(out->certs_dir))
		return failure_set(f, ERR_USAGE,
				   "%s: the path is empty or longer than %zu "
				   "characters",
				   name, sizeof(out->certs_dir) - 1);
	memcpy(out->certs_dir, value, len + 1);
	while (len > 1 && out->certs_dir[len - 1] == '/')
		out->certs_dir[--len] = '\0';
	return ERR_OK;
}

/* NAME is the flag or the variable, whichever said it; VALUE is NULL for a
 * flag without argument. */
static enum err read_value(const struct option *option, const char *name,
			   const char *value, struct options *out,
			   struct failure *f)
{
	char *field = (char *)out + option->field;
	const char *text = value ? value : "";

	switch (option->kind) {
	case KIND_MODE:
		return read_mode((enum options_mode)option->choice, out, f);
	case KIND_SWITCH:
		*(bool *)field = true;
		return value ? value_switch(name, value, (bool *)field, f)
			     : ERR_OK;
	case KIND_DURATION:
		return value_duration(name, text, option->choice,
				      (int64_t *)(void *)field, f);
	case KIND_FILE:
		*(const char **)(void *)field = text;
		return *text ? ERR_OK
			     : failure_set(f, ERR_USAGE, "%s: no path given",
					   name);
	case KIND_RELEASE:
		*(const char **)(void *)field = text;
		return text[strspn(text, "0123456789.")] || !*text
			       ? failure_set(f, ERR_USAGE,
					     "%s: \"%s\" is not a release "
					     "like 29.7",
					     name, text)
			       : ERR_OK;
	case KIND_PINS:
		return value_pins(text, out->pins, &out->pin_count, f);
	case KIND_ON_CHANGE:
		return read_on_change(name, text, out, f);
	case KIND_OUTPUT:
		return read_output(name, value, out, f);
	case KIND_CERTS_DIR:
		return read_certs_dir(name, text, out, f);
	}
	return ERR_OK;
}

/* The variables of all options that no flag has SET. */
static enum err read_variables(const bool set[OPTION_COUNT],
			       struct options *out, struct failure *f)
{
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const char *name = options_table[i].variable;
		const char *value = name && !set[i] ? getenv(name) : NULL;
		enum err err;

		if (!value || !*value)
			continue;
		err = read_value(&options_table[i], name, value, out, f);
		if (err != ERR_OK)
			return err;
	}
	return ERR_OK;
}

static const struct option *find_option(const char *text, size_t len)
{
	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (strlen(options_table[i].flag) == len &&
		    !strncmp(options_table[i].flag, text, len))
			return &options_table[i];
	return NULL;
}

/* ARGV[*AT] begins with a hyphen; *AT moves on to a separate argument. */
static enum err read_flag(int argc, char *const argv[], int *at,
			  bool set[OPTION_COUNT], struct options *out,
			  struct failure *f)
{
	const char *text = argv[*at];
	const char *equals = strchr(text, '=');
	size_t len = equals ? (size_t)(equals - text) : strlen(text);
	const struct option *option = find_option(text, len);
	const char *value = equals ? equals + 1 : NULL;

	if (!option)
		return failure_set(f, ERR_USAGE,
				   "there is no option %.*s; see --help",
				   (int)len, text);
	if (!option->argument && value)
		return failure_set(f, ERR_USAGE, "%s takes no argument",
				   option->flag);
	if (option->argument && !value) {
		if (*at + 1 == argc)
			return failure_set(f, ERR_USAGE, "%s needs a %s",
					   option->flag, option->argument);
		value = argv[++*at];
	}
	set[option - options_table] = true;
	return read_value(option, option->flag, value, out, f);
}

static enum err read_arguments(int argc, char *const argv[],
			       bool set[OPTION_COUNT], struct options *out,
			       struct failure *f)
{
	bool flags = true;

	for (int i = 1; i < argc; i++) {
		enum err err;

		if (flags && !strcmp(argv[i], "--")) {
			flags = false;
			continue;
		}
		/* A space inside one argument is a mistake of quoting. */
		if (flags && argv[i][0] == '-')
			err = read_flag(argc, argv, &i, set, out, f);
		else
			err = value_registries(argv[i], ",", out->registries,
					       &out->registry_count, f);
		if (err != ERR_OK)
			return err;
	}
	return ERR_OK;
}

static enum err check_agreement(const struct options *o, struct failure *f)
{
	const char *why = NULL;

	if (o->ca_file && o->pin_count)
		why = "--pin and --ca-file both name what to install; give one";
	else if (o->offline && !o->ca_file)
		why = "--offline has nothing to install without --ca-file";
	else if (o->mode != OPTIONS_TRUST && o->ca_file)
		why = "--ca-file installs; --check, --show and --remove do not";
	else if (o->every_ms && o->mode != OPTIONS_TRUST &&
		 o->mode != OPTIONS_CHECK)
		why = "--every repeats the main job or --check, nothing else";
	else if (o->every_ms && o->ca_file && !strcmp(o->ca_file, "-"))
		why = "--every cannot read standard input again; name a file";
	else if (o->splay_ms && !o->every_ms)
		why = "--splay goes with --every";
	else if (o->timeout_ms == 0)
		why = "--timeout: it must be more than 0";
	return why ? failure_set(f, ERR_USAGE, "%s", why) : ERR_OK;
}

static const char *either(const char *first, const char *second)
{
	const char *value = getenv(first);

	return value && *value ? value : getenv(second);
}

static enum err read_registries(struct options *out, struct failure *f)
{
	const char *names = getenv("DTR_DOMAIN_NAME");

	if (out->registry_count)
		return ERR_OK;
	if (!names || !*names)
		return failure_set(f, ERR_USAGE,
				   "no registry named; set DTR_DOMAIN_NAME or "
				   "give host[:port]");
	return value_registries(names, " ,", out->registries,
				&out->registry_count, f);
}

/* see options.h */
enum err options_parse(int argc, char *const argv[], struct options *out,
		       struct failure *f)
{
	bool set[OPTION_COUNT] = {false};
	enum err err;

	memset(out, 0, sizeof(*out));
	out->timeout_ms = TIMEOUT_DEFAULT_MS;
	out->expiry_ms = EXPIRY_DEFAULT_MS;
	memcpy(out->certs_dir, OPTIONS_CERTS_DIR_DEFAULT,
	       sizeof(OPTIONS_CERTS_DIR_DEFAULT));
	out->https_proxy = either("HTTPS_PROXY", "https_proxy");
	out->no_proxy = either("NO_PROXY", "no_proxy");
	out->in_image = getenv("container") != NULL;
	out->registries = calloc(REGISTRIES_MAX, sizeof(*out->registries));
	if (!out->registries)
		return failure_set(f, ERR_USAGE, "out of memory");
	err = read_arguments(argc, argv, set, out, f);
	if (err == ERR_OK && out->mode != OPTIONS_HELP &&
	    out->mode != OPTIONS_VERSION)
		err = read_variables(set, out, f);
	if (err != ERR_OK || out->mode == OPTIONS_HELP ||
	    out->mode == OPTIONS_VERSION)
		return err;
	err = read_registries(out, f);
	return err == ERR_OK ? check_agreement(out, f) : err;
}

/* see options.h */
void options_free(struct options *out)
{
	free(out->registries);
	out->registries = NULL;
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
		    strlen(o->pins[i].reference) == reference.len &&
		    !memcmp(o->pins[i].reference, reference.data,
			    reference.len))
			return true;
	return false;
}
