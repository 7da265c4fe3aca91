/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How registries end, in words and codes; see report.h.
 */
#include "installer/report/report.h"

#include "installer/report/missed.h"

static const struct {
	const char *word;
	const char *sentence;
	enum report_exit exit;
} states[REPORT_STATE_COUNT_] = {
	[REPORT_FAILED] = {"failed", "", REPORT_EXIT_UNREACHED},
	[REPORT_INSTALLED] = {"installed",
			      "installed; it is read at the next pull, push "
			      "or login, no restart needed; an image whose "
			      "build was refused before stays refused for up "
			      "to five minutes",
			      REPORT_EXIT_TRUSTED},
	[REPORT_ADDED] = {"added",
			  "installed beside what was there; no restart "
			  "needed",
			  REPORT_EXIT_TRUSTED},
	[REPORT_DROPPED] = {"dropped",
			    "an expired anchor was dropped; the others hold",
			    REPORT_EXIT_TRUSTED},
	[REPORT_UNCHANGED] = {"unchanged",
			      "unchanged; the same anchor is installed",
			      REPORT_EXIT_TRUSTED},
	[REPORT_RENEWED] = {"renewed",
			    "renewed; the server's chain verifies under what "
			    "is installed, no anchor was written",
			    REPORT_EXIT_TRUSTED},
	[REPORT_NOT_NEEDED] = {"not-needed",
			       "not needed; this host's own CA store covers "
			       "it; Docker reads that store when it starts: "
			       "restart it if the CA is newer there",
			       REPORT_EXIT_TRUSTED},
	[REPORT_REFUSED_CHANGED] = {"refused-changed",
				    "REFUSED: ITS CERTIFICATE HAS CHANGED",
				    REPORT_EXIT_REFUSED},
	[REPORT_REFUSED_BROKEN] = {"refused-broken",
				   "REFUSED: the server does not chain to what "
				   "is installed",
				   REPORT_EXIT_REFUSED},
	[REPORT_REFUSED_USELESS] =
		{"refused-useless",
		 "NOT INSTALLED: it would be refused even so",
		 REPORT_EXIT_DOCKER},
	[REPORT_REFUSED_UNPROVEN] = {"refused-unproven",
				     "REFUSED: the server did not prove that "
				     "it holds its key, and anybody can "
				     "present its chain",
				     REPORT_EXIT_REFUSED},
	[REPORT_REFUSED_VOUCH] = {"refused-pin",
				  "REFUSED: the server does not chain to a "
				  "valid certificate of the CA file",
				  REPORT_EXIT_REFUSED},
	[REPORT_REFUSED_NO_PIN] = {"refused-no-pin",
				   "REFUSED: --require-pin is set, and no pin "
				   "or CA file speaks for it",
				   REPORT_EXIT_REFUSED},
	[REPORT_SERVICE_LEFT] = {"service-left",
				 "not installed: no pin names its CA; where "
				 "Docker does not trust it otherwise, logins "
				 "fail until one does, or "
				 "--trust-token-host is given",
				 REPORT_EXIT_TRUSTED},
	[REPORT_SERVICE_FINE] = {"service-fine", "covered by what is installed",
				 REPORT_EXIT_TRUSTED},
	[REPORT_SERVICE_UNSEEN] = {"service-unseen",
				   "could not be looked at; nothing was "
				   "written for it",
				   REPORT_EXIT_TRUSTED},
	[REPORT_REDIRECT_LEFT] = {"redirect-left",
				  "not covered by what is installed, with "
				  "which Docker goes there",
				  REPORT_EXIT_TRUSTED},
	[REPORT_REDIRECT_FINE] = {"redirect-fine",
				  "covered by what is installed",
				  REPORT_EXIT_TRUSTED},
	[REPORT_REDIRECT_UNSEEN] = {"redirect-unseen",
				    "could not be looked at; nothing was "
				    "written for it",
				    REPORT_EXIT_TRUSTED},
	[REPORT_SHOWN] = {"shown", "presents this chain", REPORT_EXIT_TRUSTED},
	[REPORT_TRUSTED] = {"trusted", "trusted", REPORT_EXIT_TRUSTED},
	[REPORT_EXPIRING] = {"expiring", "trusted, but a certificate ends soon",
			     REPORT_EXIT_TRUSTED},
	[REPORT_CHANGED] = {"changed",
			    "CHANGED: the server's chain does not verify "
			    "under what is installed",
			    REPORT_EXIT_REFUSED},
	[REPORT_UNTRUSTED] = {"untrusted", "not trusted", REPORT_EXIT_DOCKER},
	[REPORT_UNREADABLE] = {"unreadable",
			       "no certificate that Docker can read is in the "
			       "files that are read here",
			       REPORT_EXIT_DOCKER},
	[REPORT_SHADOWED] = {"shadowed",
			     "shadowed: a file keeps Docker, or a part of it, "
			     "from using this directory",
			     REPORT_EXIT_DOCKER},
	[REPORT_PRESENT] = {"present", "installed", REPORT_EXIT_TRUSTED},
	[REPORT_MISSING] = {"missing", "NOT INSTALLED", REPORT_EXIT_DOCKER},
	[REPORT_EXPIRED] = {"expired",
			    "NOT VALID: no certificate that is to vouch for it "
			    "is valid now",
			    REPORT_EXIT_DOCKER},
	[REPORT_UNPINNED] = {"unpinned",
			     "REFUSED: no certificate that is installed is "
			     "one that a pin names",
			     REPORT_EXIT_REFUSED},
	[REPORT_REMOVED] = {"removed",
			    "removed; that counts from the next pull, push or "
			    "login on",
			    REPORT_EXIT_TRUSTED},
	[REPORT_ABSENT] = {"absent",
			   "nothing to remove; nothing here is as dtr-trust "
			   "writes it",
			   REPORT_EXIT_TRUSTED},
	[REPORT_PRUNED] = {"pruned",
			   "removed, for the list does not name it; that "
			   "counts from the next pull, push or login on",
			   REPORT_EXIT_TRUSTED},
	[REPORT_UNLISTED] = {"unlisted",
			     "NOT IN THE LIST, and what dtr-trust wrote for it "
			     "is still there",
			     REPORT_EXIT_REFUSED},
};

