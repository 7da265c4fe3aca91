/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What has to hold of a decision, in README's words and not in the code's: the
 * decision is that of the table, and what is said is what was done. Aborts
 * where it does not. For fuzz_decision.c.
 */
#ifndef SUPPORT_DECISION_RULES_H
#define SUPPORT_DECISION_RULES_H

#include "support/decision_written.h"

#include "installer/report/report.h"

static inline void must_refuse(const struct seen *s, const struct report *r)
{
	must(!s->wrote && r->state != REPORT_FAILED &&
	     report_exit_of(r) == REPORT_EXIT_REFUSED);
}

/* Has what is done brought all anchors? */
static inline bool is_brought(const struct seen *s)
{
	return is_subset(s->anchors, named_by(s->after) | s->maybe);
}

/* Is it a token service of which no anchor holds? Its registry's turn, which
 * knows nothing of it, drops them. */
static inline bool is_over(void)
{
	for (size_t i = 0; i < outcome.cert_count; i++)
		if (outcome.certs[i].flags & WIRE_CERT_ANCHOR &&
		    outcome.certs[i].not_after >= NOW)
			return false;
	return is_service();
}

/* The operator named what the server chains to, by a pin or a file. */
static inline void check_named(const struct options *options,
			       const struct seen *s, const struct report *r)
{
	bool replaces = options->on_change == POLICY_REPLACE && !is_service();

	if (is_over() && r->state == REPORT_REFUSED_USELESS) {
		must(!s->wrote && report_exit_of(r) == REPORT_EXIT_DOCKER &&
		     !is_subset(s->anchors, s->sure));
		return;
	}
	must(r->state == REPORT_INSTALLED || r->state == REPORT_ADDED ||
	     r->state == REPORT_DROPPED || r->state == REPORT_UNCHANGED ||
	     r->state == REPORT_RENEWED);
	if (replaces)
		must(is_subset(ours_in(s->after), s->anchors));
	if (replaces || asked.file.content.len || !s->maybe ||
	    options->on_change == POLICY_ADD)
		must(is_brought(s));
	if (r->state == REPORT_RENEWED)
		must(outcome.flags & OUTCOME_CHAINS);
}

static inline bool may_work(enum wire_act act)
{
	enum verdict_code code = outcome.verdict[act].code;

	return code == VERDICT_ACCEPTED || code == VERDICT_UNCHECKED ||
	       code == VERDICT_CLIENT_CERTIFICATE;
}

/* Does the server say that it is no registry? A token service need not be one,
 * and who lacks a client's certificate is told so by a status. */
static inline bool is_no_registry(void)
{
	bool is_status = (outcome.reply == WIRE_REPLY_STATUS ||
			  outcome.reply == WIRE_REPLY_BROKEN ||
			  outcome.reply == WIRE_REPLY_NO_REALM) &&
			 !(outcome.flags & OUTCOME_CLIENT_CERT);

	return !is_service() &&
	       (is_status || outcome.reply == WIRE_REPLY_PAGE ||
		outcome.reply == WIRE_REPLY_LOOP);
}

/* Nobody vouches, and nothing is there: only what works is written. */
static inline void check_first(const struct seen *s, const struct report *r)
{
	if (outcome.flags & OUTCOME_HOST_TRUSTS)
		must(!s->wrote && r->state == REPORT_NOT_NEEDED);
	else if (may_work(WIRE_ALONE) && !is_no_registry())
		must(s->wrote && r->state == REPORT_INSTALLED &&
		     is_brought(s) && r->warnings & REPORT_WARN_FIRST_USE);
	else
		must(!s->wrote && report_exit_of(r) == REPORT_EXIT_DOCKER);
}

/* Are the anchors written, or there already, where nobody reads them? */
static inline bool is_carried_out(const struct seen *s, const struct report *r)
{
	if (r->state == REPORT_UNCHANGED)
		return !s->wrote && is_subset(s->anchors, s->held);
	return is_brought(s) &&
	       (r->state == REPORT_ADDED || r->state == REPORT_INSTALLED);
}

