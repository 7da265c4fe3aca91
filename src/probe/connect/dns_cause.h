/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why DNS gave no address: libc has one code for silence, refusal and server
 * failure, so each server is asked once more and the head of its answer read.
 * Probe process, before the seal.
 */
#ifndef PROBE_DNS_CAUSE_H
#define PROBE_DNS_CAUSE_H

#include <stddef.h>
#include <stdint.h>

#include "common/error.h"
#include "probe/connect/resolve.h"

/*
 * Ask each of the COUNT servers at LIST for an A record of HOST, at once, and
 * fill F with what each of them does, as ERR_RESOLVE; ERR_OK all the same where
 * one has records, which may be all that there is. Waits DNS_CAUSE_MS, but
 * not into the second half of the grace after DEADLINE_MS of clock_ms(). Of
 * an answer it reads 12 bytes: the flags and a count, no name and no record.
 */
MUST_CHECK enum err dns_cause_explain(const char *host,
				      const union address *list, size_t count,
				      int64_t deadline_ms, struct failure *f);

#endif
