/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a probe's report to the state of a registry; see conclude.h.
 */
#include "installer/conclude.h"

#include <stdio.h>
#include <string.h>

/* see conclude.h */
void conclude_nothing(struct outcome *out)
{
	out->cert_count = 0;
	out->flags = 0;
	out->address[0] = '\0';
	out->tls_version = 0;
	out->service = (struct bytes){NULL, 0};
	out->verdict.reached = false;
}

static enum err explain_timeout(const struct supervise_result *result,
				struct failure *f)
{
	static const char *const waiting[WIRE_PHASE_COUNT_] = {
		[WIRE_PHASE_START] = "its process to start",
		[WIRE_PHASE_RESOLVE] = "DNS",
		[WIRE_PHASE_CONNECT] = "a connection",
		[WIRE_PHASE_HANDSHAKE] = "the TLS handshake",
		[WIRE_PHASE_JUDGE] = "the chain to be judged",
	};

	return failure_set(f, ERR_TIMEOUT, "still waiting for %s",
			   waiting[wire_last_phase(result->frame)]);
}

static enum err explain_end(const struct supervise_result *result,
			    struct failure *f)
{
	if (result->code == ERR_TIMEOUT)
		return explain_timeout(result, f);
	if (result->code == ERR_LIMIT)
		return failure_set(f, ERR_PROBE, "its report is too long");
	if (result->signal)
		return failure_set(f, ERR_PROBE, "it was killed by signal %d",
				   result->signal);
	return failure_set(f, ERR_PROBE, "it ended without a report");
}

/* see conclude.h */
enum err conclude_read(const struct supervise_result *result,
		       enum job_kind kind, struct outcome *out,
		       struct failure *f, bool *is_probes)
{
	unsigned failures =
		kind == JOB_READ ? WIRE_FAILURES_READ : WIRE_FAILURES_CAPTURE;
	enum err err = result->code == ERR_OK
			       ? wire_decode(result->frame, failures, out, f)
			       : explain_end(result, f);
	unsigned kept = 0;

	*is_probes = err == ERR_OK && out->failure.code != ERR_OK;
	if (*is_probes) {
		*f = out->failure;
		err = f->code;
		kept = out->flags & OUTCOME_FALLBACK;
	}
	if (err != ERR_OK) {
		conclude_nothing(out);
		out->flags = kept;
	}
	return err;
}

static unsigned warnings_about(const struct turn *turn, const struct outcome *o)
{
	const struct registry *target = turn->job.target;
	unsigned found = 0;

	if (registry_is_loopback(target))
		found |= REPORT_WARN_LOOPBACK;
	if (registry_is_docker_hub_path(turn->registry))
		found |= REPORT_WARN_HUB_PATH;
	if (o->flags & OUTCOME_CLIENT_CERT)
		found |= REPORT_WARN_CLIENT_CERT;
	if (o->flags & OUTCOME_NO_CLASSIC_SUITE)
		found |= REPORT_WARN_NO_CLASSIC_SUITE;
	if (o->flags & OUTCOME_NO_LANDLOCK)
		found |= REPORT_WARN_NO_LANDLOCK;
	return found;
}

static enum err write_anchors(int root, const struct turn *turn,
			      const struct outcome *o,
			      enum policy_decision decision,
			      struct store_room *room, struct failure *f)
{
	const struct edit edit = turn_edit(turn, o, decision);
	struct store_change change = {.seen = &turn->survey,
				      .wait_ms = LOCK_WAIT_MS};
	struct store_result done;
	struct edit_result made;
	enum err err =
		edit_compose(&edit, room->text, sizeof(room->text), &made, f);

	if (err != ERR_OK)
		return err;
	change.content = made.content;
	return store_write(root, turn->registry, &change, room, &done, f);
}

static bool is_written(enum policy_decision decision)
{
	return decision == POLICY_INSTALL ||
	       decision == POLICY_INSTALL_BESIDE ||
	       decision == POLICY_DROP_EXPIRED;
}

/* The server's own certificate as the anchor works until it is renewed. */
static bool pins_a_leaf(const struct outcome *o)
{
	const unsigned both = WIRE_CERT_SENT | WIRE_CERT_ANCHOR;

	return o->cert_count && (o->certs[0].flags & both) == both;
}

/* When Docker will refuse for its age what was sent: the leaf's end, or that
 * of the last anchor which carries it. */
static int64_t end_of_trust(const struct outcome *o)
{
	int64_t leaf = INT64_MAX;
	int64_t anchor = INT64_MIN;

	for (size_t i = 0; i < o->cert_count; i++) {
		const struct wire_certificate *c = &o->certs[i];

		if (i == 0 && c->flags & WIRE_CERT_SENT)
			leaf = c->not_after;
		if (c->flags & WIRE_CERT_CHAINS && c->not_after > anchor)
			anchor = c->not_after;
	}
	return anchor == INT64_MIN || leaf < anchor ? leaf : anchor;
}

static void warn_of_end(const struct options *options, const struct turn *turn,
			const struct outcome *o, struct report *report)
{
	int64_t end = end_of_trust(o);

	if (end - turn->job.now >= options->expiry_ms / 1000)
		return;
	report->warnings |= REPORT_WARN_EXPIRY;
	report->ends = end;
}

static void conclude_trust(const struct options *options, int root,
			   const struct turn *turn, const struct outcome *o,
			   struct store_room *room, struct report *report)
{
	enum policy_vouch vouch = turn_vouch(turn, o);
	enum policy_decision decision = turn_decide(
		turn, o, vouch, options->on_change, options->require_pin);
	enum err err = ERR_OK;

