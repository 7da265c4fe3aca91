/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/report/installed.h"

#include "common/date.h"
#include "installer/report/chain.h"
#include "installer/report/command.h"
#include "installer/report/detail.h"
#include "installer/report/quote.h"
#include "installer/report/refusal.h"

/* The certificates of R that Docker can read, and that are valid now. */
static size_t count_valid(const struct report *r)
{
	size_t count = 0;

	for (size_t i = 0; i < r->outcome->cert_count; i++) {
		const struct wire_certificate *c = &r->outcome->certs[i];

		count += c->flags & WIRE_CERT_INSTALLED &&
			 c->not_before <= r->job->now &&
			 c->not_after >= r->job->now;
	}
	return count;
}

static const char not_asked[] = "; the registry was not asked";

static void print_first(FILE *to, const struct report *r)
{
	size_t valid = count_valid(r);
	char when[DATE_BYTES];
	char text[160];

	if (r->state != REPORT_PRESENT) {
		refusal_print_first(to, r, report_sentence(r), not_asked);
		return;
	}
	date_encode(r->ends, when);
	snprintf(text, sizeof(text), "%s: %zu anchor%s, the first ends on %s",
		 report_sentence(r), valid, valid == 1 ? "" : "s", when);
	refusal_print_first(to, r, text, not_asked);
}

static void print_path(FILE *to, const struct report *r,
		       const struct registry *registry, const char *after)
{
	fprintf(to, QUOTE_LABEL "%s/%s/%s%s\n", "file", r->certs_dir,
		registry->reference, SURVEY_CA_FILE, after);
}

/* What holds may be in another .crt than ours: then there is none of ours. */
static bool lacks_file(const struct report *r)
{
	return r->state != REPORT_INSTALLED && r->state != REPORT_ADDED &&
	       r->survey && !survey_find(r->survey, SURVEY_CA_FILE).data;
}

/* A .crt may lead out of what is mounted, or be closed to this user. */
static const char *say_empty(const struct report *r)
{
	bool is_seen =
		!r->survey || !(r->survey->shadows &
				(SURVEY_DANGLING_CRT | SURVEY_DENIED_CRT));

	return is_seen ? ": nothing is installed"
		       : ": nothing that can be seen from here";
}

/* see installed.h */
void installed_print_file(FILE *to, const struct report *r, bool is_empty)
{
	if (!r->removed[0] && (is_empty || !lacks_file(r)))
		print_path(to, r, r->registry, is_empty ? say_empty(r) : "");
	for (size_t i = 0; i < 2 && r->removed[i]; i++)
		print_path(to, r, r->removed[i], "");
}

/* see installed.h */
void installed_print_aside(FILE *to, const struct report *r)
{
	/* Where what was to come in its place has not, it is still there. */
	bool is_copy = r->state == REPORT_FAILED && !r->failure.is_late;

	if (*r->aside)
		fprintf(to, QUOTE_LABEL "%s/%s/%s: what was in ca.crt\n",
			is_copy ? "copied" : "moved aside", r->certs_dir,
			report_at(r)->reference, r->aside);
	if (r->is_noted)
		detail_print(to, "noted",
			     "its name, as the registry's token service: a "
			     "comment in this file");
}

/* see installed.h */
void installed_print(FILE *to, const struct report *r)
{
	const struct command ask = {.options = r->options,
				    .certs_dir = r->certs_dir,
				    .option = "--check",
				    .reference = r->registry->reference};

	print_first(to, r);
	installed_print_file(
		to, r,
		r->state == REPORT_MISSING &&
			!wire_lists(r->outcome, WIRE_CERT_INSTALLED));
	chain_print(to, "installed", r->outcome, WIRE_CERT_INSTALLED);
	if (r->state == REPORT_PRESENT)
		return;
	if (r->state == REPORT_MISSING)
		chain_print(to, "CA file", r->outcome, WIRE_CERT_ANCHOR);
	detail_print(to, "next",
		     "see what the registry presents, and what Docker says:");
	command_print(to, &ask);
}
