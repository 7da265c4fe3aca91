/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A refusal for people: what was offered, why it is refused, by whose words,
 * and the command that accepts exactly that, where one may. With the parts that
 * other reports have as well. Installer only.
 */
#ifndef INSTALLER_REPORT_REFUSAL_H
#define INSTALLER_REPORT_REFUSAL_H

#include <stdio.h>

#include "installer/report/report.h"

/* Print R, whose exit code is REPORT_EXIT_REFUSED. */
void refusal_print(FILE *to, const struct report *r);

/* Print the name of R's registry and how it ended, SENTENCE, in bold on a
 * terminal, and REST behind it: one line, or as many as 80 columns take. */
void refusal_print_first(FILE *to, const struct report *r, const char *sentence,
			 const char *rest);

/* Print that the server did not prove its key, and what to do. */
void refusal_print_unproven(FILE *to);

/* That nothing was written for whom R is about; of a token service's registry
 * something may have been. */
static inline const char *refusal_unwritten(const struct report *r)
{
	return r->service ? "nothing was written for that host"
			  : "nothing was written for this registry";
}

/* Whom R is about, in a sentence: registry, token service, or other host. */
static inline const char *refusal_whom(const struct report *r)
{
	if (!r->service)
		return "registry";
	return r->is_redirect ? "other host" : "token service";
}

/* Print Docker's words about R's server, then ours: what it means, what helps,
 * who can do it. */
void refusal_print_verdict(FILE *to, const struct report *r);

/* Print the command that installs what has FLAG (enum wire_certificate_flag) by
 * its pins, and nothing else: who answers when it is run may be another; by the
 * operator's file where one is given, for a server need not send what is in it.
 * Of a token service with the pins of what is installed, which the registry
 * needs; where nothing is, with pins for that service alone. They do what
 * --trust-token-host did.
 */
void refusal_print_command(FILE *to, const struct report *r, unsigned flag);

/* Print how another node installs what was a first use here. */
void refusal_print_elsewhere(FILE *to, const struct report *r);

/* Print how to install what R's server offers, by its pin. */
void refusal_print_offer(FILE *to, const struct report *r);

#endif
