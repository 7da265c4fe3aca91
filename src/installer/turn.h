/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One registry's turn: from what is installed to the probe's job, and from the
 * probe's report to a decision and the bytes to write. Installer only. Calls
 * no other process and touches no file; certificates are opaque bytes here.
 */
#ifndef INSTALLER_TURN_H
#define INSTALLER_TURN_H

#include "common/job.h"
#include "common/wire.h"
#include "installer/certs_d/edit.h"
#include "installer/certs_d/survey.h"
#include "installer/inputs/operator_file.h"
#include "installer/options/options.h"
#include "installer/policy/policy.h"

struct turn {
	/* The registry whose directory it is; job.target is whom to ask, the
	 * same or its token service. */
	const struct registry *registry;
	struct job job;
	struct survey survey;
};

/*
 * Fill TURN's job from its registry, its survey, OPTIONS and the operator's
 * FILE (NULL without one) and the host's own CA bundle; TARGET is whom to ask,
 * NOW in seconds since 1970.
 */
void turn_prepare(struct turn *turn, const struct options *options,
		  const struct operator_file *file, struct bytes host_pool,
		  const struct registry *target, int64_t now);

/* Is it a token service that is asked, for its registry's directory? */
bool turn_is_service(const struct turn *turn);

/* Was it accepted before, by a ca.crt of ours? Only then can it change. */
bool turn_knows_service(const struct turn *turn);

/* Is that still to be noted, in a ca.crt of ours that holds an anchor? */
bool turn_lacks_note(const struct turn *turn, const struct outcome *o);

/*
 * Who vouches for the anchors that O names? Counted here, on the bytes that
 * would be written: the probe's word does not count.
 */
enum policy_vouch turn_vouch(const struct turn *turn, const struct outcome *o);

/* What DECISION, one that writes, makes of ca.crt. Views TURN and O. */
struct edit turn_edit(const struct turn *turn, const struct outcome *o,
		      enum policy_decision decision);

/*
 * The decision about O; VOUCH is from turn_vouch. A token service's anchors
 * are added beside the registry's own, whatever ON_CHANGE says, the first time
 * it is accepted; after that refuse counts for it too, because whoever answers
 * in its place could answer as the registry with what is then installed.
 */
enum policy_decision turn_decide(const struct turn *turn,
				 const struct outcome *o,
				 enum policy_vouch vouch,
				 enum policy_on_change on_change,
				 bool require_pin);

#endif
