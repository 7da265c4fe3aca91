/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The decision table; see policy.h. A new rotation rule is one line here and
 * one row in tests/unit/test_policy.c.
 */
#include "installer/policy/policy.h"

/* What is installed holds, as DECISION says; a rotation that is over leaves
 * the old anchor behind. */
static enum policy_decision keep(const struct policy_facts *facts,
				 enum policy_decision decision)
{
	return facts->stale ? POLICY_DROP_EXPIRED : decision;
}

static enum policy_decision decide_vouched(const struct policy_facts *facts)
{
	bool holds = facts->chains && facts->vouch == POLICY_VOUCH_PIN;

	if (!facts->installed)
		return POLICY_INSTALL;
	if (facts->on_change == POLICY_REPLACE)
		return facts->exact ? POLICY_UNCHANGED : POLICY_INSTALL;
	if (facts->same)
		return keep(facts, POLICY_UNCHANGED);
	if (facts->over)
		return POLICY_REFUSE_USELESS;
	if (facts->on_change == POLICY_ADD)
		return POLICY_INSTALL_BESIDE;
	return holds ? keep(facts, POLICY_RENEWED) : POLICY_INSTALL_BESIDE;
}

/* Something is installed, and it does not hold. */
static enum policy_decision decide_change(const struct policy_facts *facts)
{
	if (facts->new_service)
		return facts->works ? POLICY_INSTALL_BESIDE
				    : POLICY_REFUSE_USELESS;
	switch (facts->on_change) {
	case POLICY_ADD:
		return POLICY_INSTALL_BESIDE;
	case POLICY_REPLACE:
		return POLICY_INSTALL;
	case POLICY_REFUSE:
		break;
	}
	return facts->works && !facts->incomplete ? POLICY_REFUSE_CHANGED
						  : POLICY_REFUSE_BROKEN;
}

static enum policy_decision decide_alone(const struct policy_facts *facts)
{
	if (facts->installed && facts->same)
		return keep(facts, POLICY_UNCHANGED);
	if (facts->installed && facts->chains)
		return keep(facts, POLICY_RENEWED);
	if (facts->host_trusts)
		return POLICY_NOT_NEEDED;
	if (facts->installed)
		return decide_change(facts);
	return facts->works && !facts->no_registry ? POLICY_INSTALL
						   : POLICY_REFUSE_USELESS;
}

/* see policy.h */
enum policy_decision policy_decide(const struct policy_facts *facts)
{
	bool is_named = facts->vouch == POLICY_VOUCH_PIN ||
			facts->vouch == POLICY_VOUCH_FILE;

	if (facts->vouch == POLICY_VOUCH_MISSED)
		return POLICY_REFUSE_VOUCH;
	if (!is_named && facts->require_pin)
		return POLICY_REFUSE_NO_PIN;
	if (!facts->proven && facts->vouch != POLICY_VOUCH_FILE)
		return POLICY_REFUSE_UNPROVEN;
	return is_named ? decide_vouched(facts) : decide_alone(facts);
}

/* see policy.h */
bool policy_is_refusal(enum policy_decision decision)
{
	return decision >= POLICY_REFUSE_CHANGED;
}

/* see policy.h */
bool policy_installs(enum policy_decision decision)
{
	return decision == POLICY_INSTALL || decision == POLICY_INSTALL_BESIDE;
}

/* see policy.h */
enum wire_act policy_act(enum policy_decision decision,
			 const struct policy_facts *facts)
{
	switch (decision) {
	case POLICY_INSTALL:
	case POLICY_REFUSE_USELESS:
		return WIRE_ALONE;
	case POLICY_INSTALL_BESIDE:
		return WIRE_BESIDE;
	case POLICY_REFUSE_BROKEN:
		return facts->works ? WIRE_KEEP : WIRE_ALONE;
	case POLICY_DROP_EXPIRED:
	case POLICY_UNCHANGED:
	case POLICY_RENEWED:
	case POLICY_NOT_NEEDED:
	case POLICY_REFUSE_CHANGED:
	case POLICY_REFUSE_UNPROVEN:
	case POLICY_REFUSE_VOUCH:
	case POLICY_REFUSE_NO_PIN:
	case POLICY_DECISIONS_:
		break;
	}
	return WIRE_KEEP;
}
