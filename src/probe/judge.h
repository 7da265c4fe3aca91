/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From captured bytes to what the installer needs to decide: what each
 * certificate says, which one should be the anchor, and whether the chain
 * still hangs from what is installed. Probe process, sealed. Pure.
 */
#ifndef PROBE_JUDGE_H
#define PROBE_JUDGE_H

#include "common/job.h"
#include "common/wire.h"
#include "probe/capture.h"

/*
 * Fill OUT's certificates and flags from CAPTURE (at least one certificate)
 * and JOB. Texts are kept in TEXT of SIZE bytes, DER views point into CAPTURE;
 * both must live as long as OUT is used. What does not fit in TEXT is left
 * empty.
 */
void judge_chain(const struct job *job, const struct capture *capture,
		 char *text, size_t size, struct outcome *out);

#endif
