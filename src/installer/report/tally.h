/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reports of one round together, as one line. Installer only.
 */
#ifndef INSTALLER_REPORT_TALLY_H
#define INSTALLER_REPORT_TALLY_H

#include <stddef.h>

#include "installer/report/report.h"

enum tally_kind {
	TALLY_TRUSTED,
	TALLY_PRESENT,
	TALLY_SHOWN,
	TALLY_REMOVED,
	TALLY_ABSENT,
	TALLY_UNREACHED,
	TALLY_USAGE,
	TALLY_UNLISTED,
	TALLY_REFUSED,
	TALLY_UNWRITTEN,
	TALLY_DOCKER,
	TALLY_UNFIT,
	TALLY_COUNT_
};

/* How many registries ended how, and how many of their token services ended
 * otherwise than well. */
struct tally {
	size_t ended[TALLY_COUNT_];
	size_t services[TALLY_COUNT_];
	bool leads_away; /* ... among which hosts to which a /v2/ leads */
	size_t total;	 /* registries, each once for each certs.d */
};

/* Count R. */
void tally_add(struct tally *t, const struct report *r);

/* Print one line that sums T up on standard output, where there are several
 * registries, or one in several of O's directories. IS_CUT: a
 * signal came before others had their turn, or its end. */
void tally_print(const struct tally *t, const struct options *o, bool is_cut);

#endif
