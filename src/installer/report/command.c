/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/report/command.h"

#include <string.h>

#include "common/escape.h"
#include "common/fingerprint.h"
#include "installer/report/quote.h"

/* A line without the ` \` at its end. A word of 79 columns stands alone:
 * `--pin sha256:...` behind two blanks. */
#define COLUMNS (QUOTE_COLUMNS - 2)
#define INDENT	2

struct line {
	FILE *to;
	int column; /* 0: nothing is printed yet */
};

/* Print WORD, an option with its argument as one, on this line or the next. */
static void put(struct line *l, const char *word)
{
	int len = (int)strlen(word);

	if (l->column && l->column + 1 + len > COLUMNS) {
		fprintf(l->to, " \\\n%*s%s", INDENT, "", word);
		l->column = INDENT + len;
		return;
	}
	l->column += fprintf(l->to, "%s%s", l->column ? " " : "  ", word);
}

/* OPTION and PATH as a word for a shell. */
static void put_path(struct line *l, const char *option, const char *path)
{
	char word[4 * PATH_BYTES_MAX];
	size_t len = strlen(option);

	memcpy(word, option, len);
	escape_shell(word + len, sizeof(word) - len, path);
	put(l, word);
}

/* see command.h */
const char *command_host_path(const char *certs_dir)
{
	return !strncmp(certs_dir, "/etc/", 5) ||
			       !strncmp(certs_dir, "/var/lib/", 9)
		       ? certs_dir
		       : OPTIONS_CERTS_DIR_DEFAULT;
}

/* A certs.d that C works in: INDEX is 0, 1 and so on; NULL behind the last. */
static const char *directory_of(const struct command *c, size_t index)
{
	if (c->certs_dir)
		return index ? NULL : c->certs_dir;
	if (!index)
		return options_certs_dir(c->options);
	return index < c->options->certs_dir_count
		       ? c->options->certs_dirs[index]
		       : NULL;
}

static bool is_default(const struct command *c)
{
	return !directory_of(c, 1) &&
	       !strcmp(directory_of(c, 0), OPTIONS_CERTS_DIR_DEFAULT);
}

static void put_mount(struct line *l, const char *certs_dir)
{
	char both[2 * PATH_BYTES_MAX];

	snprintf(both, sizeof(both), "%s:%s", command_host_path(certs_dir),
		 certs_dir);
	put_path(l, "-v ", both);
}

static void put_container(struct line *l, const struct command *c)
{
	const struct options *o = c->options;
	const char *dir;

	put(l, "docker run --rm");
	if (o->ca_file && !strcmp(o->ca_file, "-"))
		put(l, "-i");
	for (size_t i = 0; (dir = directory_of(c, i)); i++)
		put_mount(l, dir);
	if (c->sees_host_pool)
		put(l, "-v /etc/ssl/certs:/etc/ssl/certs:ro");
	if (o->https_proxy)
		put(l, "-e HTTPS_PROXY");
	if (o->no_proxy)
		put(l, "-e NO_PROXY");
	put(l, "dtr-trust");
}

/* What changes what is written or said; not how long or how often. */
static void put_options(struct line *l, const struct command *c)
{
	const struct options *o = c->options;
	const char *dir;

	for (size_t i = 0; !is_default(c) && (dir = directory_of(c, i)); i++)
		put_path(l, "--certs-dir ", dir);
	/* A pin of one does not name the other, and one of both does. */
	if (o->trust_token_host && !c->pins)
		put(l, "--trust-token-host");
	if (o->all_addresses)
		put(l, "--all-addresses");
	if (o->docker)
		put_path(l, "--docker ", o->docker);
	if (o->docker_store)
		put(l, o->docker_store == CONSUMER_STORE_CLASSIC
			       ? "--docker-store classic"
			       : "--docker-store containerd");
}

static void put_pins(struct line *l, const struct command *c)
{
	for (size_t i = 0; i < c->pin_count; i++) {
		char text[FINGERPRINT_TEXT_BYTES];
		struct fingerprint fp;

		fingerprint_of(c->pins[i], &fp);
		fingerprint_encode(&fp, text);
		put_path(l, c->pin_option, text);
	}
}

/* see command.h */
void command_print(FILE *to, const struct command *c)
{
	struct line l = {to, 0};

	if (c->options->in_image)
		put_container(&l, c);
	else
		put(&l, "dtr-trust");
	put_options(&l, c);
	if (c->option)
		put(&l, c->option);
	if (c->ca_file)
		put_path(&l, "--ca-file ", c->ca_file);
	put_path(&l, "", c->reference ? c->reference : "REGISTRY");
	put_pins(&l, c);
	fprintf(to, "\n");
}
