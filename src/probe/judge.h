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
#include "probe/verdict/certificate.h"

/* Room to work in, taken before the seal. Texts and DER that the outcome views
 * are kept here, so it must live as long as the outcome is used. */
struct judgement {
	size_t sent_count;
	struct certificate sent[CHAIN_CERTS_MAX];
	bool sent_parsed[CHAIN_CERTS_MAX];
	size_t pool_count; /* of the installed files, or of the operator's */
	struct bytes pool[POOL_CERTS_MAX];
	size_t text_used;
	char text[PROBE_TEXT_BYTES];
	size_t der_used;
	uint8_t der[CRT_TOTAL_BYTES];
};

/*
 * Fill OUT's certificates, flags, service and verdict from CAPTURE (at least
 * one certificate) and JOB. DER views of sent certificates point into CAPTURE.
 * ERR_CHAIN when the server's own certificate is not one that Docker can read,
 * ERR_USAGE when the operator's file is broken.
 */
MUST_CHECK enum err judge_chain(const struct job *job,
				const struct capture *capture,
				struct judgement *room, struct outcome *out);

/*
 * Fill OUT from the operator's file alone: each certificate to install is an
 * anchor. ERR_USAGE when a block of the file is not a certificate.
 */
MUST_CHECK enum err judge_file(const struct job *job, struct judgement *room,
			       struct outcome *out);

#endif
