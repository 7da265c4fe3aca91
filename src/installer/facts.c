/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/facts.h"

#include "installer/certs_d/ca_crt.h"
#include "installer/certs_d/section.h"
#include "installer/change.h"
#include "installer/facts_parts.h"
#include "installer/service.h"

static bool is_named(const struct job *job, struct bytes der)
{
	return job->operator_file.len
		       ? ca_crt_file_names(job->operator_file, der)
		       : fingerprint_is_among(der, job->pins, job->pin_count);
}

/* Who vouches for the anchors that O names: counted here, on the bytes that
 * would be written. */
static enum policy_vouch find_vouch(const struct job *job,
				    const struct outcome *o)
{
	if (!job->pin_count && !job->operator_file.len)
		return POLICY_VOUCH_NONE;
	if (!wire_lists(o, WIRE_CERT_ANCHOR))
		return POLICY_VOUCH_MISSED;
	for (size_t i = 0; i < o->cert_count; i++)
		if (o->certs[i].flags & WIRE_CERT_ANCHOR &&
		    !is_named(job, o->certs[i].der))
			return POLICY_VOUCH_MISSED;
	return job->operator_file.len ? POLICY_VOUCH_FILE : POLICY_VOUCH_PIN;
}

static bool is_installed(const struct turn *turn, struct bytes der)
{
	for (size_t i = 0; i < turn->survey.file_count; i++)
		if (ca_crt_holds(turn->survey.files[i].content, der))
			return true;
	return false;
}

/* Are all anchors that O names installed? There must be one. */
static bool all_installed(const struct turn *turn, const struct outcome *o)
{
	for (size_t i = 0; i < o->cert_count; i++)
		if (o->certs[i].flags & WIRE_CERT_ANCHOR &&
		    !is_installed(turn, o->certs[i].der))
			return false;
	return wire_lists(o, WIRE_CERT_ANCHOR);
}

static bool is_anchor(const struct outcome *o, struct bytes pem)
{
	for (size_t i = 0; i < o->cert_count; i++)
		if (o->certs[i].flags & WIRE_CERT_ANCHOR &&
		    ca_crt_file_names(pem, o->certs[i].der))
			return true;
	return false;
}

/* Is every block of our section one of the anchors that O names? */
static bool holds_no_other(const struct turn *turn, const struct outcome *o)
{
	struct bytes rest = section_split(job_ca_file(turn)).ours;
	struct section_piece piece;

	while (section_next(&rest, &piece))
		if (piece.kind == SECTION_BLOCK &&
		    !is_anchor(o, piece.block.pem))
			return false;
	return true;
}

/* Is it not known that Docker refuses? Where nobody can tell, and where only
 * the client's own certificate is wanted, the CA is what is needed. */
static bool may_work(const struct wire_verdict *v)
{
	return v->reached &&
	       (v->code == VERDICT_ACCEPTED || v->code == VERDICT_UNCHECKED ||
		v->code == VERDICT_CLIENT_CERTIFICATE);
}

/* One that leads to itself for ever answers as none, too. Behind a service's
 * name is no registry; and a server that asks for a certificate refuses who has
 * none with a status. */
static bool answers_as_no_registry(const struct turn *turn,
				   const struct outcome *o)
{
	if (service_is_asked(turn))
		return false;
	return o->reply == WIRE_REPLY_PAGE || o->reply == WIRE_REPLY_LOOP ||
	       ((o->reply == WIRE_REPLY_STATUS ||
		 o->reply == WIRE_REPLY_BROKEN ||
		 o->reply == WIRE_REPLY_NO_REALM) &&
		!(o->flags & OUTCOME_CLIENT_CERT));
}

/* see facts.h */
void facts_gather(const struct turn *turn, const struct options *options,
		  const struct outcome *o, const struct facts_reading *reading,
		  struct facts *out)
{
	struct policy_facts *p = &out->policy;
	struct edit kept = change_edit(turn, o, POLICY_DROP_EXPIRED, false);
	bool is_asked = turn->job.kind != JOB_READ;

	*out = (struct facts){.ca_is_void = false};
	facts_look_at_files(turn, o, reading, out);
	p->vouch = find_vouch(&turn->job, o);
	p->same = all_installed(turn, o);
	p->exact = p->same && holds_no_other(turn, o);
	p->chains = o->flags & OUTCOME_CHAINS;
	/* Where nobody was asked, nobody has failed to prove it. */
	p->proven = !is_asked || o->flags & OUTCOME_POSSESSION;
	p->works = may_work(&o->verdict[WIRE_ALONE]);
	p->no_registry = answers_as_no_registry(turn, o);
	p->incomplete = wire_refuses(&o->verdict[WIRE_KEEP]) &&
			o->verdict[WIRE_KEEP].remark == REMARK_NO_INTERMEDIATE;
	p->stale = edit_is_stale(&kept);
	p->host_trusts = o->flags & OUTCOME_HOST_TRUSTS;
	p->on_change = options->on_change;
	p->require_pin = options->require_pin;
	service_adjust(turn, o, p);
}
