/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the installer knows when it decides. What can be seen in bytes is seen
 * here and not believed: which anchors the operator named, which are installed,
 * whether a .crt holds a certificate at all. Installer only. Pure.
 */
#ifndef INSTALLER_FACTS_H
#define INSTALLER_FACTS_H

#include "common/wire.h"
#include "installer/job.h"
#include "installer/policy/policy.h"

/*
 * Which .crt files hold a certificate that Docker can read, by the word of a
 * probe that has had no network. Only its word can turn a directory with
 * certificates into one without: whoever could, would make a change a first
 * use.
 */
struct facts_reading {
	bool is_done;
	struct fingerprint of; /* of what was read: it counts for that only */
	bool any;	       /* one of the files does */
	bool ca_file;	       /* ca.crt does */
};

struct facts {
	struct policy_facts policy;
	/* Files without a certificate that Docker can read: of the survey's
	 * files, 1 << index. Of ca.crt it is known from its bytes or a
	 * reading, of others also by the report's word. */
	unsigned void_files;
	/* ca.crt is one of them, and holds something */
	bool ca_is_void;
	/* the report says that a file of another hand holds none although there
	 * is a block in it: only a reading tells */
	bool needs_reading;
};

/* What O, the report of a probe of JOB_READ about TURN, says of its files. */
struct facts_reading facts_read(const struct turn *turn,
				const struct outcome *o);

/* The same where that probe has failed: every file counts as one that holds a
 * certificate. */
struct facts_reading facts_unread(const struct turn *turn);

/*
 * Gather the facts about O, a report that was decoded, for TURN and OPTIONS;
 * READING is from facts_read or facts_unread, or zero. Where a reading is
 * needed, the facts are the careful ones: something is installed.
 */
void facts_gather(const struct turn *turn, const struct options *options,
		  const struct outcome *o, const struct facts_reading *reading,
		  struct facts *out);

#endif
