/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/inputs/operator_file.h"

#include <stdlib.h>
#include <string.h>

#include "common/escape.h"
#include "installer/inputs/ca_form.h"
#include "installer/inputs/input.h"

#define DER_SEQUENCE 0x30

static const char begin_mark[] = "-----BEGIN ";
static const char end_mark[] = "-----END ";
static const char dashes[] = "-----";

struct raw {
	size_t len;
	uint8_t data[CRT_BYTES_MAX + 1]; /* one more: see input_read */
};

static const char broken[] = "a BEGIN line has no END line of its kind";

static enum err fail_with_form(const struct input *in,
			       const struct ca_form *form, struct failure *f)
{
	const char *at = strstr(form->next, "%s");
	char path[FAILURE_CHARS_MAX];

	input_fail(in, form->what, f);
	if (!at)
		return failure_advise(f, "%s", form->next);
	escape_shell(path, sizeof(path),
		     input_is_stdin(in) ? "FILE" : in->path);
	return failure_advise(f, "%.*s%s%s", (int)(at - form->next), form->next,
			      path, at + 2);
}

static struct bytes find(struct bytes in, const char *mark)
{
	size_t len = strlen(mark);
	const uint8_t *at = in.len ? memmem(in.data, in.len, mark, len) : NULL;

	if (!at)
		return (struct bytes){NULL, 0};
	return (struct bytes){at, in.len - (size_t)(at - in.data)};
}

/* AT begins with a boundary of mark MARK; its label. */
static bool read_label(struct bytes at, const char *mark, struct bytes *label)
{
	struct bytes rest = {at.data + strlen(mark), at.len - strlen(mark)};
	struct bytes end = find(rest, dashes);

	*label = (struct bytes){rest.data, rest.len - end.len};
	return end.len > 0;
}

static void append(struct operator_file *out, const void *data, size_t len)
{
	memcpy(out->storage + out->content.len, data, len);
	out->content.len += len;
}

/* Take out what Go's PEM reader does not take: returns and indentation. Before
 * boundaries are looked for: none may come to be by it in the copy. */
static void straighten(struct raw *raw)
{
	bool at_start = true;
	size_t len = 0;

	for (size_t i = 0; i < raw->len; i++) {
		uint8_t c = raw->data[i];

		if (c == '\r' || (at_start && (c == ' ' || c == '\t')))
			continue;
		raw->data[len++] = c;
		at_start = c == '\n';
	}
	raw->len = len;
}

/* BLOCK is from its BEGIN to behind its END. */
static void keep_block(struct operator_file *out, struct bytes block)
{
	append(out, block.data, block.len);
	append(out, "\n", 1);
	out->block_count++;
}

/* The length of the block that begins REST, with its LABEL; 0 where its END is
 * not its own. */
static size_t measure_block(struct bytes rest, struct bytes *label)
{
	struct bytes end = find(rest, end_mark);
	struct bytes end_label;
	size_t len;

	if (!read_label(rest, begin_mark, label) || !end.len ||
	    !read_label(end, end_mark, &end_label) ||
	    !bytes_equal(*label, end_label))
		return 0;
	len = (size_t)(end_label.data - rest.data) + end_label.len +
	      strlen(dashes);
	/* A reader of PEM would pass over the block that was cut. */
	if (find((struct bytes){rest.data + 1, len - 1}, begin_mark).len)
		return 0;
	return len;
}

static enum err take_blocks(const struct input *in, struct bytes all,
			    struct operator_file *out, struct failure *f)
{
	struct bytes rest = find(all, begin_mark);

	for (; rest.len; rest = find(rest, begin_mark)) {
		struct bytes label;
		size_t len = measure_block(rest, &label);
		struct bytes block = {rest.data, len};

		if (len == 0) {
			input_fail(in, broken, f);
			return failure_advise(f,
					      "fetch it again: it is cut, or "
					      "was pasted in part");
		}
		if (bytes_equal(label, bytes_of("CERTIFICATE"))) {
			const struct ca_form *form = ca_form_of_block(block);

			if (form)
				return fail_with_form(in, form, f);
			keep_block(out, block);
		} else if (find(label, "PRIVATE KEY").len) {
			out->has_key = true;
		}
		rest = bytes_from(rest, len);
	}
	return out->block_count ? ERR_OK
				: fail_with_form(in, ca_form_of_text(all), f);
}

static enum err take_all(const struct input *in, struct raw *raw,
			 struct operator_file *out, struct failure *f)
{
	struct bytes all = {raw->data, raw->len};
	const struct ca_form *form;

	if (all.len > 1 && raw->data[0] == DER_SEQUENCE &&
	    !find(all, begin_mark).len) {
		form = ca_form_of_der(all);
		if (form)
			return fail_with_form(in, form, f);
		append(out, raw->data, raw->len);
		return ERR_OK;
	}
	straighten(raw);
	all.len = raw->len;
	return take_blocks(in, all, out, f);
}

/* see operator_file.h */
enum err operator_file_read(const char *path, bool in_image, int stop_fd,
			    struct operator_file *out, struct failure *f)
{
	const struct input in = {"--ca-file", path, in_image, stop_fd};
	struct raw *raw = malloc(sizeof(*raw));
	enum err err;

	if (!raw)
		return failure_set(f, ERR_MEMORY, "out of memory");
	out->has_key = false;
	out->block_count = 0;
	out->content = (struct bytes){out->storage, 0};
	err = input_read(&in, raw->data, sizeof(raw->data), &raw->len, f);
	if (err == ERR_OK)
		err = take_all(&in, raw, out, f);
	/* No probe may inherit the key. */
	explicit_bzero(raw, sizeof(*raw));
	free(raw);
	return err;
}
