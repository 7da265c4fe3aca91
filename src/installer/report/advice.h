/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What to do about a failure: a command for each cause, for the way in which
 * this run was started. Installer only.
 */
#ifndef INSTALLER_REPORT_ADVICE_H
#define INSTALLER_REPORT_ADVICE_H

#include <stdio.h>

#include "installer/report/report.h"

/* Print as details what to do about F, which concerns REGISTRY in CERTS_DIR;
 * or, where REGISTRY is NULL, all of CERTS_DIR. */
void advice_print(FILE *to, const struct failure *f, const char *certs_dir,
		  const struct options *o, const struct registry *registry);

/* The same in one sentence, written to OUT of SIZE bytes. */
void advice_write(char *out, size_t size, const struct failure *f,
		  const char *certs_dir, const struct options *o,
		  const struct registry *registry);

#endif
