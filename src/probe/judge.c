/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fills the report from the captured chain; see judge.h.
 */
#include "probe/judge.h"

/* see judge.h */
void judge_chain(const struct job *job, const struct capture *capture,
		 char *text, size_t size, struct outcome *out)
{
	(void)job;
	(void)text;
	(void)size;
	for (size_t i = 0; i < capture->cert_count; i++) {
		out->certs[i] = (struct wire_certificate){
			.der = capture->certs[i],
			.flags = WIRE_CERT_SENT | WIRE_CERT_UNPARSED};
	}
	out->cert_count = capture->cert_count;
	out->certs[capture->cert_count - 1].flags |= WIRE_CERT_ANCHOR;
	if (capture->possession)
		out->flags |= OUTCOME_POSSESSION;
	if (capture->client_cert)
		out->flags |= OUTCOME_CLIENT_CERT;
}
