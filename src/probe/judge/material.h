/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All certificates that a judgement rests on, parsed: what the server sent,
 * what is installed, what the operator's file and the host's own pool hold.
 * Probe process, sealed. Memory from the caller's arena.
 */
#ifndef PROBE_MATERIAL_H
#define PROBE_MATERIAL_H

#include "common/job.h"
#include "probe/tls/presented.h"
#include "probe/verdict/path/pool.h"

struct material {
	struct certificate *sent; /* an empty der: Go cannot parse it */
	struct pool installed;	  /* as Go reads the .crt files */
	struct pool others;	  /* of them, those that other hands wrote */
	struct pool operators;	  /* to install: the CAs, or all if none is */
	struct bytes *host;	  /* DER, not parsed yet */
	size_t host_count;
};

/*
 * Read everything that JOB and PRESENTED (NULL: nobody was asked) hold, by the
 * rules of Go RELEASE, into OUT. ERR_CHAIN when the leaf cannot be parsed,
 * with Go's words; ERR_USAGE when the operator's file holds something that is
 * no certificate; ERR_LIMIT when ARENA is too small, or files hold more than
 * POOL_CERTS_MAX: what is left out would be judged as if it was not there.
 */
MUST_CHECK enum err material_read(const struct job *job,
				  const struct presented *presented,
				  struct go_release release,
				  struct arena *arena, struct material *out,
				  struct failure *f);

#endif
