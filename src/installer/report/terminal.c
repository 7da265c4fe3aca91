/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/report/terminal.h"

#include <unistd.h>

static bool is_terminal(FILE *file, const struct options *o)
{
	return !o->no_color && isatty(fileno(file));
}

/* see terminal.h */
void terminal_bold(FILE *to, const struct options *o)
{
	if (is_terminal(to, o))
		fprintf(to, "\x1b[1m");
}

/* see terminal.h */
void terminal_plain(FILE *to, const struct options *o)
{
	if (is_terminal(to, o))
		fprintf(to, "\x1b[0m");
}

/* see terminal.h */
void terminal_progress(const struct options *o, size_t done, size_t total)
{
	if (o->json || total < 2 || done == total || !is_terminal(stderr, o))
		return;
	fflush(stdout);
	fprintf(stderr, "\r%zu of %zu registries\x1b[K", done, total);
}

/* see terminal.h */
void terminal_clear(const struct options *o)
{
	if (!o->json && is_terminal(stderr, o))
		fprintf(stderr, "\r\x1b[K");
}
