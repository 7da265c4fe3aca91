/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The verdict for one Docker release beside all others; see outlook.h.
 */
#include "probe/judge/outlook.h"

#include <stdio.h>
#include <string.h>

/* Rows of Docker releases, oldest first, that decide alike. */
struct span {
	const char *first;
	const char *last;
};

static void append(char *out, const char *text)
{
	size_t len = strlen(out);

	snprintf(out + len, OUTLOOK_CHARS_MAX - len, "%s", text);
}

static void append_span(struct span *span, char *out)
{
	if (!span->first)
		return;
	append(out, *out ? ", " : "Docker ");
	append(out, span->first);
	if (strcmp(span->first, span->last) != 0) {
		append(out, " to ");
		append(out, span->last);
	}
	span->first = NULL;
}

static bool same_rules(struct go_release a, struct go_release b)
{
	for (int rule = 0; rule < GO_RULES_COUNT_; rule++)
		if (go_follows(a, (enum go_rule)rule) !=
		    go_follows(b, (enum go_rule)rule))
			return false;
	return true;
}

static bool accepts(const struct verdict_query *q, struct go_release release)
{
	struct verdict_query other = *q;
	struct verdict verdict;

	other.release = release;
	verdict_reach(&other, &verdict);
	return verdict.code == VERDICT_ACCEPTED;
}

/* see outlook.h */
void outlook_judge(const struct verdict_query *q, struct outlook *out)
{
	struct span span = {NULL, NULL};
	const char *first;
	const char *last;
	struct go_release release;
	/* The release that was judged last, and how: neighbours are alike. */
	struct go_release last_judged = q->release;
	bool last_accepted;
	bool accepted;

	out->others[0] = '\0';
	verdict_reach(q, &out->verdict);
	accepted = out->verdict.code == VERDICT_ACCEPTED;
	if (out->verdict.code == VERDICT_UNCHECKED)
		return;
	last_accepted = accepted;
	for (size_t row = 0; go_docker_row(row, &first, &last, &release);
	     row++) {
		if (!same_rules(release, last_judged))
			last_accepted = same_rules(release, q->release)
						? accepted
						: accepts(q, release);
		last_judged = release;
		if (last_accepted == accepted) {
			append_span(&span, out->others);
			continue;
		}
		if (!span.first)
			span.first = first;
		span.last = last;
	}
	append_span(&span, out->others);
	if (*out->others)
		append(out->others, accepted ? " refuse it" : " accept it");
}
