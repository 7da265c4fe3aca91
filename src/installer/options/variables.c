/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/options/variables.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "common/escape.h"
#include "installer/options/lists.h"
#include "installer/options/near.h"
#include "installer/options/setting.h"
#include "installer/options/table.h"

static const char names_variable[] = "DTR_DOMAIN_NAME";

static const char *either(const char *first, const char *second)
{
	const char *value = getenv(first);

	return value && *value ? value : getenv(second);
}

/* see variables.h */
void variables_read_host(struct options *out)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");
	const char *container = getenv("container");

	out->https_proxy = either("HTTPS_PROXY", "https_proxy");
	out->no_proxy = either("NO_PROXY", "no_proxy");
	/* Any value but the Dockerfile's is another's: of lxc-attach, podman
	 * and many images, in which a Docker may have its own certs.d. */
	out->in_image = container && !strcmp(container, "dtr-trust");
	out->no_color =
		(no_color && *no_color) || (term && !strcmp(term, "dumb"));
}

/* see variables.h */
bool variables_ask_json(void)
{
	const char *value = getenv("DTR_OUTPUT");

	return value && item_is(item_clean(item_of(value)), "json");
}

/* Registries on the command line win over DTR_REGISTRIES as well, and over
 * DTR_PRUNE, which is about that list. */
static bool is_outdone(const struct option *option, const struct options *out)
{
	if (!out->registry_count)
		return false;
	if (option->kind == KIND_FILE)
		return option->field ==
		       offsetof(struct options, registries_file);
	return option->kind == KIND_SWITCH && !out->registries_file &&
	       option->field == offsetof(struct options, prune);
}

/* see variables.h */
enum err variables_read(const bool set[], struct options *out,
			struct failure *f)
{
	const char *names = getenv(names_variable);
	bool has_registries = out->registry_count || out->registries_file;
	enum err err = ERR_OK;

	for (size_t i = 0; options_table[i].flag && err == ERR_OK; i++) {
		const char *name = options_table[i].variable;
		const char *value = name && !set[i] ? getenv(name) : NULL;

		if (value && *value && !is_outdone(&options_table[i], out))
			err = setting_read(&options_table[i], name, value, out,
					   f);
	}
	if (err != ERR_OK || has_registries || !names || !*names)
		return err;
	return list_registries(item_clean(item_of(names)), out, f);
}

static bool is_known(struct item name)
{
	for (const struct option *o = options_table; o->flag; o++)
		if (o->variable && item_equals(name, o->variable))
			return true;
	return item_equals(name, names_variable);
}

static bool begins_with(struct item name, const char *prefix)
{
	size_t len = strlen(prefix);

	return name.len >= len && !strncasecmp(name.text, prefix, len);
}

/* Kubernetes and Docker's links inject these for a service DTR_... */
static bool is_injected(struct item name)
{
	static const char *const marks[] = {"_SERVICE_HOST", "_SERVICE_PORT",
					    "_PORT_", "_ENV_"};
	static const char port[] = "_PORT";
	const size_t len = sizeof(port) - 1;

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (memmem(name.text, name.len, marks[i], strlen(marks[i])))
			return true;
	return name.len > len && !memcmp(name.text + name.len - len, port, len);
}

/* Of a name that does not begin with DTR_, one letter may differ: others have
 * variables too. */
static bool is_near(struct item name, const char *variable)
{
	size_t most = begins_with(name, "DTR_") ? NEAR_MAX : 1;
	size_t len = strlen(variable);

	/* Most are told by their length, which is cheap. */
	if (name.len > len + most || len > name.len + most)
		return false;
	return near_distance(name.text, name.len, variable) <= most;
}

/* The variable for pins that NAME was meant to be, or NULL. */
static const char *find_pin(struct item name)
{
	static const char pin[] = "DTR_PIN";
	static const char require[] = "DTR_REQUIRE_PIN";

	if (is_near(name, require) || begins_with(name, "DTR_REQUIRE"))
		return require;
	return is_near(name, pin) || begins_with(name, pin) ? pin : NULL;
}

/* The row whose flag NAME would be the variable of: DTR_JSON, DTR_CHECK. */
static const struct option *find_flag(struct item name)
{
	if (!begins_with(name, "DTR_"))
		return NULL;
	for (const struct option *o = options_table; o->flag; o++) {
		bool same = strlen(o->flag) - 2 == name.len - 4;

		for (size_t i = 4; i < name.len && same; i++) {
			char c = name.text[i];

			if (c == '_')
				c = '-';
			same = !strncasecmp(&c, &o->flag[i - 2], 1);
		}
		if (same)
			return o;
	}
	return NULL;
}

static const char *find_near(struct item name)
{
	if (is_near(name, names_variable))
		return names_variable;
	for (const struct option *o = options_table; o->flag; o++)
		if (o->variable && is_near(name, o->variable))
			return o->variable;
	return NULL;
}

static void notice(struct notices *notices, const char *name, const char *meant)
{
	if (notices->count < NOTICES_MAX)
		failure_set(&notices->list[notices->count++], ERR_USAGE,
			    "%s is no variable of dtr-trust and was passed "
			    "over; did you mean %s?",
			    name, meant);
}

static enum err check_name(struct item name, struct options *out,
			   struct failure *f)
{
	const struct option *option = find_flag(name);
	const char *pin = find_pin(name);
	const char *near = find_near(name);
	char shown[SHOWN_BYTES];

	escape_text(shown, sizeof(shown), name.text, name.len);
	if (pin)
		return failure_set(f, ERR_USAGE,
				   "%s is no variable of dtr-trust and counts "
				   "for nothing; did you mean %s?",
				   shown, pin);
	if (option && option->kind == KIND_MODE)
		return failure_set(f, ERR_USAGE,
				   "%s is no variable of dtr-trust; give the "
				   "option %s",
				   shown, option->flag);
	if (option && option->variable)
		near = option->variable;
	if (near)
		notice(&out->notices, shown, near);
	return ERR_OK;
}

/* see variables.h */
enum err variables_check(struct options *out, struct failure *f)
{
	enum err err = ERR_OK;

	for (char **at = environ; at && *at && err == ERR_OK; at++) {
		struct item name = {*at, strcspn(*at, "=")};
		bool is_empty =
			!name.text[name.len] || !name.text[name.len + 1];

		if (!is_empty && !is_known(name) && !is_injected(name))
			err = check_name(name, out, f);
	}
	return err;
}
