/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/options/arguments.h"

#include <string.h>

#include "common/escape.h"
#include "installer/options/lists.h"
#include "installer/options/near.h"
#include "installer/options/setting.h"
#include "installer/options/table.h"

/* A beginning of this many letters that only one flag has means that flag. */
#define PREFIX_CHARS 3

static const struct option *find_prefix(const char *name, size_t len)
{
	const struct option *found = NULL;

	for (const struct option *o = options_table; o->flag; o++) {
		if (len < PREFIX_CHARS || strncmp(o->flag + 2, name, len) != 0)
			continue;
		if (found)
			return NULL;
		found = o;
	}
	return found;
}

/* The flag that the LEN letters at NAME, without hyphens, were meant to be. */
static const struct option *find_near(const char *name, size_t len)
{
	const struct option *found = find_prefix(name, len);
	size_t best = NEAR_FAR;

	if (found)
		return found;
	for (const struct option *o = options_table; o->flag; o++) {
		size_t distance = near_distance(name, len, o->flag + 2);

		if (distance >= best || distance >= len)
			continue;
		best = distance;
		found = o;
	}
	return found;
}

static enum err refuse_flag(const char *text, size_t len, struct failure *f)
{
	size_t hyphens = strspn(text, "-");
	const struct option *near =
		hyphens < len ? find_near(text + hyphens, len - hyphens) : NULL;
	char shown[SHOWN_BYTES];

	escape_masked(shown, sizeof(shown), text, len);
	return failure_set(f, ERR_USAGE,
			   near ? "there is no option %s; did you mean %s?"
				: "there is no option %s; see --help",
			   shown, near ? near->flag : "");
}

/* The separate argument of OPTION, behind ARGV[*AT]. */
static enum err take_argument(const struct option *option, int argc,
			      char *const argv[], int *at, const char **value,
			      struct failure *f)
{
	const char *next = *at + 1 < argc ? argv[*at + 1] : NULL;

	if (!next)
		return failure_set(f, ERR_USAGE, "%s needs a %s", option->flag,
				   option->argument);
	if (!strncmp(next, "--", 2) && table_find(next, strcspn(next, "=")))
		return failure_set(f, ERR_USAGE,
				   "%s needs a %s, and %.*s is an option",
				   option->flag, option->argument,
				   (int)strcspn(next, "="), next);
	*value = next;
	++*at;
	return ERR_OK;
}

/* ARGV[*AT] begins with a hyphen; *AT moves on to a separate argument. */
static enum err read_flag(int argc, char *const argv[], int *at, bool set[],
			  struct options *out, struct failure *f)
{
	const char *text = argv[*at];
	const char *equals = strchr(text, '=');
	size_t len = equals ? (size_t)(equals - text) : strlen(text);
	const struct option *option = strcmp(text, "-h")
					      ? table_find(text, len)
					      : table_find("--help", 6);
	const char *value = equals ? equals + 1 : NULL;
	enum err err = ERR_OK;

	if (!option)
		return refuse_flag(text, len, f);
	if (!option->argument && value)
		return failure_set(f, ERR_USAGE, "%s takes no argument",
				   option->flag);
	if (option->argument && !value)
		err = take_argument(option, argc, argv, at, &value, f);
	if (err != ERR_OK)
		return err;
	set[option - options_table] = true;
	return setting_read(option, option->flag, value, out, f);
}

/* `dtr-trust help`, as git and docker have it. A registry of such a name has no
 * dot and no port: to Docker it is none. */
static enum err read_word(const char *text, struct options *out,
			  struct failure *f)
{
	for (const struct option *o = options_table; o->flag; o++) {
		if (o->kind != KIND_MODE || strcmp(text, o->flag + 2) != 0)
			continue;
		if (o->choice == OPTIONS_HELP || o->choice == OPTIONS_VERSION)
			return setting_read(o, o->flag, NULL, out, f);
		return failure_set(f, ERR_USAGE,
				   "\"%s\" is no registry; did you mean %s?",
				   text, o->flag);
	}
	return list_registries(item_of(text), out, f);
}

/* see arguments.h */
bool arguments_ask_json(int argc, char *const argv[])
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (!strcmp(argv[i], "--json"))
			return true;
	return false;
}

/* see arguments.h */
enum err arguments_read(int argc, char *const argv[], bool set[],
			struct options *out, struct failure *f)
{
	enum err err = ERR_OK;
	bool flags = true;

	for (int i = 1; i < argc && err == ERR_OK; i++) {
		if (flags && !strcmp(argv[i], "--"))
			flags = false;
		else if (flags && argv[i][0] == '-')
			err = read_flag(argc, argv, &i, set, out, f);
		else if (flags)
			err = read_word(argv[i], out, f);
		else
			err = list_registries(item_of(argv[i]), out, f);
	}
	return err;
}
