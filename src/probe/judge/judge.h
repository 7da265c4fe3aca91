/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From captured bytes to what the installer needs to decide: what each
 * certificate says, which one should be the anchor, whether the server still
 * chains to what is installed, and what Docker will say. Probe process,
 * sealed. Pure.
 */
#ifndef PROBE_JUDGE_H
#define PROBE_JUDGE_H

#include <stdalign.h>

#include "common/job.h"
#include "common/wire.h"
#include "probe/judge/outlook.h"
#include "probe/tls/capture.h"

/* Room to work in, zeroed, taken before the seal. Texts and DER that the
 * outcome views are kept here: it must live as long as the outcome is used. */
struct judge_room {
	struct signature_cache cache;
	struct outlook outlook;
	size_t text_used;
	size_t arena_used; /* of the material, which the outcome views */
	char text[PROBE_TEXT_BYTES];
	alignas(max_align_t) uint8_t arena[JUDGE_ARENA_BYTES];
};

/*
 * Fill OUT's certificates, flags, service and verdict from CAPTURE (at least
 * one certificate) and JOB. DER views of sent certificates point into CAPTURE.
 *
 * ERR_CHAIN when Docker cannot read the server's own certificate, with Docker's
 * words; ERR_USAGE when the operator's file is broken, or no verdict is known
 * for the release (the installer has asked judge_file before: on the wire this
 * is no failure of a capture); ERR_LIMIT when there is more to judge than
 * JUDGE_ARENA_BYTES hold, more in files than POOL_CERTS_MAX, or more to list
 * than REPORT_CERTS_MAX.
 */
MUST_CHECK enum err judge_chain(const struct job *job,
				const struct capture *capture,
				struct judge_room *room, struct outcome *out);

/*
 * Does CAPTURE, from another address of the same name, chain to one of the
 * anchors in OUT, whatever the date, or are there none? judge_chain has filled
 * OUT with the same ROOM, and it stays as it is. False, too, where CAPTURE is
 * larger than what is left there.
 */
bool judge_agrees(const struct job *job, const struct capture *capture,
		  struct judge_room *room, const struct outcome *out);

/*
 * Fill OUT from the operator's file and the installed files alone: each
 * certificate to install is an anchor. Errors as above.
 */
MUST_CHECK enum err judge_file(const struct job *job, struct judge_room *room,
			       struct outcome *out);

#endif
