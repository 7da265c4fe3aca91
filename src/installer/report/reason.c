/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a registry ended, in one word for programs; see report.h.
 */
#include "installer/report/remedy.h"
#include "installer/report/report.h"

/* see report.h */
const char *report_reason(const struct report *r)
{
	switch ((int)r->state) {
	case REPORT_FAILED:
		return report_failure_word(&r->failure);
	case REPORT_REFUSED_CHANGED:
	case REPORT_CHANGED:
		return "changed-ca";
	case REPORT_REFUSED_UNPROVEN:
		return "unproven";
	case REPORT_REFUSED_VOUCH:
	case REPORT_UNPINNED:
		return "not-named";
	case REPORT_REFUSED_NO_PIN:
		return "no-pin";
	case REPORT_UNREADABLE:
		return "unreadable-ca-crt";
	case REPORT_SHADOWED:
		return "shadowed";
	default:
		break;
	}
	if (report_is_silent(r->state))
		return report_word(r->state);
	if (r->is_unproven)
		return "unproven";
	if (wire_refuses(&r->verdict))
		return remedy_find(r->verdict.code, r->verdict.remark)->word;
	return report_is_blocked(r) ? "blocked" : report_word(r->state);
}
