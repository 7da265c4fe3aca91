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

/* What was judged before: a row with the same rules is not judged again. */
struct known {
	struct go_release release;
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

static bool is_measured(struct go_release release)
{
	struct go_release around[2];

	return go_measured_around(release, around) == 0;
}

/* Whoever was not measured is judged beside others, by its version. */
static bool decide_alike(struct go_release a, struct go_release b)
{
	return a.version == b.version ? a.line == b.line
				      : is_measured(a) && is_measured(b) &&
						go_rules(a) == go_rules(b);
}

static enum decision decision_of(enum verdict_code code)
{
	return code == VERDICT_ACCEPTED	   ? ACCEPTS
	       : code == VERDICT_UNCHECKED ? UNCHECKED
					   : REFUSES;
}

static enum decision decide(struct judged *j, struct go_release release)
{
	struct verdict_query other = *j->q;
	struct verdict verdict;

	for (size_t i = 0; i < j->count; i++)
		if (decide_alike(j->known[i].release, release))
			return j->known[i].decision;
	other.release = release;
	verdict_reach(&other, &verdict);
	if (j->count < OUTLOOK_ROWS_MAX)
		j->known[j->count++] =
			(struct known){release, decision_of(verdict.code)};
	return decision_of(verdict.code);
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
	struct judged j = {.q = q};
	bool accepted;

	out->others[0] = '\0';
	verdict_reach(q, &out->verdict);
	if (out->verdict.code == VERDICT_UNCHECKED)
		return;
	accepted = out->verdict.code == VERDICT_ACCEPTED;
	j.known[j.count++] =
		(struct known){q->release, decision_of(out->verdict.code)};
	if (append_rows(&j, accepted ? REFUSES : ACCEPTS, out->others))
		append(out->others, accepted ? " refuse it" : " accept it");
	if (append_rows(&j, UNCHECKED, out->others))
		append(out->others, " cannot be checked here");
}
