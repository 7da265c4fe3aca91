/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --check: what a run would find, and nothing written. Installer only.
 */
#ifndef INSTALLER_CHECK_H
#define INSTALLER_CHECK_H

#include "installer/facts.h"
#include "installer/report/report.h"

/*
 * Fill REPORT's state, verdict and warnings from FACTS about O for TURN's
 * registry. The decision is that of a run, so that the two never say
 * contrary things: what a run would refuse is refused here for the same cause,
 * and what it has installed is judged as it stands.
 */
void check_registry(const struct options *options, const struct turn *turn,
		    const struct outcome *o, const struct facts *facts,
		    struct report *report);

#endif
