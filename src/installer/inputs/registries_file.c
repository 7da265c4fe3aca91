/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/inputs/registries_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "installer/inputs/input.h"
#include "installer/options/lists.h"

static const char option[] = "--registries";

/* A comment begins at a # that begins an item. */
static struct item without_comment(struct item line)
{
	for (size_t i = 0; i < line.len; i++)
		if (line.text[i] == '#' &&
		    (i == 0 || memchr(" \t,", line.text[i - 1], 3)))
			line.len = i;
	return line;
}

static bool next_line(struct item *rest, struct item *line)
{
	const char *end;

	if (!rest->len)
		return false;
	end = memchr(rest->text, '\n', rest->len);
	line->text = rest->text;
	line->len = end ? (size_t)(end - rest->text) : rest->len;
	rest->text += line->len + (end != NULL);
	rest->len -= line->len + (end != NULL);
	return true;
}

/* *NAMED counts the registries. */
static enum err read_line(struct item line, struct options *o, size_t *named,
			  struct failure *f)
{
	struct item rest = without_comment(line);
	struct item name;
	const struct registry *registry;
	enum err err;

	if (!item_next(&rest, &name))
		return ERR_OK;
	++*named;
	err = list_add_registry(name, o, &registry, f);
	if (err == ERR_OK && item_clean(rest).len)
		err = list_pins(rest, registry, o, f);
	return err;
}

static enum err fail_at(const struct input *in, size_t line, size_t more,
			struct failure *f)
{
	struct failure cause = *f;
	char count[48] = "";

	if (more)
		snprintf(count, sizeof(count), " (and %zu more)", more);
	failure_set(f, cause.code, "%s %s: line %zu: %s%s", option,
		    input_is_stdin(in) ? "(standard input)" : in->path, line,
		    cause.detail, count);
	return failure_advise(f, "nothing was touched; correct the file: a "
				 "line is host[:port] [sha256:HEX]... "
				 "[# comment]");
}

static enum err read_lines(const struct input *in, struct item rest,
			   struct options *o, struct failure *f)
{
	struct failure ignored;
	struct item line;
	size_t number = 0, first = 0, bad = 0, named = 0;

	while (next_line(&rest, &line)) {
		number++;
		if (read_line(line, o, &named, bad ? &ignored : f) == ERR_OK)
			continue;
		if (!bad && f->code != ERR_USAGE)
			return f->code;
		if (bad++ == 0)
			first = number;
	}
	if (bad)
		return fail_at(in, first, bad - 1, f);
	if (named)
		return ERR_OK;
	input_fail(in, "it names no registry", f);
	return failure_advise(f, "give one registry a line, host[:port]");
}

/* see registries_file.h */
enum err registries_file_read(struct options *o, int stop_fd, struct failure *f)
{
	const struct input in = {option, o->registries_file, o->in_image,
				 stop_fd};
	const size_t size = REGISTRIES_FILE_BYTES_MAX + 1; /* see input_read */
	char *text = malloc(size);
	size_t len = 0;
	enum err err;

	o->registry_count = o->named_registry_count;
	o->pin_count = o->named_pin_count;
	if (!text)
		return failure_set(f, ERR_MEMORY, "out of memory");
	err = input_read(&in, text, size, &len, f);
	if (err == ERR_OK)
		err = read_lines(&in, (struct item){text, len}, o, f);
	if (err != ERR_OK)
		o->registry_count = 0;
	free(text);
	return err;
}
