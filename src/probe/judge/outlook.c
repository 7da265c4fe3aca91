/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The verdict for one Docker release beside all others; see outlook.h.
 */
#include "probe/judge/outlook.h"

#include <stdio.h>
#include <string.h>

enum decision { ACCEPTS, REFUSES, UNCHECKED };

/* Rows of Docker releases, oldest first, that decide alike. */
struct span {
	const char *first;
	const char *last;
};

/* What was judged before. RULES: 0 for a release that was never measured, which
 * is judged beside others, by its version. */
struct known {
	struct go_release release;
	uint64_t rules;
	enum decision decision;
};

struct judged {
	const struct verdict_query *q;
	struct known known[OUTLOOK_ROWS_MAX];
	size_t count;
};

static void append(char *out, const char *text)
{
	size_t len = strlen(out);

	snprintf(out + len, OUTLOOK_CHARS_MAX - len, "%s", text);
}

static void append_span(struct span *span, const char *before, char *out)
{
	if (!span->first)
		return;
	append(out, before);
	append(out, span->first);
	if (strcmp(span->first, span->last) != 0) {
		append(out, " to ");
		append(out, span->last);
	}
	span->first = NULL;
}

static uint64_t rules_of(struct go_release release)
{
	struct go_release around[2];

	return go_measured_around(release, around) ? 0 : go_rules(release);
}

static enum decision decision_of(enum verdict_code code)
{
	return code == VERDICT_ACCEPTED	   ? ACCEPTS
	       : code == VERDICT_UNCHECKED ? UNCHECKED
					   : REFUSES;
}

static void remember(struct judged *j, struct known known)
{
	if (j->count < OUTLOOK_ROWS_MAX)
		j->known[j->count++] = known;
}

/* A row with the same rules as one before is not judged again. */
static enum decision decide(struct judged *j, struct go_release release)
{
	struct verdict_query other = *j->q;
	struct known known = {.release = release};
	struct verdict verdict;

	for (size_t i = 0; i < j->count; i++)
		if (j->known[i].release.version == release.version &&
		    j->known[i].release.line == release.line)
			return j->known[i].decision;
	known.rules = rules_of(release);
	for (size_t i = 0; i < j->count && known.rules; i++) {
		if (j->known[i].rules != known.rules)
			continue;
		known.decision = j->known[i].decision;
		remember(j, known);
		return known.decision;
	}
	other.release = release;
	verdict_reach(&other, &verdict);
	known.decision = decision_of(verdict.code);
	remember(j, known);
	return known.decision;
}

/* Append "Docker A to B, C" for the rows that decide as WANTED. */
static bool append_rows(struct judged *j, enum decision wanted, char *out)
{
	const char *before = *out ? "; Docker " : "Docker ";
	struct span span = {NULL, NULL};
	const char *first, *last;
	struct go_release release;
	bool any = false;

	for (size_t row = 0; go_docker_row(row, &first, &last, &release);
	     row++) {
		if (decide(j, release) != wanted) {
			append_span(&span, before, out);
			continue;
		}
		if (!span.first) {
			span.first = first;
			before = any ? ", " : before;
		}
		span.last = last;
		any = true;
	}
	append_span(&span, before, out);
	return any;
}

/* see outlook.h */
void outlook_judge(const struct verdict_query *q, struct outlook *out)
{
	struct verdict_query kept = *q;
	struct judged j = {.q = &kept};
	size_t used = q->arena->used;
	struct parsed parsed;
	bool accepted;

	out->others[0] = '\0';
	out->differs = false;
	verdict_reach(q, &out->verdict);
	if (out->verdict.code == VERDICT_UNCHECKED)
		return;
	parsed_open(&parsed, OUTLOOK_PARSED_MAX, q->arena);
	kept.parsed = &parsed;
	accepted = out->verdict.code == VERDICT_ACCEPTED;
	remember(&j, (struct known){q->release, rules_of(q->release),
				    decision_of(out->verdict.code)});
	out->differs =
		append_rows(&j, accepted ? REFUSES : ACCEPTS, out->others);
	if (out->differs)
		append(out->others, accepted ? " refuse it" : " accept it");
	if (append_rows(&j, UNCHECKED, out->others))
		append(out->others, " cannot be checked here");
	q->arena->used = used;
}
