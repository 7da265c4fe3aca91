/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who prints the reports of a run: for people all of them once, then what
 * changed, and their sum at the end of a round; for programs all of them, so
 * that silence is no good news; with --quiet only what changed or is wrong.
 * Reports that are ready in another order than they were asked for are held a
 * moment. Installer only.
 */
#ifndef INSTALLER_REPORT_TELLER_H
#define INSTALLER_REPORT_TELLER_H

#include "installer/report/memory.h"
#include "installer/report/report.h"
#include "installer/report/tally.h"
#include "installer/report/terminal.h"

struct teller_held;

struct teller {
	const struct options *options;
	struct memory *memory; /* of all rounds, or NULL for a single one */
	bool is_repeat;	       /* not the first round */
	size_t registry_count;
	struct tally tally;
	size_t said;
	struct teller_held *held; /* by order */
	size_t held_bytes;
	/* What the line of progress says now; zero where there is none. */
	struct terminal_progress shown;
};

/*
 * Count R, and have it printed as T's options ask: all of it to standard output
 * where its exit code is 0, to standard error otherwise. It is held until
 * teller_release says that nothing of a lower ORDER is to come. Where memory is
 * short, or more than HELD_BYTES_MAX are held, it is printed at once.
 */
void teller_tell(struct teller *t, size_t order, const struct report *r);

/* Print what is held of an order below ORDER. */
void teller_release(struct teller *t, size_t order);

/* Show how far the round is, and of P who is waited for or until when; again
 * only where that is something else in whole seconds. */
void teller_show(struct teller *t, struct terminal_progress p);

/* The round is over, or IS_STOPPED by a signal: print what is held, and the
 * sum. */
void teller_end(struct teller *t, bool is_stopped);

#endif
