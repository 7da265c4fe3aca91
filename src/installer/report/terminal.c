/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/report/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include "installer/report/output.h"

/* Of a terminal that does not say how wide it is. */
#define COLUMNS_DEFAULT 80

static bool is_terminal(int fd, const struct options *o)
{
	return !o->no_color && isatty(fd);
}

/* see terminal.h */
void terminal_bold(FILE *to, bool is_error, const struct options *o)
{
	if (is_terminal(is_error ? STDERR_FILENO : STDOUT_FILENO, o))
		fprintf(to, "\x1b[1m");
}

/* see terminal.h */
void terminal_plain(FILE *to, bool is_error, const struct options *o)
{
	if (is_terminal(is_error ? STDERR_FILENO : STDOUT_FILENO, o))
		fprintf(to, "\x1b[0m");
}

/* see terminal.h */
bool terminal_shows_progress(const struct options *o)
{
	return !o->json && !o->quiet && is_terminal(STDERR_FILENO, o);
}

static int columns(void)
{
	struct winsize size;

	return !ioctl(STDERR_FILENO, TIOCGWINSZ, &size) && size.ws_col
		       ? size.ws_col
		       : COLUMNS_DEFAULT;
}

/* see terminal.h */
void terminal_show(const struct options *o, const struct terminal_progress *p)
{
	char text[2 * REGISTRY_CHARS_MAX];
	char line[sizeof(text) + sizeof("\r\x1b[K")];
	int len = 0;

	if (!terminal_shows_progress(o) || p->done >= p->total)
		return;
	if (p->total > 1)
		len = snprintf(text, sizeof(text), "%zu of %zu done%s", p->done,
			       p->total, p->name || p->pause_ms ? "; " : "");
	if (p->pause_ms)
		len += snprintf(text + len, sizeof(text) - (size_t)len,
				"asked again in %lld s",
				(long long)(p->pause_ms + 999) / 1000);
	else if (p->name)
		len += snprintf(text + len, sizeof(text) - (size_t)len,
				"waiting for %s, %lld s", p->name,
				(long long)p->ms / 1000);
	if (!len)
		return;
	/* The last column would begin the next line on some terminals. */
	if (len > columns() - 1)
		len = columns() - 1;
	len = snprintf(line, sizeof(line), "\r%.*s\x1b[K", len, text);
	output_text(true, line, (size_t)len);
}

/* see terminal.h */
void terminal_clear(const struct options *o)
{
	if (terminal_shows_progress(o))
		output_text(true, "\r\x1b[K", sizeof("\r\x1b[K") - 1);
}
