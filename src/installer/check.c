/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/check.h"

#include "installer/trust.h"
#include "installer/warn.h"

/* A .crt is in the directory, and no certificate that Docker can read. */
static bool is_unreadable(const struct turn *turn, const struct facts *facts)
{
	return turn->survey.file_count && !facts->policy.installed;
}

/* What is installed is not what a run would leave, or nothing is. */
static enum report_state state_unwritten(const struct turn *turn,
					 const struct facts *facts)
{
	if (is_unreadable(turn, facts))
		return REPORT_UNREADABLE;
	if (!facts->policy.installed || facts->policy.new_service)
		return REPORT_UNTRUSTED;
	return REPORT_CHANGED;
}

static enum report_state state_of(const struct turn *turn,
				  const struct facts *facts,
				  enum policy_decision decision)
{
	const struct policy_facts *p = &facts->policy;
	bool holds = p->same || p->chains || p->host_trusts;

	if (decision == POLICY_REFUSE_CHANGED)
		return state_unwritten(turn, facts);
	if (decision == POLICY_REFUSE_USELESS && is_unreadable(turn, facts))
		return REPORT_UNREADABLE;
	if (policy_is_refusal(decision))
		return report_state_of(decision);
	return holds ? REPORT_TRUSTED : state_unwritten(turn, facts);
}

/* see check.h */
void check_registry(const struct options *options, const struct turn *turn,
		    const struct outcome *o, const struct facts *facts,
		    struct report *report)
{
	enum policy_decision decision = policy_decide(&facts->policy);

	report->is_unproven = !facts->policy.proven;
	report->verdict = o->verdict[WIRE_KEEP];
	/* Of the others it depends on the reader: the line of each says so. */
	if (report->warnings & REPORT_STOPS) {
		report->state = REPORT_SHADOWED;
		return;
	}
	report->state = state_of(turn, facts, decision);
	if (policy_is_refusal(decision)) {
		report->verdict = trust_verdict(o, facts, decision);
		/* The cause is that of what was refused; what Docker says now,
		 * it says with what is there. */
		report->verdict.text = o->verdict[WIRE_KEEP].text;
		report->verdict.others = o->verdict[WIRE_KEEP].others;
	}
	if (report->state != REPORT_TRUSTED)
		return;
	if (wire_refuses(&report->verdict) || report->is_unproven ||
	    report_is_blocked(report)) {
		report->state = REPORT_UNTRUSTED;
		return;
	}
	warn_of_end(options, turn, o, report);
	if (report->warnings & REPORT_WARN_EXPIRY)
		report->state = REPORT_EXPIRING;
}
