/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sequences survey, supervise, wire, policy, store and report; see run.h. None
 * of these calls another.
 */
#include "installer/run.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/wire.h"
#include "installer/directory.h"
#include "installer/encoding.h"
#include "installer/report.h"
#include "installer/store.h"
#include "installer/supervise.h"
#include "installer/survey.h"

/* What a task holds from before its fork until its report. */
struct turn {
	struct job job;
	struct survey survey;
};

/* Allocated once; what only one task at a time needs is there once. */
struct run {
	const struct options *options;
	void (*probe)(const struct job *job, int pipe_fd);
	int root; /* certs.d */
	enum report_exit worst;
	struct outcome outcome;
	struct survey scratch;
	char content[CRT_BYTES_MAX];
	size_t turn_count;
	struct turn *turns;
};

static struct report report_for(struct run *run, size_t task)
{
	return (struct report){
		.registry = &run->options->registries[task],
		.certs_dir = run->options->certs_dir,
		.outcome = &run->outcome,
	};
}

static void tell(struct run *run, const struct report *report)
{
	enum report_exit code = report_registry(report);

	if (code > run->worst)
		run->worst = code;
}

static bool begin(void *context, size_t task, size_t slot)
{
	struct run *run = context;
	struct report report = report_for(run, task);
	struct turn *turn = &run->turns[slot];
	struct job *job = &turn->job;

	if (survey_take(run->root, report.registry, &turn->survey,
			&report.failure) != ERR_OK) {
		tell(run, &report);
		return false;
	}
	job->registry = report.registry;
	job->timeout_ms = run->options->timeout_ms;
	job->now = time(NULL);
	job->installed_count = turn->survey.file_count;
	for (size_t i = 0; i < job->installed_count; i++)
		job->installed[i] = turn->survey.files[i].content;
	job->pin_count =
		options_pins_for(run->options, report.registry, job->pins);
	job->https_proxy = run->options->https_proxy;
	job->no_proxy = run->options->no_proxy;
	return true;
}

static void probe(void *context, size_t task, size_t slot, int pipe_fd)
{
	struct run *run = context;

	(void)task;
	run->probe(&run->turns[slot].job, pipe_fd);
}

static bool is_pinned(const struct job *job, struct bytes der)
{
	struct fingerprint fp;

	fingerprint_of(der, &fp);
	for (size_t i = 0; i < job->pin_count; i++)
		if (fingerprint_equal(&fp, &job->pins[i]))
			return true;
	return false;
}

/* The probe names the anchors; whether a pin names them too is counted here,
 * on the bytes that would be written. */
static enum policy_vouch vouch(const struct job *job, const struct outcome *o)
{
	enum policy_vouch found = POLICY_VOUCH_MISSED;

	if (job->pin_count == 0)
		return POLICY_VOUCH_NONE;
	for (size_t i = 0; i < o->cert_count; i++) {
		if (!(o->certs[i].flags & WIRE_CERT_ANCHOR))
			continue;
		if (!is_pinned(job, o->certs[i].der))
			return POLICY_VOUCH_MISSED;
		found = POLICY_VOUCH_MATCHED;
	}
	return found;
}

static bool all_installed(const struct outcome *o)
{
	for (size_t i = 0; i < o->cert_count; i++)
		if (o->certs[i].flags & WIRE_CERT_ANCHOR &&
		    !(o->certs[i].flags & WIRE_CERT_INSTALLED))
			return false;
	return true;
}

/* Empty files count as nothing: failed recipes leave them behind. */
static bool holds_something(const struct survey *s)
{
	for (size_t i = 0; i < s->file_count; i++)
		if (s->files[i].content.len)
			return true;
	return false;
}

static struct policy_facts facts_of(const struct run *run,
				    const struct turn *turn,
				    enum policy_vouch vouched)
{
	const struct outcome *o = &run->outcome;

	return (struct policy_facts){
		.installed = holds_something(&turn->survey),
		.same = all_installed(o),
		.continues = o->flags & OUTCOME_CONTINUES,
		.proven = o->flags & OUTCOME_POSSESSION,
		.vouch = vouched,
		.on_change = run->options->on_change,
		.require_pin = run->options->require_pin,
	};
}

/* An old anchor is kept only if the old file itself holds it: the probe's
 * word is not enough to write bytes. */
static bool is_kept(const struct turn *turn, const struct wire_certificate *c)
{
	return c->flags & WIRE_CERT_INSTALLED &&
	       !(c->flags & WIRE_CERT_ANCHOR) &&
	       c->not_after >= turn->job.now &&
	       encoding_file_names(survey_find(&turn->survey, SURVEY_CA_FILE),
				   c->der);
}

static enum err write_anchors(struct run *run, const struct turn *turn,
			      enum policy_decision decision, struct failure *f)
{
	const struct outcome *o = &run->outcome;
	struct encoding e;
	size_t anchors = 0;

