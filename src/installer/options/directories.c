/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The list of directories; see lists.h.
 */
#include <string.h>

#include "installer/options/lists.h"
#include "installer/options/values.h"

/* see lists.h */
enum err list_add_directory(struct item value, struct options *o,
			    struct failure *f)
{
	char *path;

	while (value.len > 1 && value.text[value.len - 1] == '/')
		value.len--;
	for (size_t i = 0; i < o->certs_dir_count; i++)
		if (item_equals(value, o->certs_dirs[i]))
			return ERR_OK;
	if (o->certs_dir_count == CERTS_DIRS_MAX)
		return failure_set(f, ERR_USAGE,
				   "--certs-dir: more than %d directories",
				   CERTS_DIRS_MAX);
	path = strndup(value.text, value.len);
	if (!path)
		return failure_set(f, ERR_MEMORY, "out of memory");
	o->certs_dirs[o->certs_dir_count++] = path;
	return ERR_OK;
}

/* ITEM may be several, by colon. */
static enum err add_path(const char *name, struct item item, struct options *o,
			 struct failure *f)
{
	enum err err = ERR_OK;

	while (err == ERR_OK && item.len) {
		const char *colon = memchr(item.text, ':', item.len);
		size_t len = colon ? (size_t)(colon - item.text) : item.len;
		struct item one = {item.text, len};

		if (len)
			err = value_check_path(name, one, f);
		if (err == ERR_OK && len)
			err = list_add_directory(one, o, f);
		item.text += len + (colon != NULL);
		item.len -= len + (colon != NULL);
	}
	return err;
}

/* see lists.h */
enum err list_directories(const char *name, struct item value,
			  struct options *o, struct failure *f)
{
	struct item item;
	enum err err = ERR_OK;

	while (err == ERR_OK && item_next(&value, &item))
		err = add_path(name, item, o, f);
	if (err == ERR_OK && !o->certs_dir_count)
		err = failure_set(f, ERR_USAGE, "%s: no path given", name);
	return err;
}
