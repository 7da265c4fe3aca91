/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A report for people about what is installed, where nobody was asked.
 * Installer only.
 */
#ifndef INSTALLER_REPORT_INSTALLED_H
#define INSTALLER_REPORT_INSTALLED_H

#include <stdio.h>

#include "installer/report/report.h"

/* Print the line of R's ca.crt, as IS_EMPTY also where there is none; after
 * --remove those of which something was removed. */
void installed_print_file(FILE *to, const struct report *r, bool is_empty);

/* Print under which name there is what R's run moved out of ca.crt, or has
 * copied where it failed then; nothing where it did neither. */
void installed_print_aside(FILE *to, const struct report *r);

/* Print R, of --check --offline and no failure. Nothing in it says what Docker
 * makes of the server. */
void installed_print(FILE *to, const struct report *r);

#endif
