/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/trust.h"

#include <string.h>

#include "installer/certs_d/directory.h"
#include "installer/service.h"
#include "installer/warn.h"

static bool is_about_names(const struct wire_verdict *v)
{
	return v->code == VERDICT_NO_NAME || v->code == VERDICT_WRONG_NAME;
}

/* see trust.h */
struct wire_verdict trust_verdict(const struct outcome *o,
				  const struct facts *facts,
				  enum policy_decision decision)
{
	struct wire_verdict v =
		o->verdict[policy_act(decision, &facts->policy)];

	/* Where another CA is installed, other names are another server's. */
	if (decision == POLICY_REFUSE_BROKEN && v.remark == REMARK_NONE &&
	    v.reached && is_about_names(&v))
		v.remark = REMARK_DEFAULT_CERTIFICATE;
	return v;
}

/* Do to ca.crt what DECISION says. */
static enum err carry_out(int root, const struct turn *turn,
			  const struct outcome *o, const struct facts *facts,
			  enum policy_decision decision,
			  struct store_room *room, struct store_result *done,
			  struct failure *f)
{
	bool installs = policy_installs(decision);
	const struct edit edit =
		change_edit(turn, o, decision, installs && facts->ca_is_void);

	if (installs || decision == POLICY_DROP_EXPIRED ||
	    (!policy_is_refusal(decision) && facts->policy.chains &&
	     service_lacks_note(turn)))
		return change_write(root, turn, &edit, room, done, f);
	if (turn->survey.litter)
		store_clear(root, turn->registry);
	return ERR_OK;
}

/* see trust.h */
void trust_registry(const struct options *options, int root,
		    const struct turn *turn, const struct outcome *o,
		    const struct facts *facts, struct store_room *room,
		    struct report *report)
{
	enum policy_decision decision = policy_decide(&facts->policy);
	struct store_result done = {.changed = false};
	enum err err;

	if (facts->policy.vouch == POLICY_VOUCH_NONE &&
	    !wire_lists(o, WIRE_CERT_ANCHOR)) {
		failure_set(&report->failure, ERR_PROBE, "it named no anchor");
		return;
	}
	err = carry_out(root, turn, o, facts, decision, room, &done,
			&report->failure);
	memcpy(report->aside, done.aside, sizeof(report->aside));
	if (err != ERR_OK)
		return;
	if (done.changed && directory_check_root(report->certs_dir, root,
						 &report->failure) != ERR_OK) {
		report->failure.is_late = true;
		return;
	}
	report->is_noted = done.changed && !policy_installs(decision) &&
			   decision != POLICY_DROP_EXPIRED;
	if (policy_installs(decision) && !done.changed && !done.is_others)
		decision = POLICY_UNCHANGED;
	/* What another installer has done a moment before is judged as ours. */
	report->verdict = trust_verdict(o, facts, decision);
	if (done.is_others)
		decision = POLICY_UNCHANGED;
	report->state = report_state_of(decision);
	report->is_unproven = !facts->policy.proven;
	report->warnings |= report_store_warnings(&done);
	if (policy_installs(decision) &&
	    facts->policy.vouch == POLICY_VOUCH_NONE)
		report->warnings |= REPORT_WARN_FIRST_USE;
	/* Of one that is not installed it does not matter how long it lasts. */
	if (decision != POLICY_REFUSE_USELESS && decision != POLICY_RENEWED &&
	    decision != POLICY_NOT_NEEDED &&
	    (decision != POLICY_DROP_EXPIRED || facts->policy.same) &&
	    warn_pins_a_leaf(o)) {
		report->warnings |= REPORT_WARN_LEAF;
		report->ends = o->certs[0].not_after;
	}
	if (!policy_is_refusal(decision))
		warn_of_end(options, turn, o, report);
}
