/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules for the token service that a registry names: Docker checks it with
 * the registry's own directory, so its CA goes there, but its name is text from
 * a server, and whoever answers for it could answer as the registry with what
 * is then installed. Installer only. Pure.
 */
#ifndef INSTALLER_SERVICE_H
#define INSTALLER_SERVICE_H

#include "installer/job.h"
#include "installer/policy/policy.h"
#include "installer/report/report.h"

/* Is it a token service that is asked, for its registry's directory? */
bool service_is_asked(const struct turn *turn);

/* Was it accepted before, by a ca.crt of ours? Only then can it change. */
bool service_is_known(const struct turn *turn);

/*
 * Read NAME, what a probe says is the token service of REGISTRY, into OUT.
 * False where it is no registry, or is REGISTRY itself in whatever letters.
 */
bool service_parse(const struct registry *registry, struct bytes name,
		   struct registry *out);

/* Is the token service NAME of TURN's registry asked whatever Docker says of
 * the registry, if that is installed? Only where the operator vouches: a pin or
 * a file of the registry, which may reach as far, or --trust-token-host. */
bool service_is_followed(const struct options *options, const struct turn *turn,
			 struct bytes name);

/*
 * What P, the facts about a registry, are for its token service, of which O is.
 * Its anchors join the registry's own, and never replace them. The first
 * service that the operator asks for (--trust-token-host, or a pin or file) is
 * new; one that comes after another has changed.
 */
void service_adjust(const struct turn *turn, const struct outcome *o,
		    struct policy_facts *p);

/* Is the service that was asked, and holds, still to be noted in a ca.crt of
 * ours? */
bool service_lacks_note(const struct turn *turn);

/* Pins and files are about the registry; they may or may not reach as far as
 * its token service. Where nobody asked for that, REPORT is no failure: it was
 * left, or could not be seen. One that they name is asked for. */
void service_conclude(const struct options *options, struct report *report);

#endif
