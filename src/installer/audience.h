/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The facts on which the readers of certs.d will act, for policy/consumers.h:
 * from the directory, the name, the verdict and what the server answered.
 * Installer only. Pure.
 */
#ifndef INSTALLER_AUDIENCE_H
#define INSTALLER_AUDIENCE_H

#include "installer/daemon.h"
#include "installer/job.h"
#include "installer/policy/consumers.h"
#include "installer/report/report.h"

/* Is there a .crt that consumers may read, and that was not read here? */
bool audience_misses_file(const struct survey *survey,
			  const struct options *options);

/*
 * Fill OUT for TURN's registry, whose server gave O and for which REPORT holds
 * the verdict of what was done; DAEMON is what is known of this host's Docker,
 * of which OPTIONS may name the image store. A token service on another host or
 * port counts as unseen until audience_heed_service, and so does where /v2/
 * leads until audience_heed_redirect.
 */
void audience_gather(const struct turn *turn, const struct options *options,
		     const struct daemon *daemon, const struct outcome *o,
		     const struct report *report, struct consumer_facts *out);

/* What GET /v2/ brought, in the words of the table. */
enum consumer_reply audience_reply(const struct outcome *o);

/* The token service that O names. On the registry's own host and port it has
 * the registry's certificate; elsewhere it is unseen. */
enum consumer_token audience_token(const struct outcome *o);

/*
 * Add to FACTS of a registry what became of its token service: O and REPORT of
 * a probe of it, judged with the registry's directory as it is now.
 */
void audience_heed_service(const struct outcome *o, const struct report *report,
			   struct consumer_facts *facts);

/*
 * Add to FACTS of REGISTRY what became of the host to which its /v2/ leads: O
 * and REPORT of a probe of it, judged with the registry's directory. Where it
 * could not be told, FACTS stay as they are.
 */
void audience_heed_redirect(const struct registry *registry,
			    const struct outcome *o,
			    const struct report *report,
			    struct consumer_facts *facts);

#endif
