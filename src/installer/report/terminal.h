/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What only a terminal gets: bold words and a line of progress. Nothing of it
 * goes into a pipe or a file, and nothing where NO_COLOR is set or TERM is
 * dumb. Installer only.
 */
#ifndef INSTALLER_REPORT_TERMINAL_H
#define INSTALLER_REPORT_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "installer/options/options.h"

/* Begin and end bold letters on TO, which holds what is for standard error or,
 * where that is not so, for standard output. */
void terminal_bold(FILE *to, bool is_error, const struct options *o);
void terminal_plain(FILE *to, bool is_error, const struct options *o);

/* How far a round is. */
struct terminal_progress {
	size_t done, total; /* registries */
	/* Who has been waited for the longest, and for how long; or NULL. */
	const char *name;
	int64_t ms;
	int64_t pause_ms; /* more than 0: nobody, it is asked again then */
};

/* Is there somebody to look at it? */
bool terminal_shows_progress(const struct options *o);

/*
 * Show P on standard error, over what was shown before; the cursor stays in
 * that line. It is cut where the terminal ends, so that it is always one, and
 * that end is asked for each time: a window may have another size by now.
 * Nothing where nothing is waited for, or O asks for less.
 */
void terminal_show(const struct options *o, const struct terminal_progress *p);

/* Take that line away: before anything else is printed, and at the end. */
void terminal_clear(const struct options *o);

#endif
