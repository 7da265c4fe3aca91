/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reports for people; see report.h.
 */
#include <stdio.h>

#include "common/date.h"
#include "installer/certs_d/cause.h"
#include "installer/report/advice.h"
#include "installer/report/chain.h"
#include "installer/report/command.h"
#include "installer/report/consumers.h"
#include "installer/report/detail.h"
#include "installer/report/installed.h"
#include "installer/report/quote.h"
#include "installer/report/refusal.h"
#include "installer/report/report.h"
#include "installer/report/terminal.h"
#include "installer/report/void_files.h"

/* What a failure that came in time has left. Whom this run stands back for may
 * have written, or taken away, anything. */
static const char *what_stays(const struct report *r)
{
	const struct failure *f = &r->failure;

	if (f->code != ERR_STORE)
		return refusal_unwritten(r);
	return f->cause == CAUSE_CHANGED
		       ? "this run has changed no ca.crt"
		       : "a ca.crt that was there is as it was";
}

static void print_failure(FILE *to, const struct report *r)
{
	const struct failure *f = &r->failure;
	char rest[FAILURE_CHARS_MAX + 2] = "";

	if (!r->is_probes && *f->detail)
		snprintf(rest, sizeof(rest), ": %s", f->detail);
	refusal_print_first(to, r, report_failure_what(f->code), rest);
	if (r->is_probes)
		quote_print(to, "probe says", bytes_of(f->detail), "");
	if (f->is_late)
		detail_print(to, "changed",
			     "what was to be done was done, in whole or in "
			     "part, before this failed; look before you run "
			     "it again");
	else
		detail_print(to, "unchanged", what_stays(r));
	installed_print_aside(to, r);
	advice_print(to, f, r->certs_dir, r->options, r->registry);
}

/* A report on what the registry leads to is to follow. */
static void print_awaited(FILE *to, const struct report *r)
{
	char text[128];

	snprintf(text, sizeof(text),
		 "%s; what follows from %s has a report of its own",
		 r->warnings & REPORT_WARN_INSECURE
			 ? "does not verify its certificate"
			 : "accepts its certificate",
		 wire_leads_away(r->outcome->reply) ? "where its /v2/ leads"
						    : "its token service");
	detail_print(to, "docker", text);
}

static bool is_lenient(const struct report *r)
{
	/* Of a token service its registry's facts say so. */
	return r->warnings & (REPORT_WARN_INSECURE | REPORT_WARN_LOOPBACK) ||
	       (r->consumers && r->consumers->is_insecure);
}

/* Of a verdict that is none of acceptance. */
static const char *introduction(const struct report *r)
{
	if (r->verdict.code == VERDICT_UNCHECKED)
		return "what it says of this server cannot be told here:";
	return is_lenient(r)
		       ? "verifies nothing of this server, or not all of it; "
			 "one that does refuses it:"
		       : "refuses this server:";
}

static void print_outlook(FILE *to, const struct report *r)
{
	const struct wire_verdict *v = &r->verdict;
	bool is_told = wire_refuses(v) && !is_lenient(r);

	if (r->is_unproven) {
		refusal_print_unproven(to);
		return;
	}
	if (report_is_blocked(r) && !r->consumers) {
		detail_print(to, "docker",
			     "refuses this registry; a warning below says "
			     "why");
		return;
	}
	if (!v->reached && !r->consumers)
		return;
	if (wire_refuses(v) && !report_is_of_others(r))
		detail_print(to, "docker", introduction(r));
	refusal_print_verdict(to, r);
	if (r->consumers)
		consumers_print(to, r->consumers, is_told);
	else if (wire_accepts(v))
		print_awaited(to, r);
}

/* --check of a registry for which no certificate is there. */
static bool lacks_anchor(const struct report *r)
{
	return !wire_lists(r->outcome, WIRE_CERT_INSTALLED) &&
	       (r->state == REPORT_UNTRUSTED || r->state == REPORT_TRUSTED ||
		r->state == REPORT_EXPIRING);
}

static void print_end(FILE *to, const struct report *r)
{
	char text[128];
	char when[DATE_BYTES];

	date_encode(r->ends, when);
	snprintf(text, sizeof(text),
		 "the server's certificate or its anchor ends on %s", when);
	detail_print(to, "warning", text);
}

