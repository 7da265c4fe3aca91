/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which anchors are to be installed; see judging.h.
 */
#include "probe/judge/judging.h"
#include "probe/verdict/anchor.h"

static bool is_pinned(const struct job *job, struct bytes der)
{
	return fingerprint_is_among(der, job->pins, job->pin_count);
}

/* A pinned certificate that is installed and that the server chains to, sent
 * or not: servers are told to leave their root out. */
static struct wire_certificate *find_pinned_installed(struct judging *j)
{
	const unsigned both = WIRE_CERT_INSTALLED | WIRE_CERT_CHAINS;
	struct outcome *out = j->out;

	for (size_t i = 0; i < out->cert_count; i++)
		if ((out->certs[i].flags & both) == both &&
		    is_pinned(j->job, out->certs[i].der))
			return &out->certs[i];
	return NULL;
}

/* The pinned certificate, and only if the leaf chains to it: appending
 * somebody's CA to one's own chain is easy. Of several the last sent counts:
 * never leaf and CA together. Whether Docker accepts the leaf is the verdict's:
 * what the operator named is installed all the same. */
static void choose_pinned(struct judging *j)
{
	const struct presented *sent = &j->capture->presented;
	struct outcome *out = j->out;
	struct verdict_query q = judging_ask(j, NULL, 0);
	struct wire_certificate *chosen = NULL;

	for (size_t i = 0; i < sent->count; i++)
		if (is_pinned(j->job, sent->certs[i]) &&
		    anchor_chains_to(&q, i))
			chosen = &out->certs[i];
	if (!chosen)
		chosen = find_pinned_installed(j);
	if (chosen)
		chosen->flags |= WIRE_CERT_ANCHOR;
}

/* see judging.h */
void judging_choose(struct judging *j)
{
	struct verdict_query q = judging_ask(j, NULL, 0);
	struct anchor anchor;

	if (j->job->operator_file.len) {
		if (judging_chains_to(j, &j->material.operators))
			judging_report_pool(j, &j->material.operators,
					    WIRE_CERT_ANCHOR);
		return;
	}
	if (j->job->pin_count) {
		choose_pinned(j);
		return;
	}
	anchor_choose(&q, &anchor);
	j->out->certs[anchor.index].flags |= WIRE_CERT_ANCHOR;
}
