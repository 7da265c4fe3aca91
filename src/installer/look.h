/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A token service that nobody asked for is looked at and left: whether Docker
 * gets through depends on it. Installer only.
 */
#ifndef INSTALLER_LOOK_H
#define INSTALLER_LOOK_H

#include "installer/round.h"

/* Fill REPORT from O, a capture of a token service that is only looked at:
 * nothing is decided about it. */
void look_at_service(const struct outcome *o, struct report *report);

/* Is the registry of REPORT the one that what is installed vouches for? Nobody
 * else chooses a host that is looked at. */
bool look_holds(const struct report *report);

/*
 * Add to REPORT on TASK, a registry or its token service, what each reader of
 * certs.d will do; not where a report on its token service is to follow, which
 * then says it.
 */
void look_heed(const struct round *round, struct task *task,
	       const struct turn *turn, struct report *report);

#endif
