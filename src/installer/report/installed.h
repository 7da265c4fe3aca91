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

/* Print R, of --check --offline and no failure. Nothing in it says what Docker
 * makes of the server. */
void installed_print(FILE *to, const struct report *r);

#endif
