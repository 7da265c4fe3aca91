/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a registry ended of which Docker verifies nothing, or for which part of
 * it reads no directory; see report.h. The others are served all the same.
 */
#include "installer/report/report.h"

/* Is R's registry, or that of its token service, one of insecure-registries? */
static bool is_listed(const struct report *r)
{
	return r->warnings & REPORT_WARN_INSECURE ||
	       (r->consumers && r->consumers->is_insecure);
}

/* Does a consumer that verifies refuse it? */
static bool is_refused(const struct report *r)
{
	return report_exit_of(r) == REPORT_EXIT_DOCKER;
}

/* see report.h */
bool report_is_of_others(const struct report *r)
{
	return r->consumers && r->consumers->place != CONSUMER_PLACE_DOCKER;
}

/* see report.h */
const char *report_sentence_unverified(const struct report *r)
{
	if (!(is_listed(r) || r->warnings & REPORT_WARN_LOOPBACK) ||
	    (r->consumers && consumer_all_refuse(r->consumers)))
		return NULL;
	switch ((int)r->state) {
	case REPORT_INSTALLED:
	case REPORT_ADDED:
		return is_refused(r) ? "installed, though who verifies refuses "
				       "it even so"
				     : "installed for those that verify";
	case REPORT_UNCHANGED:
	case REPORT_RENEWED:
	case REPORT_NOT_NEEDED:
		return is_refused(r)
			       ? "unchanged; who verifies refuses it"
			       : "unchanged; it holds for those that verify";
	case REPORT_TRUSTED:
	case REPORT_EXPIRING:
		return is_refused(r) ? "not trusted by those that verify"
				     : "trusted by those that verify";
	case REPORT_UNTRUSTED:
		return "not trusted by those that verify";
	case REPORT_REFUSED_USELESS:
		return "NOT INSTALLED: who verifies would refuse it even so";
	case REPORT_SERVICE_LEFT:
	case REPORT_SERVICE_FINE:
		return is_listed(r) && is_refused(r)
			       ? "refused by those that verify"
			       : NULL;
	default:
		return NULL;
	}
}

/* see report.h */
const char *report_sentence_unread(const struct report *r)
{
	if (!r->consumers ||
	    consumer_judge(CONSUMER_LOGIN, r->consumers).reason != CONSUMER_HUB)
		return NULL;
	switch ((int)r->state) {
	case REPORT_INSTALLED:
	case REPORT_ADDED:
		return "installed";
	case REPORT_UNCHANGED:
	case REPORT_RENEWED:
		return "unchanged";
	case REPORT_TRUSTED:
	case REPORT_EXPIRING:
		return "trusted by those that read it";
	default:
		return NULL;
	}
}

/* see report.h */
const char *report_sentence_rest(const struct report *r)
{
	if (report_sentence_unverified(r))
		return is_listed(r) ? "; Docker verifies nothing here "
				      "(insecure-registries)"
				    : "; docker login and Docker's classic "
				      "store verify nothing at a loopback "
				      "address";
	return report_sentence_unread(r) && !is_refused(r)
		       ? "; docker login and Docker's classic store read no "
			 "directory for Docker Hub, only the host's CA store"
		       : "";
}
