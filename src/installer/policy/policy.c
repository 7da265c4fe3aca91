/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The decision table; see policy.h. A new rotation rule is one line here and
 * one row in tests/unit/test_policy.c.
 */
#include "installer/policy/policy.h"

static enum policy_decision change(enum policy_on_change on_change)
{
	switch (on_change) {
	case POLICY_REFUSE:
		return POLICY_REFUSE_CHANGED;
	case POLICY_ADD:
		return POLICY_INSTALL_BESIDE;
	case POLICY_REPLACE:
		return POLICY_INSTALL;
	}
	return POLICY_REFUSE_CHANGED;
}

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
	if (facts->same)
		return keep(facts, POLICY_UNCHANGED);
	if (facts->on_change != POLICY_REFUSE)
		return change(facts->on_change);
	return holds ? keep(facts, POLICY_RENEWED) : POLICY_INSTALL_BESIDE;
}

static enum policy_decision decide_alone(const struct policy_facts *facts)
{
	if (facts->installed && facts->same)
		return keep(facts, POLICY_UNCHANGED);
	if (facts->installed && facts->chains)
		return keep(facts, POLICY_RENEWED);
	if (facts->host_trusts)
		return POLICY_NOT_NEEDED;
	if (facts->installed && facts->on_change == POLICY_REFUSE)
		return POLICY_REFUSE_CHANGED;
	if (!facts->proven)
		return POLICY_REFUSE_UNPROVEN;
	return facts->installed ? change(facts->on_change) : POLICY_INSTALL;
}

/* see policy.h */
enum policy_decision policy_decide(const struct policy_facts *facts)
{
	switch (facts->vouch) {
	case POLICY_VOUCH_MISSED:
		return POLICY_REFUSE_VOUCH;
	case POLICY_VOUCH_PIN:
	case POLICY_VOUCH_FILE:
		return decide_vouched(facts);
	case POLICY_VOUCH_NONE:
		break;
	}
	return facts->require_pin ? POLICY_REFUSE_NO_PIN : decide_alone(facts);
}

/* see policy.h */
bool policy_is_refusal(enum policy_decision decision)
{
	switch (decision) {
	case POLICY_INSTALL:
	case POLICY_INSTALL_BESIDE:
	case POLICY_DROP_EXPIRED:
	case POLICY_UNCHANGED:
	case POLICY_RENEWED:
	case POLICY_NOT_NEEDED:
		return false;
	case POLICY_REFUSE_CHANGED:
	case POLICY_REFUSE_UNPROVEN:
	case POLICY_REFUSE_VOUCH:
	case POLICY_REFUSE_NO_PIN:
		break;
	}
	return true;
}
