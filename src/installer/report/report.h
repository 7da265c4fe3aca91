/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happened to one registry, as facts, and the printing of it: for people
 * what was done and what Docker will now do, for programs one JSON object a
 * line. Installer only. Decides nothing; every text it gets is printable ASCII
 * already.
 */
#ifndef INSTALLER_REPORT_REPORT_H
#define INSTALLER_REPORT_REPORT_H

#include <stdio.h>

#include "common/error.h"
#include "common/job.h"
#include "common/registry.h"
#include "common/wire.h"
#include "installer/certs_d/store.h"
#include "installer/options/options.h"
#include "installer/policy/consumers.h"
#include "installer/policy/policy.h"
#include "installer/report/warnings.h"

/* Documented exit codes; the highest of all registries is the run's. */
enum report_exit {
	REPORT_EXIT_TRUSTED = 0,
	REPORT_EXIT_UNREACHED = 1,
	REPORT_EXIT_USAGE = 2,
	REPORT_EXIT_REFUSED = 3,
	REPORT_EXIT_STORE = 4,
	REPORT_EXIT_DOCKER = 5
};

/* How a registry's turn ended. */
enum report_state {
	REPORT_FAILED, /* see failure */
	REPORT_INSTALLED,
	REPORT_ADDED,
	REPORT_DROPPED,
	REPORT_UNCHANGED,
	REPORT_RENEWED,
	REPORT_NOT_NEEDED,
	REPORT_REFUSED_CHANGED,
	REPORT_REFUSED_BROKEN,	/* another chain, and it would not work */
	REPORT_REFUSED_USELESS, /* a first use, and it would not work */
	REPORT_REFUSED_UNPROVEN,
	REPORT_REFUSED_VOUCH,
	REPORT_REFUSED_NO_PIN,
	REPORT_SERVICE_LEFT,   /* the token service's CA was not installed */
	REPORT_SERVICE_FINE,   /* what is installed covers it */
	REPORT_SERVICE_UNSEEN, /* it could not be looked at */
	REPORT_REDIRECT_LEFT, /* what is installed does not cover where it leads
			       */
	REPORT_REDIRECT_FINE,
	REPORT_REDIRECT_UNSEEN,
	REPORT_SHOWN,
	REPORT_TRUSTED,	 /* --check: and everything below */
	REPORT_EXPIRING, /* trusted, but an end is near */
	REPORT_CHANGED,	 /* drift: another chain than the installed vouch for */
	REPORT_UNTRUSTED,  /* nothing installed, or Docker refuses it */
	REPORT_UNREADABLE, /* files, and no certificate that Docker can read */
	REPORT_SHADOWED,   /* another file keeps Docker from reading ours */
	REPORT_PRESENT,	   /* --check --offline: nobody was asked */
	REPORT_MISSING,	   /* nothing, or not all of the CA file */
	REPORT_EXPIRED,	   /* what is there is not valid now */
	REPORT_UNPINNED,   /* what is there is not what a pin names */
	REPORT_REMOVED,	   /* --remove */
	REPORT_ABSENT,
	REPORT_PRUNED,	 /* --prune: it is not in the list */
	REPORT_UNLISTED, /* --prune --check: it would go */
	REPORT_STATE_COUNT_
};

struct report {
	const struct registry *registry; /* NULL: no single one is meant */
	/* The token service that was asked in its place, or NULL. */
	const struct registry *service;
	bool is_redirect; /* ... no token service: /v2/ leads there */
	const struct options *options;
	const char *certs_dir; /* the first of all, where none alone is meant */
	enum report_state state;
	unsigned warnings;	/* enum report_warning */
	struct failure failure; /* when state is REPORT_FAILED */
	bool is_probes;		/* its detail is a probe's word */
	/* What Docker says after what was done, or of what was refused. */
	struct wire_verdict verdict;
	bool is_unproven; /* the server did not prove that it holds its key */
	/* What was in the directory, and which of its files (1 << index) hold
	 * no certificate that Docker can read; NULL where nobody looked. */
	const struct survey *survey;
	unsigned void_files;
	/* The name, in the registry's directory, of what was in ca.crt and was
	 * moved out of the way, or copied where it then stayed; or empty */
	char aside[SURVEY_NAME_BYTES];
	bool is_noted; /* ca.crt got the service's name, and nothing else */
	/* --remove: from whose ca.crt, of one reference or both; then NULL */
	const struct registry *removed[2];
	/* What each reader of certs.d will act on; in the report on the last
	 * host that was asked. NULL where nobody knows. */
	const struct consumer_facts *consumers;
	/* What the operator named; NULL where nobody was asked. */
	const struct job *job;
	/* What the probe reported; no certificates when it reported none. */
	const struct outcome *outcome;
	/* REPORT_WARN_EXPIRY, REPORT_WARN_LEAF: when, seconds since 1970; with
	 * REPORT_PRESENT when the first of the valid anchors ends */
	int64_t ends;
};

