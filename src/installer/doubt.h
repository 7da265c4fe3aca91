/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a probe says of Docker, taken back where it was not told all that Docker
 * knows: a client's private key, and files that were not read. Installer only.
 * Pure.
 */
#ifndef INSTALLER_DOUBT_H
#define INSTALLER_DOUBT_H

#include "installer/job.h"
#include "installer/report/report.h"

/* Where a server ends the handshake for want of a client certificate, and the
 * directory has a pair, Docker presents that. What is said then cannot be told:
 * a private key is no probe's business. */
void doubt_pair(const struct turn *turn, struct outcome *o);

/* Where a .crt is there that Docker reads and we did not, the CA that is
 * missing may be in it. */
void doubt_unseen(const struct turn *turn, const struct options *options,
		  struct report *report);

#endif
