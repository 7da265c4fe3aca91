/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words of all reports, as tables; see report.h.
 */
#include "installer/report/report.h"

#include "installer/report/remedy.h"

static const struct {
	const char *word;
	const char *sentence;
	enum report_exit exit;
} states[REPORT_STATE_COUNT_] = {
	[REPORT_FAILED] = {"failed", "", REPORT_EXIT_UNREACHED},
	[REPORT_INSTALLED] = {"installed",
			      "installed; Docker reads it at the next pull, "
			      "push or login, no restart needed",
			      REPORT_EXIT_TRUSTED},
	[REPORT_ADDED] = {"added",
			  "installed beside the old anchor, which goes when "
			  "it expires; no restart needed",
			  REPORT_EXIT_TRUSTED},
	[REPORT_DROPPED] = {"dropped",
			    "an expired anchor was dropped; the others hold",
			    REPORT_EXIT_TRUSTED},
	[REPORT_UNCHANGED] = {"unchanged",
			      "unchanged; the same anchor is installed",
			      REPORT_EXIT_TRUSTED},
	[REPORT_RENEWED] = {"renewed",
			    "renewed; the server's chain verifies under what "
			    "is installed, nothing was written",
			    REPORT_EXIT_TRUSTED},
	[REPORT_NOT_NEEDED] = {"not-needed",
			       "not needed; this host's own CA store covers "
			       "it, nothing was written",
			       REPORT_EXIT_TRUSTED},
	[REPORT_REFUSED_CHANGED] = {"refused-changed",
				    "REFUSED: THE REGISTRY'S CERTIFICATE HAS "
				    "CHANGED",
				    REPORT_EXIT_REFUSED},
	[REPORT_REFUSED_BROKEN] = {"refused-broken",
				   "REFUSED: the server does not chain to what "
				   "is installed, and to accept its "
				   "certificate would not help",
				   REPORT_EXIT_REFUSED},
	[REPORT_REFUSED_USELESS] = {"refused-useless",
				    "NOT INSTALLED: Docker would refuse this "
				    "registry even so",
				    REPORT_EXIT_DOCKER},
	[REPORT_REFUSED_UNPROVEN] = {"refused-unproven",
				     "REFUSED: the server did not prove that "
				     "it holds its key, and anybody can "
				     "present its chain",
				     REPORT_EXIT_REFUSED},
	[REPORT_REFUSED_VOUCH] = {"refused-pin",
				  "REFUSED: the server does not chain to a "
				  "certificate of the CA file",
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
	[REPORT_SHOWN] = {"shown", "presents this chain", REPORT_EXIT_TRUSTED},
	[REPORT_TRUSTED] = {"trusted", "trusted", REPORT_EXIT_TRUSTED},
	[REPORT_EXPIRING] = {"expiring", "trusted, but a certificate ends soon",
			     REPORT_EXIT_TRUSTED},
	[REPORT_CHANGED] = {"changed",
			    "CHANGED: the server's chain does not verify "
			    "under what is installed",
			    REPORT_EXIT_REFUSED},
	[REPORT_UNTRUSTED] = {"untrusted", "not trusted by Docker",
			      REPORT_EXIT_DOCKER},
	[REPORT_UNREADABLE] = {"unreadable",
			       "no certificate that Docker can read is in the "
			       "files that are there",
			       REPORT_EXIT_DOCKER},
	[REPORT_SHADOWED] = {"shadowed",
			     "shadowed: another file keeps Docker from using "
			     "what is installed",
			     REPORT_EXIT_DOCKER},
	[REPORT_REMOVED] = {"removed",
			    "removed; Docker does without it from the next "
			    "pull, push or login on",
			    REPORT_EXIT_TRUSTED},
	[REPORT_ABSENT] = {"absent",
			   "nothing to remove; dtr-trust wrote nothing here",
			   REPORT_EXIT_TRUSTED},
};

static const struct {
	const char *what;
	const char *next;
	enum report_exit exit;
} classes[ERR_COUNT_] = {
	[ERR_OK] = {"no failure", "nothing", REPORT_EXIT_TRUSTED},
	[ERR_USAGE] = {"usage", "see dtr-trust --help", REPORT_EXIT_USAGE},
	[ERR_RESOLVE] = {"the name has no address",
			 "check the spelling, and DNS as seen from here "
			 "(docker run --network host takes the host's)",
			 REPORT_EXIT_UNREACHED},
	[ERR_CONNECT] = {"no connection",
			 "check the port, the route and the firewall from "
			 "this machine",
			 REPORT_EXIT_UNREACHED},
	[ERR_PROXY] = {"the proxy did not let us through",
		       "check HTTPS_PROXY and NO_PROXY", REPORT_EXIT_UNREACHED},
	[ERR_TLS] = {"no TLS that Docker could use",
		     "check that this is the registry's HTTPS port, and the "
		     "server's TLS settings",
		     REPORT_EXIT_UNREACHED},
	[ERR_CHAIN] = {"no anchor can help",
		       "have the registry's certificate reissued",
		       REPORT_EXIT_DOCKER},
	[ERR_LIMIT] = {"more than the limits allow",
		       "check that this is a registry", REPORT_EXIT_UNREACHED},
	[ERR_TIMEOUT] = {"no answer in time",
			 "check the server, or give it longer with --timeout",
			 REPORT_EXIT_UNREACHED},
	[ERR_PROBE] = {"the probe process failed",
		       "run again; if it stays, report it as a bug",
		       REPORT_EXIT_UNREACHED},
	[ERR_SANDBOX] = {"the probe could not be confined",
			 "run it under Docker's default seccomp profile",
			 REPORT_EXIT_UNREACHED},
	[ERR_REFUSED] = {"REFUSED",
			 "have all servers behind the name present the same "
			 "chain, or pin the CA that they share",
			 REPORT_EXIT_REFUSED},
	[ERR_CLOCK] = {"this machine's clock is wrong",
		       "set the clock; no certificate can be judged before",
		       REPORT_EXIT_UNREACHED},
	[ERR_STOPPED] = {"stopped by a signal", "run again",
			 REPORT_EXIT_UNREACHED},
	[ERR_MEMORY] = {"out of memory",
			"give it more: --memory 32m is enough in a container",
			REPORT_EXIT_UNREACHED},
	[ERR_STORE] = {"certs.d could not be written or read",
		       "mend what is named above and run again",
		       REPORT_EXIT_STORE},
};

/* In the order of enum report_warning. */
static const struct {
	const char *word;
	const char *sentence;
} warnings[] = {
	{"first-use", "only the network vouches for a first use; compare the "
		      "fingerprint with the registry's administrator and pin "
		      "it on every node"},
	{"leaf", "this is the server's own certificate: when it is renewed, "
		 "Docker will refuse the registry until dtr-trust runs again"},
	{"loopback", "Docker treats loopback registries as insecure and reads "
		     "no certificate for them"},
	{"hub-path", "without a dot or a port, Docker takes this name for a "
		     "path on Docker Hub, not for a registry"},
	{"client-certificate", "the server asks for a client certificate; if "
			       "it insists, Docker needs client.cert and "
			       "client.key beside ca.crt"},
	{"unsealed", "this kernel has no Landlock; the probe ran under seccomp "
		     "and rlimits alone"},
	{"token-service", "logins go to a token service on another host; "
			  "Docker checks it with this registry's directory, "
			  "so its CA must be there too: --trust-token-host"},
	{"hosts-toml", "hosts.toml is in the directory: where it names hosts, "
		       "Docker's containerd store and containerd read it and "
		       "no .crt"},
	{"port-alias", "a directory host_port_ is in certs.d: Docker's "
		       "containerd store and containerd read it instead"},
	{"default-hidden", "_default/ does not count for a registry that has "
			   "a directory of its own (containerd store)"},
	{"lone-cert", "a .cert without its .key is in the directory: Docker "
		      "refuses the registry until one of them is gone"},
	{"lone-key", "a .key without its .cert is in the directory: Docker "
		     "refuses the registry until one of them is gone"},
	{"unread-crt", "a .crt in the directory could not be read; if Docker "
		       "cannot read it either, it refuses the registry"},
	{"other-crt", "another .crt is in the directory and stays trusted "
		      "beside ca.crt"},
	{"key-left-out", "the CA file holds a private key; it was left out "
			 "and goes nowhere"},
	{"expiry", "a certificate that this trust rests on ends soon"},
	{"containers", "/etc/containers/certs.d has a directory for this "
		       "registry: Podman, Buildah, Skopeo and CRI-O read that "
		       "one and not ours"},
	{"directory-alone", "judged with this directory alone: the host's own "
			    "CA store cannot be seen from here, and Docker "
			    "adds it"},
	{"cipher-suite", "the server takes no cipher suite that docker login "
			 "offers, nor docker pull with a graphdriver store: "
			 "remote error: tls: handshake failure"},
	{"void-crt", "ca.crt held no certificate that Docker can read: Docker "
		     "ignores such a file, containerd's loader fails on it"},
};

/* see report.h */
enum report_state report_state_of(enum policy_decision decision)
{
	switch (decision) {
	case POLICY_INSTALL:
		return REPORT_INSTALLED;
	case POLICY_INSTALL_BESIDE:
		return REPORT_ADDED;
	case POLICY_DROP_EXPIRED:
		return REPORT_DROPPED;
	case POLICY_UNCHANGED:
		return REPORT_UNCHANGED;
	case POLICY_RENEWED:
		return REPORT_RENEWED;
	case POLICY_NOT_NEEDED:
		return REPORT_NOT_NEEDED;
	case POLICY_REFUSE_CHANGED:
		return REPORT_REFUSED_CHANGED;
	case POLICY_REFUSE_BROKEN:
		return REPORT_REFUSED_BROKEN;
	case POLICY_REFUSE_USELESS:
		return REPORT_REFUSED_USELESS;
	case POLICY_REFUSE_UNPROVEN:
		return REPORT_REFUSED_UNPROVEN;
	case POLICY_REFUSE_VOUCH:
		return REPORT_REFUSED_VOUCH;
	case POLICY_REFUSE_NO_PIN:
		return REPORT_REFUSED_NO_PIN;
	case POLICY_DECISIONS_:
		break;
	}
	return REPORT_FAILED;
}

/* see report.h */
bool report_is_blocked(const struct report *r)
{
	return r->warnings & (REPORT_WARN_LONE_CERT | REPORT_WARN_LONE_KEY |
			      REPORT_WARN_NO_CLASSIC_SUITE);
}

/* States that say nothing of what Docker will do. */
static bool is_silent(enum report_state state)
{
	return state == REPORT_SHOWN || state == REPORT_REMOVED ||
	       state == REPORT_ABSENT || state == REPORT_SERVICE_LEFT;
}

/* Does Docker refuse the registry after what was done? */
static bool is_refused(const struct report *r)
{
	return !is_silent(r->state) && (wire_refuses(&r->verdict) ||
					r->is_unproven || report_is_blocked(r));
}

/* see report.h; Docker's refusal counts only where dtr-trust itself has none.
 */
enum report_exit report_exit_of(const struct report *r)
{
	enum report_exit code = states[r->state].exit;

	if (r->state == REPORT_FAILED)
		return classes[r->failure.code].exit;
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
static const char *sentence_of_refused(enum report_state state)
{
	switch ((int)state) {
	case REPORT_INSTALLED:
	case REPORT_ADDED:
		return "REFUSED BY DOCKER, though what was named is installed";
	case REPORT_NOT_NEEDED:
		return "REFUSED BY DOCKER, and nothing was written";
	default:
		return "REFUSED BY DOCKER, though it chains to what is "
		       "installed";
	}
}

static bool pins_name_a_sent_one(const struct report *r)
{
	for (size_t i = 0; r->job && i < r->outcome->cert_count; i++)
		for (size_t k = 0; k < r->job->pin_count; k++) {
			struct fingerprint fp;

			fingerprint_of(r->outcome->certs[i].der, &fp);
			if (r->outcome->certs[i].flags & WIRE_CERT_SENT &&
			    fingerprint_equal(&fp, &r->job->pins[k]))
				return true;
		}
	return false;
}

/* see report.h */
const char *report_sentence(const struct report *r)
{
	if (r->state == REPORT_REFUSED_VOUCH && r->job &&
	    !r->job->operator_file.len)
		return pins_name_a_sent_one(r)
			       ? "REFUSED: the server sends the certificate "
				 "that a pin names, but its own does not chain "
				 "to it"
			       : "REFUSED: the server sends no certificate "
				 "that a pin names";
	if (states[r->state].exit == REPORT_EXIT_TRUSTED && is_refused(r))
		return sentence_of_refused(r->state);
	return states[r->state].sentence;
}

/* see report.h */
const char *report_reason(const struct report *r)
{
	switch ((int)r->state) {
	case REPORT_FAILED:
		return NULL;
	case REPORT_REFUSED_CHANGED:
	case REPORT_CHANGED:
		return "changed-ca";
	case REPORT_REFUSED_UNPROVEN:
		return "unproven";
	case REPORT_REFUSED_VOUCH:
		return "not-named";
	case REPORT_REFUSED_NO_PIN:
		return "no-pin";
	case REPORT_UNREADABLE:
		return "unreadable-ca-crt";
	case REPORT_SHADOWED:
		return "shadowed";
	default:
		break;
	}
	if (is_silent(r->state))
		return NULL;
	if (r->is_unproven)
		return "unproven";
	if (wire_refuses(&r->verdict))
		return remedy_find(r->verdict.code, r->verdict.remark)->word;
	return report_is_blocked(r) ? "blocked" : NULL;
}

/* see report.h */
unsigned report_survey_warnings(const struct survey *survey)
{
	static const struct {
		enum survey_shadow shadow;
		enum report_warning warning;
	} pairs[] = {
		{SURVEY_HOSTS_TOML, REPORT_WARN_HOSTS_TOML},
		{SURVEY_PORT_ALIAS, REPORT_WARN_PORT_ALIAS},
		{SURVEY_DEFAULT, REPORT_WARN_DEFAULT},
		{SURVEY_LONE_CERT, REPORT_WARN_LONE_CERT},
		{SURVEY_LONE_KEY, REPORT_WARN_LONE_KEY},
		{SURVEY_UNREAD_CRT, REPORT_WARN_UNREAD_CRT},
		{SURVEY_DANGLING_CRT, REPORT_WARN_UNREAD_CRT},
		{SURVEY_CONTAINERS, REPORT_WARN_CONTAINERS},
	};
	unsigned found = 0;

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (survey->shadows & pairs[i].shadow)
			found |= pairs[i].warning;
	for (size_t i = 0; i < survey->file_count; i++)
		if (survey->files[i].content.data !=
		    survey_find(survey, SURVEY_CA_FILE).data)
			found |= REPORT_WARN_OTHER_CRT;
	return found;
}

/* see report.h */
const char *report_warning_word(size_t index)
{
	return index < sizeof(warnings) / sizeof(warnings[0])
		       ? warnings[index].word
		       : NULL;
}

/* see report.h */
const char *report_warning_sentence(size_t index)
{
	return index < sizeof(warnings) / sizeof(warnings[0])
		       ? warnings[index].sentence
		       : NULL;
}

/* see report.h */
const char *report_failure_what(enum err code)
{
	return classes[code].what;
}

/* see report.h */
const char *report_failure_next(const struct failure *f)
{
	return *f->next ? f->next : classes[f->code].next;
}

/* see report.h */
const char *report_grade(const struct outcome *o,
			 const struct wire_certificate *c)
{
	bool is_leaf = c == &o->certs[0] && c->flags & WIRE_CERT_SENT;

	if (is_leaf || !(c->flags & WIRE_CERT_CA))
		return "leaf";
	return c->flags & WIRE_CERT_SELF_SIGNED ? "root" : "intermediate";
}
