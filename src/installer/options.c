/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Command line and variables; see options.h. One table says everything about
 * an option: its flag, its variable, its argument, its help, its reader.
 */
#include "installer/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CERTS_DIR_DEFAULT "/etc/docker/certs.d"

struct option {
	const char *flag;
	const char *variable; /* or NULL */
	const char *argument; /* its name in the help; NULL: takes none */
	const char *help;
	/* VALUE is NULL when the option takes no argument. */
	enum err (*read)(const char *value, struct options *out,
			 struct failure *f);
};

static enum err add_registry(const char *text, size_t len, struct options *out,
			     struct failure *f)
{
	struct registry *new = &out->registries[out->registry_count];
	enum err err;

	if (out->registry_count == REGISTRIES_MAX)
		return failure_set(f, ERR_USAGE, "more than %d registries",
				   REGISTRIES_MAX);
	err = registry_parse(text, len, new, f);
	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < out->registry_count; i++)
		if (!strcmp(out->registries[i].reference, new->reference))
			return ERR_OK;
	out->registry_count++;
	return ERR_OK;
}

/* Each part of TEXT between SEPARATORS; empty parts are passed over. */
static enum err add_registries(const char *text, const char *separators,
			       struct options *out, struct failure *f)
{
	const char *next = text + strspn(text, separators);

	if (!*next)
		return add_registry(text, strlen(text), out, f);
	while (*next) {
		size_t len = strcspn(next, separators);
		enum err err = add_registry(next, len, out, f);

		if (err != ERR_OK)
			return err;
		next += len;
		next += strspn(next, separators);
	}
	return ERR_OK;
}

static enum err read_duration(const char *name, const char *value, int64_t *ms,
			      struct failure *f)
{
	static const struct {
		const char *suffix;
		int64_t ms;
	} units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}};
	int64_t number = 0;
	size_t digits = strspn(value, "0123456789");

	for (size_t i = 0; i < digits && number <= TIMEOUT_MAX_MS; i++)
		number = number * 10 + (value[i] - '0');
	for (size_t i = 0; digits && i < sizeof(units) / sizeof(units[0]); i++)
		if (!strcmp(value + digits, units[i].suffix) &&
		    number <= TIMEOUT_MAX_MS / units[i].ms) {
			*ms = number * units[i].ms;
			return ERR_OK;
		}
	return failure_set(f, ERR_USAGE,
			   "%s: \"%s\" is not a time like 500ms, 20s or 5m, "
			   "up to 1h",
			   name, value);
}

static enum err read_timeout(const char *value, struct options *out,
			     struct failure *f)
{
	enum err err = read_duration("--timeout", value, &out->timeout_ms, f);

	if (err == ERR_OK && out->timeout_ms == 0)
		return failure_set(f, ERR_USAGE,
				   "--timeout: it must be more than 0");
	return err;
}

static enum err read_certs_dir(const char *value, struct options *out,
			       struct failure *f)
{
	size_t len = strlen(value);

	if (len == 0 || len >= sizeof(out->certs_dir))
		return failure_set(f, ERR_USAGE,
				   "--certs-dir: the path is empty or longer "
				   "than %zu characters",
				   sizeof(out->certs_dir) - 1);
	memcpy(out->certs_dir, value, len + 1);
	while (len > 1 && out->certs_dir[len - 1] == '/')
		out->certs_dir[--len] = '\0';
	return ERR_OK;
}

static enum err read_on_change(const char *value, struct options *out,
			       struct failure *f)
{
	static const char *const words[] = {[POLICY_REFUSE] = "refuse",
					    [POLICY_ADD] = "add",
					    [POLICY_REPLACE] = "replace"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(value, words[i])) {
			out->on_change = (enum policy_on_change)i;
			return ERR_OK;
		}
	return failure_set(f, ERR_USAGE,
			   "--on-change: \"%s\" is not refuse, add or replace",
			   value);
}

static enum err read_help(const char *value, struct options *out,
			  struct failure *f)
{
	(void)value;
	(void)f;
	out->mode = OPTIONS_HELP;
	return ERR_OK;
}

static enum err read_version(const char *value, struct options *out,
			     struct failure *f)
{
	(void)value;
	(void)f;
	out->mode = OPTIONS_VERSION;
	return ERR_OK;
}

/* In the order of the help text. */
static const struct option options[] = {
	{"--on-change", "DTR_ON_CHANGE", "ACTION",
	 "the server no longer verifies under what is installed:\n"
	 "refuse (default), add (keep the old beside the new), replace",
	 read_on_change},
	{"--timeout", "DTR_TIMEOUT", "TIME",
	 "deadline of one attempt, DNS to last byte: 500ms, 20s\n"
	 "(default), 5m",
	 read_timeout},
	{"--certs-dir", "DTR_CERTS_DIR", "DIR",
	 "where Docker looks (default " CERTS_DIR_DEFAULT ")", read_certs_dir},
	{"--help", NULL, NULL, "this text", read_help},
	{"--version", NULL, NULL, "versions of all that is linked in",
	 read_version},
};

