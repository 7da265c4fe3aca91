/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a registry ended of which Docker verifies nothing; see report.h. Who does
 * verify (Podman, containerd) is served all the same.
 */
#include "installer/report/report.h"

#define NOT_DOCKER "; Docker verifies nothing here (insecure-registries)"

/* Does a consumer that verifies refuse it? */
static bool is_refused(const struct report *r)
{
	return wire_refuses(&r->verdict) || r->is_unproven;
}

/* see report.h */
const char *report_sentence_unverified(const struct report *r)
{
	if (!(r->warnings & REPORT_WARN_INSECURE) ||
	    (r->consumers && consumer_all_refuse(r->consumers)))
		return NULL;
	switch ((int)r->state) {
	case REPORT_INSTALLED:
	case REPORT_ADDED:
		return is_refused(r)
			       ? "installed, though who verifies refuses it "
				 "even so" NOT_DOCKER
			       : "installed for those that verify" NOT_DOCKER;
	case REPORT_UNCHANGED:
	case REPORT_RENEWED:
	case REPORT_NOT_NEEDED:
		return is_refused(r) ? "unchanged; who verifies refuses "
				       "it" NOT_DOCKER
				     : "unchanged; it holds for those that "
				       "verify" NOT_DOCKER;
	case REPORT_TRUSTED:
	case REPORT_EXPIRING:
		return "trusted by those that verify" NOT_DOCKER;
	case REPORT_UNTRUSTED:
		return "not trusted by those that verify" NOT_DOCKER;
	case REPORT_REFUSED_USELESS:
		return "NOT INSTALLED: who verifies would refuse it even "
		       "so" NOT_DOCKER;
	default:
		return NULL;
	}
}
