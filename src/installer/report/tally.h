/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reports of one round together, as one line. Installer only.
 */
#ifndef INSTALLER_REPORT_TALLY_H
#define INSTALLER_REPORT_TALLY_H

#include <stddef.h>

#include "installer/report/report.h"

/* How many registries ended with each exit code, the worst of them. */
struct tally {
	size_t ended[REPORT_EXIT_DOCKER + 1];
	size_t total;
	enum report_exit worst;
};

/* Count R. */
void tally_add(struct tally *t, const struct report *r);

/* Print one line that sums T up on standard output, where there are several.
 * IS_OFFLINE: nobody was asked, and no word says what Docker does. */
void tally_print(const struct tally *t, bool is_offline);

#endif
