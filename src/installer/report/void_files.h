/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The .crt files of a directory in which Docker can read no certificate: which
 * they are, and what they are instead. Installer only.
 */
#ifndef INSTALLER_REPORT_VOID_FILES_H
#define INSTALLER_REPORT_VOID_FILES_H

#include <stdio.h>

#include "installer/report/report.h"

/* For people, a detail for each; and what to do next, where a run would mend
 * it. */
void void_files_print(FILE *to, const struct report *r);

/* As the member void_files of a JSON object. */
void void_files_print_json(FILE *to, const struct report *r);

#endif
