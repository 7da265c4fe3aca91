/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/service.h"

#include <strings.h>

#include "installer/certs_d/section.h"

/* see service.h */
bool service_is_asked(const struct turn *turn)
{
	return turn->job.target != turn->registry;
}

/* see service.h */
bool service_is_known(const struct turn *turn)
{
	return section_notes_service(job_ca_file(turn),
				     turn->job.target->reference);
}

/* Does our section note any token service? */
static bool notes_one(const struct turn *turn)
{
	struct bytes rest = section_split(job_ca_file(turn)).ours;
	struct section_piece piece;

	while (section_next(&rest, &piece))
		if (piece.kind == SECTION_SERVICE)
			return true;
	return false;
}

/* see service.h */
bool service_parse(const struct registry *registry, struct bytes name,
		   struct registry *out)
{
	struct failure ignored;

	if (!name.len || registry_parse((const char *)name.data, name.len, out,
					&ignored) != ERR_OK)
		return false;
	return out->port != registry->port ||
	       strcasecmp(out->host, registry->host) != 0;
}

/* see service.h */
bool service_is_followed(const struct options *options, const struct turn *turn,
			 struct bytes name)
{
	return (options->mode == OPTIONS_TRUST ||
		options->mode == OPTIONS_CHECK) &&
	       (options->trust_token_host || turn->job.pin_count ||
		turn->job.operator_file.len || options_names(options, name));
}

/* see service.h */
void service_adjust(const struct turn *turn, const struct outcome *o,
		    struct policy_facts *p)
{
	if (!service_is_asked(turn))
		return;
	p->over = true;
	for (size_t i = 0; i < o->cert_count; i++)
		if (o->certs[i].flags & WIRE_CERT_ANCHOR &&
		    o->certs[i].not_after >= turn->job.now)
			p->over = false;
	p->new_service = section_exists(job_ca_file(turn)) && !notes_one(turn);
	/* The registry's own anchors are not the service's to judge. */
	p->incomplete = false;
	p->exact = p->same;
	if (p->on_change == POLICY_REPLACE)
		p->on_change = POLICY_ADD;
}

/* see service.h */
bool service_lacks_note(const struct turn *turn)
{
	return service_is_asked(turn) && !service_is_known(turn) &&
	       section_exists(job_ca_file(turn));
}

/* see service.h */
void service_conclude(const struct options *options, struct report *report)
{
	bool is_asked = options->trust_token_host || !report->service;

	if (!is_asked && report->state == REPORT_REFUSED_VOUCH)
		report->state = REPORT_SERVICE_LEFT;
	if (!is_asked && report->state == REPORT_FAILED &&
	    report_exit_of(report) == REPORT_EXIT_UNREACHED)
		report->state = REPORT_SERVICE_UNSEEN;
	if (report->state == REPORT_SERVICE_LEFT &&
	    wire_lacks_authority(&report->verdict))
		report->warnings |= REPORT_WARN_TOKEN_SERVICE;
}
