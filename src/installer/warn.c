/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/warn.h"

#include "installer/service.h"

/* see warn.h */
void warn_about(const struct turn *turn, const struct outcome *o,
		const struct facts *facts, struct report *report)
{
	const struct registry *target = turn->job.target;
	unsigned found = 0;

	if (registry_is_loopback(target) || o->flags & OUTCOME_LOOPBACK)
		found |= REPORT_WARN_LOOPBACK;
	if (registry_is_public(target) && !(o->flags & OUTCOME_HOST_TRUSTS))
		found |= REPORT_WARN_PUBLIC;
	if (registry_is_docker_hub_path(turn->registry))
		found |= REPORT_WARN_HUB_PATH;
	if (o->flags & OUTCOME_CLIENT_CERT)
		found |= REPORT_WARN_CLIENT_CERT;
	if (o->flags & OUTCOME_NO_CLASSIC_SUITE)
		found |= REPORT_WARN_NO_CLASSIC_SUITE;
	if (o->flags & OUTCOME_NO_LANDLOCK)
		found |= REPORT_WARN_NO_LANDLOCK;
	report->warnings |= found;
	/* The report on the registry has said it. */
	if (!facts->void_files || service_is_asked(turn))
		return;
	report->warnings |= REPORT_WARN_VOID_CRT;
	report->survey = &turn->survey;
	report->void_files = facts->void_files;
}

/* see warn.h */
void warn_of_daemon(const struct consumer_facts *facts, struct report *report)
{
	if (facts->is_insecure)
		report->warnings |= REPORT_WARN_INSECURE;
	if (facts->is_mirror && !facts->is_insecure &&
	    facts->store != CONSUMER_STORE_CLASSIC &&
	    !facts->before_containerd_loader)
		report->warnings |= REPORT_WARN_MIRROR;
}

/* When Docker will refuse for its age what was sent: the leaf's end, or that
 * of the last anchor which carries it. */
static int64_t end_of_trust(const struct outcome *o)
{
	int64_t leaf = MOMENT_LAST;
	int64_t anchor = MOMENT_FIRST;

	for (size_t i = 0; i < o->cert_count; i++) {
		const struct wire_certificate *c = &o->certs[i];

		if (i == 0 && c->flags & WIRE_CERT_SENT)
			leaf = c->not_after;
		if (c->flags & WIRE_CERT_CHAINS && c->not_after > anchor)
			anchor = c->not_after;
	}
	return anchor == MOMENT_FIRST || leaf < anchor ? leaf : anchor;
}

/* see warn.h */
void warn_of_end(const struct options *options, const struct turn *turn,
		 const struct outcome *o, struct report *report)
{
	int64_t end = end_of_trust(o);

	if (end - turn->job.now >= options->expiry_ms / 1000)
		return;
	report->warnings |= REPORT_WARN_EXPIRY;
	report->ends = end;
}

/* see warn.h */
bool warn_pins_a_leaf(const struct outcome *o)
{
	const unsigned both = WIRE_CERT_SENT | WIRE_CERT_ANCHOR;

	return o->cert_count && (o->certs[0].flags & both) == both;
}