/* see report.h */
bool report_is_blocked(const struct report *r)
{
	return r->warnings & (REPORT_WARN_LONE_CERT | REPORT_WARN_LONE_KEY |
			      REPORT_WARN_NO_CLASSIC_SUITE);
}

/* see report.h */
bool report_is_look(enum report_state state)
{
	return state >= REPORT_SERVICE_LEFT && state <= REPORT_REDIRECT_UNSEEN;
}

/* see report.h */
bool report_is_silent(enum report_state state)
{
	return state == REPORT_SHOWN || state == REPORT_REMOVED ||
	       state == REPORT_ABSENT || state == REPORT_PRUNED ||
	       state == REPORT_UNLISTED || report_is_look(state);
}

/* Does Docker refuse the registry after what was done? */
static bool is_refused(const struct report *r)
{
	if (r->consumers && consumer_all_would_refuse(r->consumers))
		return true;
	return !report_is_silent(r->state) &&
	       (wire_refuses(&r->verdict) || r->is_unproven ||
		report_is_blocked(r));
}

/* see report.h; Docker's refusal counts only where dtr-trust itself has none.
 */
enum report_exit report_exit_of(const struct report *r)
{
	enum report_exit code = states[r->state].exit;

	if (r->state == REPORT_FAILED)
		return report_failure_exit(&r->failure);
	if (code == REPORT_EXIT_TRUSTED && is_refused(r))
		return REPORT_EXIT_DOCKER;
	return code;
}

/* see report.h */
const char *report_word(enum report_state state)
{
	return states[state].word;
}

/* Of a state that is one of success, where Docker refuses all the same. */
static const char *sentence_of_refused(const struct report *r)
{
	bool is_written =
		r->state == REPORT_INSTALLED || r->state == REPORT_ADDED;

	if (report_is_look(r->state) && !report_is_of_others(r))
		return "REFUSED BY DOCKER: not all of it goes through with "
		       "what is installed";
	if (r->verdict.code == VERDICT_UNCHECKED && !r->is_unproven)
		return is_written ? "installed, but what Docker says of it "
				    "cannot be told here"
				  : "what Docker says of it cannot be told "
				    "here";
	/* A login goes through, and no pull has been seen to fail. */
	if (r->consumers && r->consumers->reply == CONSUMER_REPLY_FOREIGN &&
	    wire_accepts(&r->verdict))
		return is_written ? "NO REGISTRY ANSWERS, though the anchor is "
				    "installed"
				  : "NO REGISTRY ANSWERS, though it chains to "
				    "what is installed";
	if (report_is_of_others(r))
		return is_written ? "REFUSED by those that read it, though the "
				    "anchor is installed"
				  : "REFUSED by those that read it";
	if (is_written)
		return "REFUSED BY DOCKER, though the anchor is installed";
	if (r->state == REPORT_DROPPED)
		return "REFUSED BY DOCKER; an expired anchor was dropped";
	return r->state == REPORT_NOT_NEEDED
		       ? "REFUSED BY DOCKER, and nothing was written"
		       : "REFUSED BY DOCKER, though it chains to what is "
			 "installed";
}

/* see report.h */
const char *report_sentence(const struct report *r)
{
	const char *unverified = report_sentence_unverified(r);

	if (unverified)
		return unverified;
	if (r->state == REPORT_REFUSED_VOUCH && r->job &&
	    !r->job->operator_file.len)
		return missed_is_sent(r)
			       ? "REFUSED: the server sends the certificate "
				 "that a pin names, but its own does not chain "
				 "to it"
			       : "REFUSED: the server sends no certificate "
				 "that a pin names";
	if (states[r->state].exit == REPORT_EXIT_TRUSTED && is_refused(r))
		return sentence_of_refused(r);
	if (r->state == REPORT_REFUSED_USELESS && wire_accepts(&r->verdict))
		return "NOT INSTALLED: no working registry answers at /v2/";
	if (r->state == REPORT_UNTRUSTED &&
	    r->verdict.code == VERDICT_UNCHECKED)
		return "what Docker says of it cannot be told here";
	if (report_sentence_unread(r))
		return report_sentence_unread(r);
	if ((r->state == REPORT_SERVICE_FINE ||
	     r->state == REPORT_REDIRECT_FINE) &&
	    r->outcome->flags & OUTCOME_HOST_TRUSTS)
		return "covered by this host's own CA store";
	return states[r->state].sentence;
}
