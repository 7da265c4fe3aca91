/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/busy.h"

#include "common/clock.h"
#include "common/limits.h"
#include "installer/certs_d/cause.h"

/* see busy.h */
bool busy_is_worth_waiting(int64_t *since_ms, const struct registry *registry,
			   struct failure *f)
{
	int64_t now_ms = clock_ms();

	if (f->code != ERR_STORE || f->cause != CAUSE_BUSY) {
		*since_ms = 0;
		return false;
	}
	if (!*since_ms)
		*since_ms = now_ms;
	if (now_ms - *since_ms < LOCK_WAIT_MS)
		return true;
	failure_set(f, ERR_STORE,
		    "%s: another dtr-trust has been writing for %d s",
		    registry->reference, LOCK_WAIT_MS / 1000);
	f->cause = CAUSE_BUSY;
	return false;
}
