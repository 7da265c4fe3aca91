/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads tests/data/.../cases.txt (see scripts/go-oracle/pack). For tests and
 * benchmarks: allocates freely and aborts on what it does not understand.
 */
#ifndef TESTS_CASES_H
#define TESTS_CASES_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/bytes.h"

/* The chains that scripts/go-oracle measured; tests run in the top directory.
 */
#define CASES_MEASURED	      "tests/data/go-verdicts/cases.txt"
#define CASE_CERTIFICATES_MAX 12000

struct case_file {
	char *text;
	struct bytes *blob;
	size_t blobs;
	char *next; /* the next case line */
};

struct case_line {
	const char *id, *host;
	int64_t now;
	struct bytes pool[CASE_CERTIFICATES_MAX];
	bool is_pem[CASE_CERTIFICATES_MAX]; /* a PEM file, not a certificate */
	size_t pool_len;
	struct bytes sent[CASE_CERTIFICATES_MAX];
	size_t sent_len;
};

static inline char *cases_read_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	long size;
	char *text;

	if (!f || fseek(f, 0, SEEK_END) || (size = ftell(f)) < 0) {
		perror(path);
		abort();
	}
	rewind(f);
	text = malloc((size_t)size + 1);
	if (!text || fread(text, 1, (size_t)size, f) != (size_t)size)
		abort();
	text[size] = '\0';
	fclose(f);
	return text;
}

static inline struct bytes cases_decode(const char *in)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	uint8_t *out = malloc(strlen(in) + 1);
	unsigned group = 0;
	size_t len = 0;

	if (!out)
		abort();
	for (size_t i = 0; in[i] && in[i] != '='; i++) {
		group = group << 6 | (unsigned)(strchr(digits, in[i]) - digits);
		if (i % 4)
			out[len++] = (uint8_t)(group >> (6 - 2 * (i % 4)));
	}
	return (struct bytes){out, len};
}

static inline void cases_open(struct case_file *f, const char *path)
{
	char *line, *save;

	f->text = cases_read_file(path);
	f->blob = NULL;
	f->blobs = 0;
	line = f->text;
	while (!strncmp(line, "blob\t", 5)) {
		save = strchr(line, '\n');
		*save = '\0';
		if (f->blobs % 256 == 0)
			f->blob = realloc(f->blob,
					  (f->blobs + 256) * sizeof(*f->blob));
		if (!f->blob)
			abort();
		f->blob[f->blobs++] = cases_decode(line + 5);
		line = save + 1;
	}
	f->next = line;
}

static inline void cases_close(struct case_file *f)
{
	for (size_t i = 0; i < f->blobs; i++)
		free((void *)(uintptr_t)f->blob[i].data);
	free(f->blob);
	free(f->text);
}

/* Cut *LINE at the next SEPARATOR and return what stood before it. */
static inline char *cases_cut(char **line, char separator)
{
	char *start = *line, *end;

	if (!start)
		return NULL;
	end = strchr(start, separator);
	if (end)
		*end = '\0';
	*line = end ? end + 1 : NULL;
	return start;
}

static inline size_t cases_list(const struct case_file *f, char *list,
				struct bytes *out, bool *is_pem)
{
	size_t n = 0;
	char *entry;

	if (!strcmp(list, "-"))
		return 0;
	while ((entry = cases_cut(&list, ','))) {
		if (n == CASE_CERTIFICATES_MAX)
			abort();
		if (is_pem) {
			is_pem[n] = *entry == 'p';
			entry++;
		}
		out[n++] = f->blob[strtoul(entry, NULL, 10)];
	}
	return n;
}

/* The next case; false at the end. Texts are views into the file. */
static inline bool cases_next(struct case_file *f, struct case_line *out)
{
	char *line = cases_cut(&f->next, '\n');

	if (!line || !*line)
		return false;
	if (strcmp(cases_cut(&line, '\t'), "case"))
		abort();
	out->id = cases_cut(&line, '\t');
	out->now = strtoll(cases_cut(&line, '\t'), NULL, 10);
	out->host = cases_cut(&line, '\t');
	out->pool_len =
		cases_list(f, cases_cut(&line, '\t'), out->pool, out->is_pem);
	out->sent_len = cases_list(f, line, out->sent, NULL);
	return true;
}

/* The next case whose id begins with ID, of which there must be one. */
static inline void cases_find(struct case_file *f, const char *id,
			      struct case_line *out)
{
	do {
		if (!cases_next(f, out)) {
			fprintf(stderr, "no case %s\n", id);
			abort();
		}
	} while (strncmp(out->id, id, strlen(id)));
}

#endif
