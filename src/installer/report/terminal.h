/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What only a terminal gets: bold words and a line of progress. Nothing of it
 * goes into a pipe or a file, and nothing where NO_COLOR is set. Installer
 * only.
 */
#ifndef INSTALLER_REPORT_TERMINAL_H
#define INSTALLER_REPORT_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "installer/options/options.h"

/* Begin and end bold letters on TO. */
void terminal_bold(FILE *to, const struct options *o);
void terminal_plain(FILE *to, const struct options *o);

/* Show on standard error how many of TOTAL registries have ended, over what was
 * shown before. The cursor stays in that line. */
void terminal_progress(const struct options *o, size_t done, size_t total);

/* Take that line away: before anything else is printed, and at the end. */
void terminal_clear(const struct options *o);

#endif
