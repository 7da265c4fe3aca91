/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts for the policy and bytes for the store; see turn.h.
 */
#include "installer/turn.h"

#include <string.h>

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
	return ca_crt_notes_service(our_file(turn),
				    turn->job.target->reference);
}

static enum policy_on_change on_change_of(const struct turn *turn,
					  enum policy_on_change on_change)
{
	bool is_first =
		ca_crt_is_marked(our_file(turn)) && !turn_knows_service(turn);

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

/* A file of ours with one anchor that expired, which is not the one to
 * install, and one that did not. */
static bool is_stale(const struct turn *turn, const struct outcome *o)
{
	bool fresh = false;
	bool expired = false;

	if (!ca_crt_is_marked(survey_find(&turn->survey, SURVEY_CA_FILE)))
		return false;
	for (size_t i = 0; i < o->cert_count; i++) {
		if (!is_ours(turn, &o->certs[i]))
			continue;
		if (!is_expired(turn, &o->certs[i]))
			fresh = true;
		else if (!(o->certs[i].flags & WIRE_CERT_ANCHOR))
			expired = true;
	}
	return fresh && expired;
}

/* see turn.h */
bool turn_lacks_note(const struct turn *turn, const struct outcome *o)
{
	if (!turn_is_service(turn) || turn_knows_service(turn) ||
	    !ca_crt_is_marked(our_file(turn)))
		return false;
	for (size_t i = 0; i < o->cert_count; i++)
		if (is_ours(turn, &o->certs[i]) &&
		    !is_expired(turn, &o->certs[i]))
			return true;
	return false;
}

/* see turn.h */
enum policy_decision turn_decide(const struct turn *turn,
				 const struct outcome *o,
				 enum policy_vouch vouch,
				 enum policy_on_change on_change,
				 bool require_pin)
{
	const struct policy_facts facts = {
		.installed = holds_something(&turn->survey),
		.same = all_installed(o),
		.chains = o->flags & OUTCOME_CHAINS,
		.proven = o->flags & OUTCOME_POSSESSION,
		.stale = is_stale(turn, o),
		.host_trusts = o->flags & OUTCOME_HOST_TRUSTS,
		.vouch = vouch,
		.on_change = on_change_of(turn, on_change),
		.require_pin = require_pin,
	};

	return policy_decide(&facts);
}

/* Is C to stand in the ca.crt that DECISION writes, behind the new anchors? */
static bool is_kept(const struct turn *turn, enum policy_decision decision,
		    const struct wire_certificate *c)
{
	bool is_new = c->flags & WIRE_CERT_ANCHOR;

	if (!is_ours(turn, c) || decision == POLICY_INSTALL)
		return false;
	/* What the server still leads to would be added again. */
	if (is_new)
		return decision == POLICY_DROP_EXPIRED;
	return !is_expired(turn, c);
}

/* see turn.h */
enum err turn_compose(const struct turn *turn, const struct outcome *o,
		      enum policy_decision decision, struct ca_crt *e,
		      struct failure *f)
{
	size_t count = 0;

	if (decision != POLICY_INSTALL)
		ca_crt_keep_notes(e, our_file(turn));
	if (turn_is_service(turn) &&
	    (decision == POLICY_INSTALL || !turn_knows_service(turn)))
		ca_crt_note_service(e, turn->job.target->reference);
	for (size_t i = 0; i < o->cert_count; i++)
		if (o->certs[i].flags & WIRE_CERT_ANCHOR &&
		    decision != POLICY_DROP_EXPIRED) {
			ca_crt_append(e, &o->certs[i]);
			count++;
		}
	for (size_t i = 0; i < o->cert_count; i++)
		if (is_kept(turn, decision, &o->certs[i])) {
			ca_crt_append(e, &o->certs[i]);
			count++;
		}
	if (count == 0)
		return failure_set(f, ERR_PROBE, "it named no anchor");
	if (e->overflow)
		return failure_set(f, ERR_LIMIT,
				   "the anchors need more than %zu bytes",
				   e->size);
	return ERR_OK;
}