	if (is_written(decision))
		err = write_anchors(root, turn, o, decision, room,
				    &report->failure);
	else if (!policy_is_refusal(decision) && turn_lacks_note(turn, o))
		err = write_anchors(root, turn, o, POLICY_DROP_EXPIRED, room,
				    &report->failure);
	else if (turn->survey.litter)
		store_clear(root, turn->registry);
	if (err != ERR_OK)
		return;
	report->state = report_state_of(decision);
	if (is_written(decision) && decision != POLICY_DROP_EXPIRED &&
	    vouch == POLICY_VOUCH_NONE)
		report->warnings |= REPORT_WARN_FIRST_USE;
	if (pins_a_leaf(o)) {
		report->warnings |= REPORT_WARN_LEAF;
		report->ends = o->certs[0].not_after;
	}
	if (!policy_is_refusal(decision))
		warn_of_end(options, turn, o, report);
}

static void conclude_check(const struct options *options,
			   const struct turn *turn, const struct outcome *o,
			   struct report *report)
{
	const unsigned shadows = REPORT_WARN_HOSTS_TOML |
				 REPORT_WARN_PORT_ALIAS |
				 REPORT_WARN_LONE_CERT | REPORT_WARN_LONE_KEY;
	bool host = o->flags & OUTCOME_HOST_TRUSTS;

	if (report->warnings & shadows)
		report->state = REPORT_SHADOWED;
	else if (turn->survey.file_count == 0 && !host)
		report->state = REPORT_UNTRUSTED;
	else if (!(o->flags & OUTCOME_CHAINS) && !host)
		report->state = report->service && !turn_knows_service(turn)
					? REPORT_UNTRUSTED
					: REPORT_CHANGED;
	else if (wire_refuses(&o->verdict))
		report->state = REPORT_UNTRUSTED;
	else if (turn_vouch(turn, o) == POLICY_VOUCH_MISSED)
		report->state = REPORT_REFUSED_VOUCH;
	else
		report->state = REPORT_TRUSTED;
	if (report->state != REPORT_TRUSTED)
		return;
	warn_of_end(options, turn, o, report);
	if (report->warnings & REPORT_WARN_EXPIRY)
		report->state = REPORT_EXPIRING;
}

/* see conclude.h */
bool conclude_follows_service(const struct options *options,
			      const struct turn *turn, struct bytes service)
{
	return (options->mode == OPTIONS_TRUST ||
		options->mode == OPTIONS_CHECK) &&
	       (options->trust_token_host || turn->job.pin_count ||
		turn->job.operator_file.len || options_names(options, service));
}

/* see conclude.h */
void conclude(const struct options *options, int root, const struct turn *turn,
	      const struct outcome *o, struct store_room *room,
	      struct report *report)
{
	report->warnings |= warnings_about(turn, o);
	if (o->service.len && !report->service &&
	    !conclude_follows_service(options, turn, o->service))
		report->warnings |= REPORT_WARN_TOKEN_SERVICE;
	if (wire_refuses(&o->verdict) && !(o->flags & OUTCOME_HOST_POOL))
		report->warnings |= REPORT_WARN_DIRECTORY_ALONE;
	switch (options->mode) {
	case OPTIONS_TRUST:
		conclude_trust(options, root, turn, o, room, report);
		break;
	case OPTIONS_CHECK:
		conclude_check(options, turn, o, report);
		break;
	case OPTIONS_SHOW:
		report->state = REPORT_SHOWN;
		break;
	case OPTIONS_REMOVE:
	case OPTIONS_HELP:
	case OPTIONS_VERSION:
		break;
	}
}

/* see conclude.h */
void conclude_service(const struct options *options, struct report *report)
{
	enum report_exit code = report_exit_of(report);

	if (report->service && !options->trust_token_host &&
	    (code == REPORT_EXIT_REFUSED || code == REPORT_EXIT_UNREACHED ||
	     report->state == REPORT_UNTRUSTED))
		report->state = REPORT_SERVICE_LEFT;
}

/* The same registry's other reference, with port 443 or without it. */
static bool find_alias(const struct registry *registry, struct registry *alias)
{
	const char *text = registry->reference;
	size_t len = strlen(text);
	bool has_port = len > 4 && !strcmp(text + len - 4, ":443");
	char other[REGISTRY_CHARS_MAX + 8];
	struct failure ignored;

	if (registry->port != 443)
		return false;
	snprintf(other, sizeof(other), "%.*s%s", (int)(len - 4 * has_port),
		 text, has_port ? "" : ":443");
	return registry_parse(other, strlen(other), alias, &ignored) == ERR_OK;
}

/* see conclude.h */
void conclude_remove(int root, struct store_room *room, struct report *report)
{
	struct failure *f = &report->failure;
	struct registry alias;
	struct store_result removed = {.changed = false};
	struct store_result also = {.changed = false};
	enum err err = store_remove(root, report->registry, LOCK_WAIT_MS, room,
				    &removed, f);

	if (err != ERR_OK)
		return;
	report->warnings = report_survey_warnings(&room->survey);
	if (find_alias(report->registry, &alias))
		err = store_remove(root, &alias, LOCK_WAIT_MS, room, &also, f);
	if (err == ERR_OK)
		report->state = removed.changed || also.changed ? REPORT_REMOVED
								: REPORT_ABSENT;
}
