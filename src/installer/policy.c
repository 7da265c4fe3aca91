/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The decision table; see policy.h. A new rotation rule is one line here and
 * one row in tests/unit/test_policy.c.
 */
#include "installer/policy.h"

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

/* see policy.h */
enum policy_decision policy_decide(const struct policy_facts *facts)
{
	bool matched = facts->vouch == POLICY_VOUCH_MATCHED;

	if (facts->vouch == POLICY_VOUCH_MISSED)
		return POLICY_REFUSE_PIN;
	if (facts->require_pin && !matched)
		return POLICY_REFUSE_NO_PIN;
	if (!facts->installed)
		return POLICY_INSTALL;
	if (facts->same)
		return POLICY_UNCHANGED;
	if (matched && facts->on_change != POLICY_REFUSE)
		return change(facts->on_change);
	if (facts->continues)
		return POLICY_RENEWED;
	if (matched)
		return POLICY_INSTALL_BESIDE;
	return change(facts->on_change);
}

/* see policy.h */
bool policy_is_refusal(enum policy_decision decision)
{
	return decision == POLICY_REFUSE_CHANGED ||
	       decision == POLICY_REFUSE_PIN ||
	       decision == POLICY_REFUSE_NO_PIN;
}
