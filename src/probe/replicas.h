/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --all-addresses: behind one name there may be several servers, and they need
 * not present the same chain. Probe process; connecting before the seal,
 * comparing after it.
 */
#ifndef PROBE_REPLICAS_H
#define PROBE_REPLICAS_H

#include "common/job.h"
#include "probe/connect/dial.h"
#include "probe/judge/judge.h"
#include "probe/tls/capture.h"

/* Connections to all addresses of a name but the first. */
struct replicas {
	size_t count;
	struct connection each[ADDRESSES_MAX];
};

/*
 * Connect to every address of TO until DEADLINE_MS: the first in FIRST, the
 * others in OUT. One that cannot be reached fails all, with its own failure:
 * what it would present is not known. So do more than ADDRESSES_MAX, with
 * ERR_LIMIT; not known is what libc left out (musl: behind the 48th).
 */
MUST_CHECK enum err replicas_connect(const struct registry *to,
				     int64_t deadline_ms,
				     struct connection *first,
				     struct replicas *out, struct failure *f);

/*
 * Capture over FD with REQUEST, or none, and with the offer that JOB asks for.
 * Tells OUT when a wider one may do, or the handshake was not completed.
 */
MUST_CHECK enum err replicas_ask(const struct job *job, int fd,
				 const char *request, int64_t deadline_ms,
				 struct capture *room, struct outcome *out);

/*
 * Capture from each of R into ROOM in turn and hold it against OUT, which
 * judge_chain has filled from the first: ERR_REFUSED, naming the address, when
 * one does not chain to the anchors in OUT. A mixture is never installed. Where
 * OUT has none, nothing is, and why is said of the first. ERR_TLS, likewise,
 * for a handshake that Docker does not complete, or that is not known to be,
 * where it did so with the first.
 */
MUST_CHECK enum err replicas_compare(const struct replicas *r,
				     const struct job *job, int64_t deadline_ms,
				     struct capture *room,
				     struct judge_room *judgement,
				     struct outcome *out);

#endif
