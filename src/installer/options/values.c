/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Readers of option values; see values.h.
 */
#include "installer/options/values.h"

#include <string.h>
#include <strings.h>

/* see values.h */
enum err value_duration(const char *name, const char *value, int64_t ms_max,
			int64_t *ms, struct failure *f)
{
	static const struct {
		const char *suffix;
		int64_t ms;
	} units[] = {{"ms", 1},
		     {"s", 1000},
		     {"m", 60000},
		     {"h", 3600000},
		     {"d", 86400000}};
	size_t digits = strspn(value, "0123456789");
	int64_t number = 0;

	for (size_t i = 0; i < digits && number <= ms_max; i++)
		number = number * 10 + (value[i] - '0');
	if (digits && number == 0 && !value[digits]) {
		*ms = 0;
		return ERR_OK;
	}
	for (size_t i = 0; digits && i < sizeof(units) / sizeof(units[0]); i++)
		if (!strcmp(value + digits, units[i].suffix) &&
		    number <= ms_max / units[i].ms) {
			*ms = number * units[i].ms;
			return ERR_OK;
		}
	return failure_set(f, ERR_USAGE,
			   "%s: \"%s\" is not a time like 500ms, 20s, 5m or "
			   "6h, up to %d s",
			   name, value, (int)(ms_max / 1000));
}

/* see values.h */
enum err value_switch(const char *name, const char *value, bool *on,
		      struct failure *f)
{
	static const char *const words[] = {"0", "false", "no",	 "off",
					    "1", "true",  "yes", "on"};
	size_t index;

	if (value_word(name, value, words, sizeof(words) / sizeof(words[0]),
		       &index, f) != ERR_OK)
		return failure_set(f, ERR_USAGE, "%s: \"%s\" is not 1 or 0",
				   name, value);
	*on = index >= 4;
	return ERR_OK;
}

/* see values.h */
enum err value_word(const char *name, const char *value,
		    const char *const words[], size_t count, size_t *index,
		    struct failure *f)
{
	char list[128] = "";

	for (size_t i = 0; i < count; i++) {
		if (!strcmp(value, words[i])) {
			*index = i;
			return ERR_OK;
		}
		strncat(list, i ? ", " : "", sizeof(list) - strlen(list) - 1);
		strncat(list, words[i], sizeof(list) - strlen(list) - 1);
	}
	return failure_set(f, ERR_USAGE, "%s: \"%s\" is none of: %s", name,
			   value, list);
}

/* `sha256 Fingerprint=` has a space and an equals sign of its own; so has the
 * wrong digest, of which the refusal is to speak. */
static size_t openssl_prefix(const char *text)
{
	static const char mark[] = " fingerprint=";
	size_t digest = strcspn(text, "= ,\n");

	return strncasecmp(text + digest, mark, sizeof(mark) - 1)
		       ? 0
		       : digest + sizeof(mark) - 1;
}

/* Move past `REGISTRY=` if TEXT begins with one. */
static enum err take_scope(const char **text, size_t *len, struct pin *pin,
			   struct failure *f)
{
	const char *equals = memchr(*text, '=', *len);
	struct registry registry;
	enum err err;

	if (!equals || openssl_prefix(*text) ||
	    !strncasecmp(*text, "sha256=", 7))
		return ERR_OK;
	err = registry_parse(*text, (size_t)(equals - *text), &registry, f);
	if (err != ERR_OK)
		return err;
	memcpy(pin->reference, registry.reference, sizeof(pin->reference));
	*len -= (size_t)(equals + 1 - *text);
	*text = equals + 1;
	return ERR_OK;
}

static enum err add_pin(const char *text, size_t len, struct pin pins[PINS_MAX],
			size_t *count, struct failure *f)
{
	struct pin *pin = &pins[*count];
	enum err err;

	if (*count == PINS_MAX)
		return failure_set(f, ERR_USAGE, "more than %d pins", PINS_MAX);
	memset(pin, 0, sizeof(*pin));
	err = take_scope(&text, &len, pin, f);
	if (err == ERR_OK)
		err = fingerprint_parse(text, len, &pin->fingerprint, f);
	if (err == ERR_OK)
		++*count;
	return err;
}

/* The end of one pin that starts at TEXT. */
static size_t pin_len(const char *text)
{
	size_t scope = strcspn(text, "= ,");
	size_t skip = openssl_prefix(text);

	if (!skip && text[scope] == '=')
		skip = openssl_prefix(text + scope + 1)
			       ? scope + 1 + openssl_prefix(text + scope + 1)
			       : 0;
	return skip + strcspn(text + skip, " ,\n");
}

/* see values.h */
enum err value_pins(const char *value, struct pin pins[PINS_MAX], size_t *count,
		    struct failure *f)
{
	const char *next = value + strspn(value, " ,\n");

	if (!*next)
		return add_pin(value, strlen(value), pins, count, f);
	while (*next) {
		size_t len = pin_len(next);
		enum err err = add_pin(next, len, pins, count, f);

		if (err != ERR_OK)
			return err;
		next += len;
		next += strspn(next, " ,\n");
	}
	return ERR_OK;
}

static enum err add_registry(const char *text, size_t len,
			     struct registry *registries, size_t *count,
			     struct failure *f)
{
	struct registry new;
	enum err err = registry_parse(text, len, &new, f);

	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < *count; i++)
		if (!strcmp(registries[i].reference, new.reference))
			return ERR_OK;
	if (*count == REGISTRIES_MAX)
		return failure_set(f, ERR_USAGE, "more than %d registries",
				   REGISTRIES_MAX);
	registries[(*count)++] = new;
	return ERR_OK;
}

/* see values.h */
enum err value_registries(const char *value, const char *separators,
			  struct registry *registries, size_t *count,
			  struct failure *f)
{
	const char *next = value + strspn(value, separators);

	if (!*next)
		return add_registry(value, strlen(value), registries, count, f);
	while (*next) {
		size_t len = strcspn(next, separators);
		enum err err = add_registry(next, len, registries, count, f);

		if (err != ERR_OK)
			return err;
		next += len;
		next += strspn(next, separators);
	}
	return ERR_OK;
}
