/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who prints the reports of a run, one after the other: for people all of them
 * once, then what changed, and their sum at the end of a round; for programs
 * all of them, so that silence is no good news; with --quiet only what changed
 * or is wrong. Installer only.
 */
#ifndef INSTALLER_REPORT_TELLER_H
#define INSTALLER_REPORT_TELLER_H

#include "installer/report/memory.h"
#include "installer/report/report.h"
#include "installer/report/tally.h"

struct teller {
	const struct options *options;
	struct memory *memory; /* of all rounds, or NULL for a single one */
	bool is_repeat;	       /* not the first round */
	size_t registry_count;
	struct tally tally;
	size_t said;
};

/* Count R, and print it as T's options ask. */
void teller_tell(struct teller *t, const struct report *r);

/* The round is over. */
void teller_end(struct teller *t);

#endif