#define OPTION_COUNT (sizeof(options) / sizeof(options[0]))

static enum err read_variables(struct options *out, struct failure *f)
{
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const char *value = options[i].variable
					    ? getenv(options[i].variable)
					    : NULL;
		enum err err;

		if (!value || !*value)
			continue;
		err = options[i].read(value, out, f);
		if (err != ERR_OK)
			return err;
	}
	return ERR_OK;
}

static const struct option *find_option(const char *text, size_t len)
{
	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (strlen(options[i].flag) == len &&
		    !strncmp(options[i].flag, text, len))
			return &options[i];
	return NULL;
}

/* ARGV[*AT] begins with a hyphen; *AT moves on to a separate argument. */
static enum err read_flag(int argc, char *const argv[], int *at,
			  struct options *out, struct failure *f)
{
	const char *text = argv[*at];
	const char *equals = strchr(text, '=');
	size_t len = equals ? (size_t)(equals - text) : strlen(text);
	const struct option *option = find_option(text, len);

	if (!option)
		return failure_set(f, ERR_USAGE,
				   "there is no option %.*s; see --help",
				   (int)len, text);
	if (!option->argument) {
		if (equals)
			return failure_set(f, ERR_USAGE, "%s takes no argument",
					   option->flag);
		return option->read(NULL, out, f);
	}
	if (equals)
		return option->read(equals + 1, out, f);
	if (*at + 1 == argc)
		return failure_set(f, ERR_USAGE, "%s needs an argument: %s",
				   option->flag, option->argument);
	return option->read(argv[++*at], out, f);
}

static enum err read_arguments(int argc, char *const argv[],
			       struct options *out, struct failure *f)
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
			err = read_flag(argc, argv, &i, out, f);
		else
			err = add_registries(argv[i], ",", out, f);
		if (err != ERR_OK)
			return err;
	}
	return ERR_OK;
}

static const char *either(const char *first, const char *second)
{
	const char *value = getenv(first);

	return value && *value ? value : getenv(second);
}

/* see options.h */
enum err options_parse(int argc, char *const argv[], struct options *out,
		       struct failure *f)
{
	const char *names = getenv("DTR_DOMAIN_NAME");
	enum err err;

	memset(out, 0, sizeof(*out));
	out->timeout_ms = TIMEOUT_DEFAULT_MS;
	memcpy(out->certs_dir, CERTS_DIR_DEFAULT, sizeof(CERTS_DIR_DEFAULT));
	out->https_proxy = either("HTTPS_PROXY", "https_proxy");
	out->no_proxy = either("NO_PROXY", "no_proxy");
	out->in_image = getenv("container") != NULL;
	out->registries = calloc(REGISTRIES_MAX + 1, sizeof(*out->registries));
	if (!out->registries)
		return failure_set(f, ERR_USAGE, "out of memory");
	err = read_variables(out, f);
	if (err == ERR_OK)
		err = read_arguments(argc, argv, out, f);
	if (err != ERR_OK || out->mode == OPTIONS_HELP ||
	    out->mode == OPTIONS_VERSION)
		return err;
	if (out->registry_count == 0 && names && *names)
		err = add_registries(names, " ,", out, f);
	if (err == ERR_OK && out->registry_count == 0)
		err = failure_set(f, ERR_USAGE,
				  "no registry named; set DTR_DOMAIN_NAME "
				  "or give host[:port]");
	return err;
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

static void print_option(const struct option *o)
{
	char left[64];
	const char *line = o->help;

	snprintf(left, sizeof(left), "%s%s%s", o->flag, o->argument ? " " : "",
		 o->argument ? o->argument : "");
	while (*line) {
		int len = (int)strcspn(line, "\n");

		printf("  %-20s %.*s\n", left, len, line);
		left[0] = '\0';
		line += len + (line[len] == '\n');
	}
	if (o->variable)
		printf("  %-20s [%s]\n", "", o->variable);
}

/* see options.h */
void options_print_help(void)
{
	printf("usage: dtr-trust [OPTIONS] [REGISTRY...]\n\n"
	       "Make Docker trust a private registry: capture its certificate "
	       "chain, decide,\n"
	       "and write the anchor where Docker looks.\n\n"
	       "  %-20s %s\n  %-20s %s\n  %-20s %s\n",
	       "REGISTRY", "host, host:port, IPv4, [IPv6]:port or a pasted", "",
	       "https:// URL; several by comma or as arguments", "",
	       "[DTR_DOMAIN_NAME, several by space or comma]");
	for (size_t i = 0; i < OPTION_COUNT; i++)
		print_option(&options[i]);
	printf("\nA flag wins over its variable, which stands in brackets.\n"
	       "Exit: 0 trusted, 1 not reached, 2 usage, 3 refused by policy, "
	       "4 not written.\n");
}
