/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words of others in a report for people: in quotes, and broken into lines so
 * that each begins under its label. Whoever chose the words cannot paint one
 * that looks like ours on a terminal of 80 columns. Installer only.
 */
#ifndef INSTALLER_QUOTE_H
#define INSTALLER_QUOTE_H

#include <stdio.h>

#include "common/bytes.h"

/* How a detail begins: indentation, its label, a blank. */
#define QUOTE_LABEL "    %-12s "

/*
 * Print TEXT, printable ASCII, in quotes behind LABEL, then AFTER, which is
 * ours ("" for nothing). Lines break at blanks where there are any, and are
 * indented as far as the first. Nothing is printed for an empty TEXT.
 */
void quote_print(FILE *to, const char *label, struct bytes text,
		 const char *after);

#endif
