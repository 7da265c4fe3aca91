/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --prune: what dtr-trust wrote for registries that the list does not name any
 * more. Installer only.
 */
#ifndef INSTALLER_PRUNE_H
#define INSTALLER_PRUNE_H

#include "installer/round.h"

/*
 * Remove, as --remove does, what was written below each certs.d of ROUND for
 * registries that are none of its own, and report each; with --check say that
 * it would go. To be called when the list was read whole and its registries
 * have had their turn. A certs.d that is not there has nothing in it.
 *
 * ERR_STOPPED when a signal ended it, ERR_MEMORY. From a certs.d that cannot be
 * listed whole nothing is removed; that is reported, and the next one is looked
 * at.
 */
MUST_CHECK enum err prune_unlisted(struct round *round, struct failure *f);

#endif
