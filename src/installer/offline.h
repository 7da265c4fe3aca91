/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --check --offline: what can be said of a registry's directory when nobody is
 * asked. Installer only. Pure.
 */
#ifndef INSTALLER_OFFLINE_H
#define INSTALLER_OFFLINE_H

#include "installer/job.h"
#include "installer/report/report.h"

/*
 * Fill REPORT's state, warnings and end from O, the report of a probe of
 * JOB_READ about TURN. REPORT_PRESENT when Docker reads the directory and a
 * certificate in it that is valid now; with pins one that is pinned; with a CA
 * file all that it names, and one of them valid.
 *
 * Not checked, and not said: that Docker accepts the server with it.
 */
void offline_check(const struct options *options, const struct turn *turn,
		   const struct outcome *o, struct report *report);

#endif
