/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hosts that a registry names and that are looked at, so that what is said of
 * the registry is true: its token service, and where its /v2/ leads. Nothing is
 * written for the latter, nor for the former where nobody asked for it.
 * Installer only.
 */
#ifndef INSTALLER_LOOK_H
#define INSTALLER_LOOK_H

#include "installer/report/report.h"
#include "installer/round.h"

/* Conclude from O, of a host that was only looked at, into REPORT: covered by
 * what is installed for TURN's registry, or not. */
void look_conclude(const struct turn *turn, const struct options *options,
		   const struct outcome *o, struct report *report);

/* The same where it could not be looked at: REPORT is a failure no longer. */
void look_give_up(struct report *report);

/*
 * Hand on what the readers of certs.d will do after TASK, whose answer is in
 * ROUND: in REPORT, or where another host is still to be looked at, in that
 * one's report.
 */
void look_heed(const struct round *round, struct task *task,
	       const struct turn *turn, struct report *report);

/*
 * Have ROUND ask next whom the answer to TASK names, to install its CA where
 * the operator speaks for a token service, and else to look at it, where what
 * was asked holds: nobody else chooses whom we connect to. One redirection is
 * followed, and no token service of a token service.
 */
void look_follow(struct round *round, const struct task *task,
		 const struct turn *turn, const struct report *report);

#endif
