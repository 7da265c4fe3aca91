/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A report for people about what is installed, where nobody was asked.
 * Installer only.
 */
#ifndef INSTALLER_REPORT_INSTALLED_H
#define INSTALLER_REPORT_INSTALLED_H

#include <stdio.h>

#include "installer/report/report.h"

/* Print R, of --check --offline and no failure. Nothing in it says what Docker
 * makes of the server. */
void installed_print(FILE *to, const struct report *r);

#endif
