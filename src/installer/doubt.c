/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verdicts that nobody can reach from here; see doubt.h.
 */
#include "installer/doubt.h"

#include "installer/audience.h"

/* see doubt.h */
void doubt_pair(const struct turn *turn, struct outcome *o)
{
	if (!turn->survey.has_pair)
		return;
	for (int act = 0; act < WIRE_ACTS_; act++) {
		struct wire_verdict *v = &o->verdict[act];

		if (v->code != VERDICT_CLIENT_CERTIFICATE)
			continue;
		v->has_pair = true;
		v->text = (struct bytes){NULL, 0};
	}
}

/* Public CAs have their certificates logged, as browsers ask; a private one
 * that puts such a thing in gains no more than a doubt. */
static bool is_of_public_ca(const struct outcome *o)
{
	const unsigned flags = WIRE_CERT_SENT | WIRE_CERT_LOGGED;

	return o->cert_count && (o->certs[0].flags & flags) == flags;
}

/* May the host's store, which cannot be seen, lead to what O's server shows?
 * Not where it sends too little. */
static bool may_lead_there(const struct outcome *o,
			   const struct wire_verdict *v)
{
	return !(o->flags & OUTCOME_HOST_POOL) && wire_lacks_authority(v) &&
	       v->remark == REMARK_NONE && is_of_public_ca(o);
}

/* see doubt.h */
void doubt_unseen(const struct turn *turn, const struct options *options,
		  const struct outcome *o, struct report *report)
{
	struct wire_verdict *v = &report->verdict;

	if (wire_refuses(v) && !(o->flags & OUTCOME_HOST_POOL))
		report->warnings |= REPORT_WARN_DIRECTORY_ALONE;
	if (!may_lead_there(o, v) &&
	    !(wire_lacks_anchor(v) &&
	      audience_misses_file(&turn->survey, options)))
		return;
	v->code = VERDICT_UNCHECKED;
	v->remark = REMARK_NONE;
	v->text = (struct bytes){NULL, 0};
	v->others = (struct bytes){NULL, 0};
}
