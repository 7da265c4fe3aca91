/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads the operator's CA file and leaves everything but certificates out;
 * see operator_file.h.
 */
#include "installer/inputs/operator_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define DER_SEQUENCE 0x30

static const char begin_mark[] = "-----BEGIN ";
static const char end_mark[] = "-----END ";
static const char dashes[] = "-----";

struct raw {
	size_t len;
	uint8_t data[CRT_BYTES_MAX];
};

static enum err fail(struct failure *f, const char *path, const char *why)
{
	return failure_set(f, ERR_USAGE, "--ca-file %s: %s",
			   strcmp(path, "-") ? path : "(standard input)", why);
}

static const char *fill(int fd, struct raw *raw)
{
	while (raw->len < sizeof(raw->data)) {
		ssize_t n = read(fd, raw->data + raw->len,
				 sizeof(raw->data) - raw->len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return strerror(errno);
		if (n == 0)
			return raw->len ? NULL : "it is empty";
		raw->len += (size_t)n;
	}
	return "it is too large for a CA file";
}

static enum err read_raw(const char *path, struct raw *raw, struct failure *f)
{
	bool is_stdin = !strcmp(path, "-");
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	const char *why = fd < 0 ? strerror(errno) : fill(fd, raw);

	if (!is_stdin && fd >= 0)
		close(fd);
	return why ? fail(f, path, why) : ERR_OK;
}

static struct bytes find(struct bytes in, const char *mark)
{
	size_t len = strlen(mark);
	const uint8_t *at = in.len ? memmem(in.data, in.len, mark, len) : NULL;

	if (!at)
		return (struct bytes){NULL, 0};
	return (struct bytes){at, in.len - (size_t)(at - in.data)};
}

static bool is_text(struct bytes b, const char *text)
{
	return b.len == strlen(text) && !memcmp(b.data, text, b.len);
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

/* Take the block that begins REST and move past it. */
static const char *take_block(struct bytes *rest, struct operator_file *out)
{
	struct bytes end = find(*rest, end_mark);
	static const char why[] = "a BEGIN line has no END line of its kind";
	struct bytes label, end_label;
	size_t len;

	if (!read_label(*rest, begin_mark, &label) || !end.len ||
	    !read_label(end, end_mark, &end_label) ||
	    !bytes_equal(label, end_label))
		return why;
	len = (size_t)(end_label.data - rest->data) + end_label.len +
	      strlen(dashes);
	/* A reader of PEM would pass over the block that was cut. */
	if (find((struct bytes){rest->data + 1, len - 1}, begin_mark).len)
		return why;
	if (is_text(label, "CERTIFICATE"))
		keep_block(out, (struct bytes){rest->data, len});
	else if (find(label, "PRIVATE KEY").len)
		out->has_key = true;
	else
		out->has_other = true;
	rest->data += len;
	rest->len -= len;
	return NULL;
}

/* PKCS#1, PKCS#8 and SEC 1 keys are a SEQUENCE that begins with an INTEGER, a
 * certificate is one that begins with a SEQUENCE. */
static bool is_der_key(const struct raw *raw)
{
	size_t header = raw->data[1] < 0x80 ? 2 : 2U + (raw->data[1] & 0x7f);

	return header < raw->len && raw->data[header] != DER_SEQUENCE;
}

static const char *take_all(struct raw *raw, struct operator_file *out)
{
	struct bytes all = {raw->data, raw->len};
	struct bytes rest;

	if (!find(all, begin_mark).len && all.len > 1 &&
	    raw->data[0] == DER_SEQUENCE) {
		if (is_der_key(raw))
			return "it is a private key";
		append(out, raw->data, raw->len);
		return NULL;
	}
	straighten(raw);
	rest = find((struct bytes){raw->data, raw->len}, begin_mark);
	while (rest.len) {
		const char *why = take_block(&rest, out);

		if (why)
			return why;
		rest = find(rest, begin_mark);
	}
	if (out->block_count)
		return NULL;
	if (out->has_key)
		return "it holds a private key and no certificate";
	return out->has_other ? "its blocks are not labelled CERTIFICATE; "
				"convert it with openssl x509"
			      : "it holds no certificate";
}

/* see operator_file.h */
enum err operator_file_read(const char *path, struct operator_file *out,
			    struct failure *f)
{
	struct raw raw;
	const char *why;
	enum err err;

	out->has_key = false;
	out->has_other = false;
	out->block_count = 0;
	out->content = (struct bytes){out->storage, 0};
	raw.len = 0;
	err = read_raw(path, &raw, f);
	if (err == ERR_OK) {
		why = take_all(&raw, out);
		if (why)
			err = fail(f, path, why);
	}
	/* No probe may inherit the key. */
	explicit_bzero(&raw, sizeof(raw));
	return err;
}
