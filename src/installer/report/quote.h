/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words of others in a report for people: in quotes, and broken into lines so
 * that each begins under its label. Whoever chose the words cannot paint one
 * that looks like ours on a terminal of 80 columns. Installer only.
 */
#ifndef INSTALLER_REPORT_QUOTE_H
#define INSTALLER_REPORT_QUOTE_H

#include <stdio.h>

#include "common/bytes.h"

/* A terminal's 80 columns without the last, which some leave blank. */
#define QUOTE_COLUMNS 79

/* How a detail begins: indentation, its label, a blank; so many columns. */
#define QUOTE_LABEL	   "    %-12s "
#define QUOTE_INDENT	   17
#define QUOTE_TEXT_COLUMNS (QUOTE_COLUMNS - QUOTE_INDENT)

/*
 * Print TEXT, printable ASCII, in quotes behind LABEL, then AFTER, which is
 * ours ("" for nothing). Lines break at blanks where there are any, and are
 * indented as far as the first. Nothing is printed for an empty TEXT.
 */
void quote_print(FILE *to, const char *label, struct bytes text,
		 const char *after);

#endif
