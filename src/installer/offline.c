/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looking without asking; see offline.h.
 */
#include "installer/offline.h"

#include "installer/certs_d/ca_crt.h"

/* What is installed, counted. */
struct holding {
	size_t read;	      /* all that Docker can read */
	size_t named;	      /* by a pin or the file; without those, all */
	size_t named_current; /* of them, those valid now */
	size_t lacking;	      /* the file names it, and it is not there */
	int64_t first_end;    /* of those valid now, named or not */
	int64_t last_end;     /* of those that are named */
};

static bool is_shadowed(const struct options *options, const struct turn *turn,
			const struct report *report)
{
	unsigned shadows = turn->survey.shadows;

	/* What a link leads to on the host is not seen from a container. */
	return report->warnings & REPORT_SHADOWS ||
	       shadows & (SURVEY_UNREAD_CRT | SURVEY_FOLDER_CRT) ||
	       (shadows & SURVEY_DANGLING_CRT && !options->in_image);
}

/* Our own eyes: what a pin or the file names is in a .crt, byte for byte. */
static bool is_seen(const struct turn *turn, const struct wire_certificate *c)
{
	for (size_t i = 0; i < turn->survey.file_count; i++)
		if (ca_crt_file_names(turn->survey.files[i].content, c->der))
			return true;
	return false;
}

/* Is C, which is installed, what the operator named? */
static bool is_named(const struct turn *turn, const struct wire_certificate *c)
{
	const struct job *job = &turn->job;

	if (job->operator_file.len)
		return c->flags & WIRE_CERT_ANCHOR && is_seen(turn, c);
	return !job->pin_count ||
	       (fingerprint_is_among(c->der, job->pins, job->pin_count) &&
		is_seen(turn, c));
}

static struct holding count(const struct turn *turn, const struct outcome *o)
{
	struct holding h = {.first_end = MOMENT_LAST, .last_end = MOMENT_FIRST};
	int64_t now = turn->job.now;

	for (size_t i = 0; i < o->cert_count; i++) {
		const struct wire_certificate *c = &o->certs[i];
		bool named = is_named(turn, c);

		if (c->flags & WIRE_CERT_ANCHOR &&
		    !(c->flags & WIRE_CERT_INSTALLED && named))
			h.lacking++;
		if (!(c->flags & WIRE_CERT_INSTALLED))
			continue;
		h.read++;
		h.named += named;
		if (c->not_before > now || c->not_after < now)
			continue;
		h.named_current += named;
		if (c->not_after < h.first_end)
			h.first_end = c->not_after;
		if (named && c->not_after > h.last_end)
			h.last_end = c->not_after;
	}
	return h;
}

static enum report_state state_of(const struct options *options,
				  const struct turn *turn,
				  const struct holding *h)
{
	const struct job *job = &turn->job;

	if (options->require_pin && !job->pin_count && !job->operator_file.len)
		return REPORT_REFUSED_NO_PIN;
	if (!h->read)
		return turn->survey.file_count ? REPORT_UNREADABLE
					       : REPORT_MISSING;
	if (job->pin_count && !h->named)
		return REPORT_UNPINNED;
	if (h->lacking)
		return REPORT_MISSING;
	return h->named_current ? REPORT_PRESENT : REPORT_EXPIRED;
}

/* see offline.h */
void offline_check(const struct options *options, const struct turn *turn,
		   const struct outcome *o, struct report *report)
{
	struct holding h = count(turn, o);

	report->state = is_shadowed(options, turn, report)
				? REPORT_SHADOWED
				: state_of(options, turn, &h);
	if (report->state != REPORT_PRESENT)
		return;
	report->ends = h.first_end;
	if (h.last_end - turn->job.now < options->expiry_ms / 1000)
		report->warnings |= REPORT_WARN_EXPIRY;
}
