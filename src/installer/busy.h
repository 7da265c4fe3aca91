/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Patience with another dtr-trust that is writing: how long a registry's turn
 * comes back to the lock of certs.d. Does not wait itself. Installer only.
 */
#ifndef INSTALLER_BUSY_H
#define INSTALLER_BUSY_H

#include <stdint.h>

#include "common/error.h"
#include "common/registry.h"

/*
 * F says how a try to write for REGISTRY ended. True when another writer held
 * the lock and LOCK_WAIT_MS have not passed since the first such try: try again
 * in LOCK_RETRY_MS. Where they have, F says so. *SINCE_MS is the moment of that
 * try by clock_ms(), 0 before there was one; one for each registry.
 */
bool busy_is_worth_waiting(int64_t *since_ms, const struct registry *registry,
			   struct failure *f);

#endif