/* The state that a policy's decision leads to when it was carried out. */
enum report_state report_state_of(enum policy_decision decision);

/* Does STATE say nothing of what Docker will do? */
bool report_is_silent(enum report_state state);

/* Was another host than the registry only looked at, with nothing to write? */
bool report_is_look(enum report_state state);

/* True where Docker refuses whatever the certificates are: it stops at a .cert
 * without its .key, the other way round, and at a server whose suites it does
 * not offer. */
bool report_is_blocked(const struct report *r);

/* Is it known that R is of a directory that Docker does not read, but Podman,
 * or containerd? */
bool report_is_of_others(const struct report *r);

/* Whose ca.crt R is about: that of the other reference, where --remove found
 * its own in that alone. */
static inline const struct registry *report_at(const struct report *r)
{
	return r->removed[0] && !r->removed[1] ? r->removed[0] : r->registry;
}

/* Is something in the way of R's ca.crt that a run would stop at? */
static inline bool report_cannot_write(const struct report *r)
{
	return r->survey && r->survey->blocked != CAUSE_OTHER;
}

/* The exit code that R stands for. */
enum report_exit report_exit_of(const struct report *r);

/* The word of a state: stable, for programs. */
const char *report_word(enum report_state state);

/* The same where Docker verifies nothing of R's registry: for those that do;
 * NULL where that makes no other sentence (unverified.c). */
const char *report_sentence_unverified(const struct report *r);

/* The same where docker login and the classic store read no directory for it.
 */
const char *report_sentence_unread(const struct report *r);

/* How R ended, for people: no success where its exit code says otherwise. */
const char *report_sentence(const struct report *r);

/* What the first line says behind that: who does otherwise, or nothing. */
const char *report_sentence_rest(const struct report *r);

/* One stable word for how R ended: the cause of a failure or a refusal where
 * there is one, else the word of its state. */
const char *report_reason(const struct report *r);

/* Of R's void_files those that are still there after what was done. */
unsigned report_void_left(const struct report *r);

/* A failure's stable word and its exit code. */
const char *report_failure_word(const struct failure *f);
enum report_exit report_failure_exit(const struct failure *f);

/* What went wrong, for a class of failure; and what to do next, where its cause
 * says no better (advice.h). */
const char *report_failure_what(enum err code);
const char *report_failure_next(const struct failure *f);

/* "root", "intermediate" or "leaf": how long an anchor C of O will last. */
const char *report_grade(const struct outcome *o,
			 const struct wire_certificate *c);

/* Print R for people (text.c). */
void report_text(FILE *to, const struct report *r);

/* Print R as one line of JSON, docs/report.schema.json (json.c). */
void report_json(FILE *to, const struct report *r);

/* Print what R's failure says, as whose word it is: a probe's in quotes, or
 * ours; nothing where it says nothing (message.c). */
void report_failure_detail(FILE *to, const struct report *r);

/* Tell people that R, a failure or what time may mend, is not the end: it is
 * tried again (message.c). */
void report_retry(const struct report *r);

/* Warn of a pin for REFERENCE, which is no registry of this run. */
void report_idle_pin(const char *reference);

/* Warn of F, which stops nothing. */
void report_notice(const struct failure *f);

/* Print a failure that concerns no single registry, as O asks for text or JSON
 * (message.c). Returns its exit code. */
enum report_exit report_failure(const struct failure *f,
				const struct options *o);

/* The same of what concerns CERTS_DIR alone, one of several. */
enum report_exit report_failure_of(const struct failure *f,
				   const struct options *o,
				   const char *certs_dir);

/* The same where some registries have had their report already. */
enum report_exit report_failure_late(const struct failure *f,
				     const struct options *o,
				     const char *certs_dir);

/* The version of this program. */
const char *report_version_word(void);

/* Print the versions of everything that is linked in. */
void report_version(void);

#endif
