/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the server did beside its certificates, in the form of the report: the
 * handshake's facts and the answer to GET /v2/. Probe process, sealed. Pure.
 */
#ifndef PROBE_REPLY_H
#define PROBE_REPLY_H

#include "common/job.h"
#include "common/wire.h"
#include "probe/judge/judge.h"
#include "probe/tls/capture.h"

/*
 * Fill OUT's reply, status, service and the flags of the connection from
 * CAPTURE; texts are kept in ROOM. The token service, or where a redirection
 * leads, is told only where it is another host or port than JOB's target, in
 * whatever letters.
 */
void reply_report(const struct job *job, const struct capture *capture,
		  struct judge_room *room, struct outcome *out);

#endif
