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

/* see doubt.h */
void doubt_unseen(const struct turn *turn, const struct options *options,
		  struct report *report)
{
	struct wire_verdict *v = &report->verdict;

	if (!wire_lacks_anchor(v) ||
	    !audience_misses_file(&turn->survey, options))
		return;
	v->code = VERDICT_UNCHECKED;
	v->remark = REMARK_NONE;
	v->text = (struct bytes){NULL, 0};
	v->others = (struct bytes){NULL, 0};
}
