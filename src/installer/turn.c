/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts for the policy and bytes for the store; see turn.h.
 */
#include "installer/turn.h"

#include <string.h>

#include "installer/certs_d/ca_crt.h"
#include "installer/certs_d/section.h"

/* A token service has the pins of its registry, and those of its own name. */
static void add_service_pins(struct job *job, const struct options *options)
{
	for (size_t i = 0; i < options->pin_count; i++)
		if (!strcmp(options->pins[i].reference, job->target->reference))
			job->pins[job->pin_count++] =
				options->pins[i].fingerprint;
}

/* Empty files count as nothing: failed recipes leave them behind. */
static bool holds_something(const struct survey *s)
{
	for (size_t i = 0; i < s->file_count; i++)
		if (s->files[i].content.len)
			return true;
	return false;
}

static struct bytes our_file(const struct turn *turn)
{
	return survey_find(&turn->survey, SURVEY_CA_FILE);
}

/* see turn.h */
bool turn_is_service(const struct turn *turn)
{
	return turn->job.target != turn->registry;
}

/* see turn.h */
bool turn_knows_service(const struct turn *turn)
{
	return section_notes_service(our_file(turn),
				     turn->job.target->reference);
}

static enum policy_on_change on_change_of(const struct turn *turn,
					  enum policy_on_change on_change)
{
	bool is_first =
		section_exists(our_file(turn)) && !turn_knows_service(turn);

	if (!turn_is_service(turn))
		return on_change;
	return on_change == POLICY_REFUSE && !is_first ? POLICY_REFUSE
						       : POLICY_ADD;
}

/* see turn.h */
void turn_prepare(struct turn *turn, const struct options *options,
		  const struct operator_file *file, struct bytes host_pool,
		  const struct registry *target, int64_t now)
{
	struct job *job = &turn->job;

	job->kind = options->offline ? JOB_READ : JOB_CAPTURE;
	job->target = target;
	job->timeout_ms = options->timeout_ms;
	job->now = now;
	job->all_addresses = options->all_addresses;
	job->docker = options->docker;
	job->https_proxy = options->https_proxy;
	job->no_proxy = options->no_proxy;
	job->installed_count = turn->survey.file_count;
	for (size_t i = 0; i < job->installed_count; i++)
		job->installed[i] = turn->survey.files[i].content;
	job->pin_count = options_pins_for(options, turn->registry, job->pins);
	if (strcmp(target->reference, turn->registry->reference) != 0)
		add_service_pins(job, options);
	job->host_pool = host_pool;
	job->operator_file = file ? file->content : (struct bytes){NULL, 0};
	job->block_count = file ? file->block_count : 0;
	/* A change that will be refused is not one for Docker. */
	job->installs =
		options->mode != OPTIONS_CHECK &&
		(!holds_something(&turn->survey) ||
		 on_change_of(turn, options->on_change) != POLICY_REFUSE ||
		 job->pin_count || job->operator_file.len);
}

static bool is_named(const struct job *job, struct bytes der)
{
	struct fingerprint fp;

	if (job->operator_file.len)
		return ca_crt_file_names(job->operator_file, der);
	fingerprint_of(der, &fp);
	for (size_t i = 0; i < job->pin_count; i++)
		if (fingerprint_equal(&fp, &job->pins[i]))
			return true;
	return false;
}

/* see turn.h */
enum policy_vouch turn_vouch(const struct turn *turn, const struct outcome *o)
{
	const struct job *job = &turn->job;
	bool any = false;

	if (!job->pin_count && !job->operator_file.len)
		return POLICY_VOUCH_NONE;
	for (size_t i = 0; i < o->cert_count; i++) {
		if (!(o->certs[i].flags & WIRE_CERT_ANCHOR))
			continue;
		if (!is_named(job, o->certs[i].der))
			return POLICY_VOUCH_MISSED;
		any = true;
	}
	if (!any)
		return POLICY_VOUCH_MISSED;
	return job->operator_file.len ? POLICY_VOUCH_FILE : POLICY_VOUCH_PIN;
}

static bool all_installed(const struct outcome *o)
{
	for (size_t i = 0; i < o->cert_count; i++)
		if (o->certs[i].flags & WIRE_CERT_ANCHOR &&
		    !(o->certs[i].flags & WIRE_CERT_INSTALLED))
			return false;
	return true;
}

/* Does ca.crt itself hold C? The probe says that it is installed, but its word
 * is not enough to write bytes. */
static bool is_ours(const struct turn *turn, const struct wire_certificate *c)
{
	return c->flags & WIRE_CERT_INSTALLED &&
	       ca_crt_file_names(survey_find(&turn->survey, SURVEY_CA_FILE),
				 c->der);
}

static bool is_expired(const struct turn *turn,
		       const struct wire_certificate *c)
{
	return c->not_after < turn->job.now;
}

/* see turn.h */
bool turn_lacks_note(const struct turn *turn, const struct outcome *o)
{
	if (!turn_is_service(turn) || turn_knows_service(turn) ||
	    !section_exists(our_file(turn)))
		return false;
	for (size_t i = 0; i < o->cert_count; i++)
		if (is_ours(turn, &o->certs[i]) &&
		    !is_expired(turn, &o->certs[i]))
			return true;
	return false;
}

/* see turn.h */
struct edit turn_edit(const struct turn *turn, const struct outcome *o,
		      enum policy_decision decision)
{
	struct edit edit = {
		.old = our_file(turn),
		.certs = o->certs,
		.cert_count = o->cert_count,
		.act = EDIT_KEEP,
		.service = turn_is_service(turn) ? turn->job.target->reference
						 : NULL,
		.now = turn->job.now,
	};

	if (decision == POLICY_INSTALL)
		edit.act = EDIT_REPLACE;
	else if (decision == POLICY_INSTALL_BESIDE)
		edit.act = EDIT_ADD;
	return edit;
}

/* see turn.h */
enum policy_decision turn_decide(const struct turn *turn,
				 const struct outcome *o,
				 enum policy_vouch vouch,
				 enum policy_on_change on_change,
				 bool require_pin)
{
	const struct edit kept = turn_edit(turn, o, POLICY_DROP_EXPIRED);
	const struct policy_facts facts = {
		.installed = holds_something(&turn->survey),
		.same = all_installed(o),
		.chains = o->flags & OUTCOME_CHAINS,
		.proven = o->flags & OUTCOME_POSSESSION,
		.stale = edit_is_stale(&kept),
		.host_trusts = o->flags & OUTCOME_HOST_TRUSTS,
		.vouch = vouch,
		.on_change = on_change_of(turn, on_change),
		.require_pin = require_pin,
	};

	return policy_decide(&facts);
}