	encoding_begin(&e, run->content, sizeof(run->content));
	for (size_t i = 0; i < o->cert_count; i++)
		if (o->certs[i].flags & WIRE_CERT_ANCHOR) {
			encoding_append(&e, &o->certs[i]);
			anchors++;
		}
	for (size_t i = 0; i < o->cert_count; i++)
		if (decision == POLICY_INSTALL_BESIDE &&
		    is_kept(turn, &o->certs[i]))
			encoding_append(&e, &o->certs[i]);
	if (anchors == 0)
		return failure_set(f, ERR_PROBE, "it named no anchor");
	if (e.overflow)
		return failure_set(f, ERR_LIMIT,
				   "the anchors need more than %d bytes",
				   CRT_BYTES_MAX);
	return store_write(run->root, turn->job.registry, &turn->survey,
			   &run->scratch,
			   (struct bytes){(const uint8_t *)e.text, e.len}, f);
}

static enum err carry_out(struct run *run, const struct turn *turn,
			  struct report *report)
{
	switch (report->decision) {
	case POLICY_INSTALL:
	case POLICY_INSTALL_BESIDE:
		return write_anchors(run, turn, report->decision,
				     &report->failure);
	case POLICY_UNCHANGED:
	case POLICY_RENEWED:
	case POLICY_REFUSE_CHANGED:
	case POLICY_REFUSE_UNPROVEN:
	case POLICY_REFUSE_PIN:
	case POLICY_REFUSE_NO_PIN:
	case POLICY_DECISION_COUNT_:
		break;
	}
	if (!turn->survey.litter)
		return ERR_OK;
	return store_clear(run->root, turn->job.registry, &report->failure);
}

static enum err explain_timeout(const struct supervise_result *result,
				struct failure *f)
{
	static const char *const waiting[WIRE_PHASE_COUNT_] = {
		[WIRE_PHASE_START] = "for its process to start",
		[WIRE_PHASE_RESOLVE] = "for DNS or a connection",
		[WIRE_PHASE_CONNECT] = "for a connection",
		[WIRE_PHASE_HANDSHAKE] = "for the TLS handshake",
		[WIRE_PHASE_JUDGE] = "for the chain to be judged",
	};

	return failure_set(f, ERR_TIMEOUT, "still waiting %s",
			   waiting[wire_last_phase(result->frame)]);
}

/* What the probe's end and its frame say; on ERR_OK the outcome is whole. */
static enum err read_result(struct run *run,
			    const struct supervise_result *result,
			    struct failure *f)
{
	enum err err;

	run->outcome.cert_count = 0;
	run->outcome.flags = 0;
	if (result->code == ERR_TIMEOUT)
		return explain_timeout(result, f);
	if (result->code == ERR_LIMIT)
		return failure_set(f, ERR_PROBE, "its report is too long");
	if (result->code != ERR_OK)
		return failure_set(f, ERR_PROBE,
				   result->signal ? "it was killed by signal %d"
						  : "it ended early",
				   result->signal);
	err = wire_decode(result->frame, &run->outcome, f);
	if (err == ERR_OK && run->outcome.failure.code != ERR_OK)
		*f = run->outcome.failure;
	return err == ERR_OK ? run->outcome.failure.code : err;
}

static void done(void *context, size_t task, size_t slot,
		 const struct supervise_result *result)
{
	struct run *run = context;
	const struct turn *turn = &run->turns[slot];
	struct report report = report_for(run, task);

	report.survey = &turn->survey;
	if (read_result(run, result, &report.failure) == ERR_OK) {
		struct policy_facts facts;

		report.vouch = vouch(&turn->job, &run->outcome);
		facts = facts_of(run, turn, report.vouch);
		report.decision = policy_decide(&facts);
		/* On failure the report says why; the code is in it. */
		(void)!carry_out(run, turn, &report);
	}
	tell(run, &report);
}

static enum err run_all(struct run *run, struct failure *f)
{
	const struct supervise_plan plan = {
		.task_count = run->options->registry_count,
		.parallel = run->turn_count,
		.timeout_ms = run->options->timeout_ms + TIMEOUT_GRACE_MS,
		.context = run,
		.begin = begin,
		.probe = probe,
		.done = done,
	};
	unsigned flags = DIRECTORY_CREATE |
			 (run->options->in_image ? DIRECTORY_MOUNTED : 0);
	enum err err = directory_open_root(run->options->certs_dir, flags,
					   &run->root, f);

	if (err != ERR_OK)
		return err;
	err = supervise_run(&plan, f);
	close(run->root);
	return err;
}

/* see run.h */
int run_registries(const struct options *options,
		   void (*probe_main)(const struct job *job, int pipe_fd))
{
	struct run *run = calloc(1, sizeof(*run));
	struct failure f = {ERR_PROBE, "out of memory"};
	enum report_exit code;

	if (!run)
		return report_failure(&f);
	run->options = options;
	run->probe = probe_main;
	run->turn_count = options->registry_count < PROBES_MAX
				  ? options->registry_count
				  : PROBES_MAX;
	run->turns = calloc(run->turn_count, sizeof(*run->turns));
	if (!run->turns) {
		free(run);
		return report_failure(&f);
	}
	code = run_all(run, &f) == ERR_OK ? REPORT_EXIT_TRUSTED
					  : report_failure(&f);
	if (run->worst > code)
		code = run->worst;
	free(run->turns);
	free(run);
	return (int)code;
}