/* Nobody vouches, and what is there does not hold. */
static inline void check_change(const struct options *options,
				const struct seen *s, const struct report *r)
{
	bool is_new = is_service() && section_exists(s->before) &&
		      !count_pieces(s->before, SECTION_SERVICE);

	if (is_new && may_work(WIRE_ALONE))
		must(is_carried_out(s, r));
	else if (is_new)
		must(!s->wrote && report_exit_of(r) == REPORT_EXIT_DOCKER);
	else if (options->on_change == POLICY_REFUSE)
		must_refuse(s, r);
	else
		must(is_carried_out(s, r));
	if (s->wrote && options->on_change == POLICY_REPLACE && !is_service())
		must(is_subset(ours_in(s->after), s->anchors));
}

static inline void check_unnamed(const struct options *options,
				 const struct seen *s, const struct report *r)
{
	bool holds = is_subset(s->anchors, s->sure) ||
		     outcome.flags & OUTCOME_CHAINS;

	if (!s->maybe) {
		check_first(s, r);
	} else if (s->held && holds) {
		must(r->state == REPORT_UNCHANGED ||
		     r->state == REPORT_RENEWED || r->state == REPORT_DROPPED);
		must(is_subset(named_by(s->after), named_by(s->before)));
	} else if (s->held && outcome.flags & OUTCOME_HOST_TRUSTS) {
		must(!s->wrote && r->state == REPORT_NOT_NEEDED);
	} else if (s->held) {
		check_change(options, s, r);
	}
}

/* The table of README, "How it decides". */
static inline void check_law(const struct options *options,
			     const struct seen *s, const struct report *r)
{
	bool is_proven = outcome.flags & OUTCOME_POSSESSION;

	if (!s->anchors && !is_asked_by_name())
		must(!s->wrote && r->state == REPORT_FAILED);
	else if (is_asked_by_name() &&
		 (!s->anchors || !is_subset(s->anchors, named_by_operator())))
		must_refuse(s, r);
	else if (!is_asked_by_name() && options->require_pin)
		must_refuse(s, r);
	else if (!is_proven && !asked.file.content.len)
		must_refuse(s, r);
	else if (is_asked_by_name())
		check_named(options, s, r);
	else
		check_unnamed(options, s, r);
}

/* The verdict that is printed is the one after what was done. */
static inline void check_verdict(const struct report *r)
{
	enum wire_act act = WIRE_KEEP;

	if (r->state == REPORT_REFUSED_BROKEN ||
	    r->state == REPORT_REFUSED_USELESS)
		return;
	if (r->state == REPORT_INSTALLED)
		act = WIRE_ALONE;
	else if (r->state == REPORT_ADDED)
		act = WIRE_BESIDE;
	must(r->verdict.reached &&
	     r->verdict.code == outcome.verdict[act].code &&
	     r->verdict.remark == outcome.verdict[act].remark);
}

static inline void check_words(const struct seen *s, const struct report *r)
{
	enum report_exit code = report_exit_of(r);
	bool says_written = r->state == REPORT_INSTALLED ||
			    r->state == REPORT_ADDED ||
			    r->state == REPORT_DROPPED;

	if (r->state == REPORT_FAILED) {
		must(!s->wrote);
		return;
	}
	must(!says_written || s->wrote);
	must(says_written || named_by(s->before) == named_by(s->after));
	if (s->wrote)
		must(code != REPORT_EXIT_REFUSED &&
		     r->state != REPORT_REFUSED_USELESS &&
		     r->state != REPORT_NOT_NEEDED);
	if (code == REPORT_EXIT_TRUSTED)
		must(!wire_refuses(&r->verdict) && !r->is_unproven &&
		     strncmp(report_sentence(r), "REFUSED", 7) != 0);
	else
		must(report_reason(r) && *report_reason(r));
	if (!(outcome.flags & OUTCOME_POSSESSION))
		must(code != REPORT_EXIT_TRUSTED);
	must(s->set_aside == (*r->aside != '\0'));
	check_verdict(r);
}

#endif