static void print_shown(FILE *to, const struct report *r)
{
	chain_print_whole(to, r->outcome);
	chain_print_connection(to, r->outcome);
	detail_print(to, "next",
		     "to install it where it holds, and nothing else:");
	refusal_print_command(to, r, WIRE_CERT_ANCHOR);
}

/* Why another host than the registry could not be looked at. */
static void print_unseen(FILE *to, const struct report *r)
{
	const struct failure *f = &r->failure;

	if (!report_is_look(r->state) || f->code == ERR_OK)
		return;
	detail_print(to, "reason", report_failure_what(f->code));
	report_failure_detail(to, r);
}

static void print_done(FILE *to, const struct report *r)
{
	bool is_left = r->state == REPORT_SERVICE_LEFT;
	bool is_offer = r->state == REPORT_REFUSED_USELESS || is_left ||
			r->state == REPORT_NOT_NEEDED || lacks_anchor(r) ||
			r->state == REPORT_UNREADABLE ||
			(r->state == REPORT_SHADOWED &&
			 !wire_lists(r->outcome, WIRE_CERT_INSTALLED));

	refusal_print_first(to, r, report_sentence(r), report_sentence_rest(r));
	if (r->state == REPORT_SHOWN)
		print_shown(to, r);
	if (r->state == REPORT_SHOWN || r->state == REPORT_ABSENT)
		return;
	if (r->state == REPORT_REFUSED_USELESS)
		detail_print(to, "unchanged",
			     r->service ? refusal_unwritten(r)
					: "nothing was written, and nothing of "
					  "this server is remembered");
	else if (r->state != REPORT_NOT_NEEDED && !report_is_look(r->state))
		installed_print_file(to, r, lacks_anchor(r));
	installed_print_aside(to, r);
	if (r->state != REPORT_SERVICE_FINE && !r->is_redirect)
		chain_print_anchors(to, r, is_offer);
	chain_print_connection(to, r->outcome);
	print_unseen(to, r);
	if (r->ends)
		print_end(to, r);
	print_outlook(to, r);
	/* What --check would have a run do, and who wants its CA too. */
	if ((lacks_anchor(r) || is_left) && !report_cannot_write(r) &&
	    r->verdict.code == VERDICT_UNKNOWN_AUTHORITY)
		refusal_print_offer(to, r);
}

/* Docker's containerd store takes docker.io's directory for its mirrors. */
static void print_mirror(FILE *to, const struct report *r)
{
	char path[PATH_BYTES_MAX + REGISTRY_CHARS_MAX + 16];
	const struct command c = {.options = r->options,
				  .certs_dir = r->certs_dir,
				  .option = "--offline",
				  .ca_file = path,
				  .reference = "docker.io"};

	snprintf(path, sizeof(path), "%s/%s/%s", r->certs_dir,
		 r->registry->reference, SURVEY_CA_FILE);
	detail_print(to, "mirror", "put its CA there too:");
	command_print(to, &c);
}

static void print_warning(FILE *to, const struct report *r, size_t index)
{
	const char *sentence = report_warning_sentence(index);
	const char *file = report_warning_file(r, index);
	char text[SENTENCE_CHARS_MAX + SURVEY_NAME_BYTES];

	if (!file) {
		detail_print(to, "warning", sentence);
		return;
	}
	snprintf(text, sizeof(text), "%s (%s)", sentence, file);
	detail_print(to, "warning", text);
}

static void print_warnings(FILE *to, const struct report *r)
{
	unsigned found = report_warnings_of(r);

	for (size_t i = 0; i < REPORT_WARNINGS_MAX; i++)
		if (found & 1U << i)
			print_warning(to, r, i);
	if (found & REPORT_WARN_MIRROR &&
	    report_exit_of(r) == REPORT_EXIT_TRUSTED)
		print_mirror(to, r);
	if (found & REPORT_WARN_FIRST_USE &&
	    report_exit_of(r) == REPORT_EXIT_TRUSTED)
		refusal_print_elsewhere(to, r);
}

/* see report.h */
void report_text(FILE *to, const struct report *r)
{
	if (r->state == REPORT_FAILED)
		print_failure(to, r);
	else if (options_looks_only(r->options) && r->state != REPORT_UNLISTED)
		installed_print(to, r);
	else if (report_exit_of(r) == REPORT_EXIT_REFUSED)
		refusal_print(to, r);
	else
		print_done(to, r);
	void_files_print(to, r);
	print_warnings(to, r);
}
