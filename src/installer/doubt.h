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
 * missing may be in it; and in the host's own store, where O's probe saw none,
 * the one of a public CA. Of any other it is only warned that the store was not
 * seen: an organisation may have put its own CA there. */
void doubt_unseen(const struct turn *turn, const struct options *options,
		  const struct outcome *o, struct report *report);

#endif
