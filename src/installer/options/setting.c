/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/options/setting.h"

#include <stdlib.h>
#include <string.h>

#include "installer/options/lists.h"
#include "installer/options/values.h"

/* Whoever asks for help gets it, whatever mode is asked for besides. */
static enum err read_mode(enum options_mode mode, struct options *out,
			  struct failure *f)
{
	if (options_shows_text(out))
		return ERR_OK;
	if (out->mode != OPTIONS_TRUST && out->mode != mode &&
	    mode != OPTIONS_HELP && mode != OPTIONS_VERSION)
		return failure_set(f, ERR_USAGE,
				   "--check, --show and --remove exclude each "
				   "other");
	out->mode = mode;
	return ERR_OK;
}

static enum err read_on_change(const char *name, struct item value,
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

static enum err read_store(const char *name, struct item value,
			   struct options *out, struct failure *f)
{
	static const char *const words[] = {"classic", "containerd"};
	size_t index;
	enum err err = value_word(name, value, words, 2, &index, f);

	if (err == ERR_OK)
		out->docker_store = index ? CONSUMER_STORE_CONTAINERD
					  : CONSUMER_STORE_CLASSIC;
	return err;
}

/* VALUE is NULL for --json. */
static enum err read_output(const char *name, const struct item *value,
			    struct options *out, struct failure *f)
{
	static const char *const words[] = {"text", "json"};
	size_t index = 1;
	enum err err =
		value ? value_word(name, *value, words, 2, &index, f) : ERR_OK;

	out->json = err == ERR_OK && index == 1;
	return err;
}

/* The flag names one and may be repeated; its variable names all. */
static enum err read_certs_dir(const char *name, struct item value,
			       struct options *out, struct failure *f)
{
	enum err err = value_check_path(name, value, f);

	if (err != ERR_OK)
		return err;
	return name[0] == '-' ? list_add_directory(value, out, f)
			      : list_directories(name, value, out, f);
}

/* Keep VALUE at FIELD where it was CHECKED; the last of two counts. */
static enum err read_text(enum err checked, struct item value, char **field,
			  struct failure *f)
{
	if (checked != ERR_OK)
		return checked;
	free(*field);
	*field = strndup(value.text, value.len);
	return *field ? ERR_OK : failure_set(f, ERR_MEMORY, "out of memory");
}

static enum err read_argument(const struct option *option, const char *name,
			      struct item value, struct options *out,
			      struct failure *f)
{
	char *field = (char *)out + option->field;
	enum err checked;

	switch (option->kind) {
	case KIND_MODE:
		break;
	case KIND_SWITCH:
		return value_switch(name, value, (bool *)field, f);
	case KIND_DURATION:
		return value_duration(name, value, option->choice,
				      (int64_t *)(void *)field, f);
	case KIND_FILE:
		return read_text(value_check_path(name, value, f), value,
				 (char **)(void *)field, f);
	case KIND_RELEASE:
		checked = value_cut_release(name, &value, f);
		return read_text(checked, value, (char **)(void *)field, f);
	case KIND_PINS:
		return list_pins(value, NULL, out, f);
	case KIND_ON_CHANGE:
		return read_on_change(name, value, out, f);
	case KIND_OUTPUT:
		return read_output(name, &value, out, f);
	case KIND_STORE:
		return read_store(name, value, out, f);
	case KIND_CERTS_DIR:
		return read_certs_dir(name, value, out, f);
	}
	return ERR_OK;
}

/* see setting.h */
enum err setting_read(const struct option *option, const char *name,
		      const char *value, struct options *out, struct failure *f)
{
	if (value)
		return read_argument(option, name, item_clean(item_of(value)),
				     out, f);
	if (option->kind == KIND_MODE)
		return read_mode((enum options_mode)option->choice, out, f);
	if (option->kind == KIND_SWITCH)
		*(bool *)((char *)out + option->field) = true;
	if (option->kind == KIND_OUTPUT)
		return read_output(name, NULL, out, f);
	return ERR_OK;
}
