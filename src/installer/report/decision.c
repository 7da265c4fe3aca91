/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a decision that was carried out to how it ended; see report.h.
 */
#include "installer/report/report.h"

/* see report.h */
enum report_state report_state_of(enum policy_decision decision)
{
	switch (decision) {
	case POLICY_INSTALL:
		return REPORT_INSTALLED;
	case POLICY_INSTALL_BESIDE:
		return REPORT_ADDED;
	case POLICY_DROP_EXPIRED:
		return REPORT_DROPPED;
	case POLICY_UNCHANGED:
		return REPORT_UNCHANGED;
	case POLICY_RENEWED:
		return REPORT_RENEWED;
	case POLICY_NOT_NEEDED:
		return REPORT_NOT_NEEDED;
	case POLICY_REFUSE_CHANGED:
		return REPORT_REFUSED_CHANGED;
	case POLICY_REFUSE_BROKEN:
		return REPORT_REFUSED_BROKEN;
	case POLICY_REFUSE_USELESS:
		return REPORT_REFUSED_USELESS;
	case POLICY_REFUSE_UNPROVEN:
		return REPORT_REFUSED_UNPROVEN;
	case POLICY_REFUSE_VOUCH:
		return REPORT_REFUSED_VOUCH;
	case POLICY_REFUSE_NO_PIN:
		return REPORT_REFUSED_NO_PIN;
	case POLICY_DECISIONS_:
		break;
	}
	return REPORT_FAILED;
}
