/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The main job: decide, write if that is the decision, and say how it ended.
 * Installer only.
 */
#ifndef INSTALLER_TRUST_H
#define INSTALLER_TRUST_H

#include "installer/change.h"
#include "installer/facts.h"
#include "installer/report/report.h"

/*
 * Decide on FACTS about O, a captured chain, for TURN's registry below ROOT
 * (certs.d), do it, and fill REPORT's state, verdict, warnings or failure.
 */
void trust_registry(const struct options *options, int root,
		    const struct turn *turn, const struct outcome *o,
		    const struct facts *facts, struct store_room *room,
		    struct report *report);

/* The verdict of O that DECISION makes the one to print; see policy_act. */
struct wire_verdict trust_verdict(const struct outcome *o,
				  const struct facts *facts,
				  enum policy_decision decision);

#endif
