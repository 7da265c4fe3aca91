/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reports for people; see report.h. Details are indented under one line for
 * each registry.
 */
#include <mbedtls/build_info.h>
#include <stdio.h>
#include <string.h>

#include "common/date.h"
#include "common/fingerprint.h"
#include "installer/certs_d/ca_crt.h"
#include "installer/options/options.h"
#include "installer/report/missed.h"
#include "installer/report/quote.h"
#include "installer/report/remedy.h"
#include "installer/report/report.h"

#ifndef DTR_VERSION
#define DTR_VERSION "unknown"
#endif
#ifndef MUSL_VERSION
#define MUSL_VERSION "none"
#endif

#define DETAIL QUOTE_LABEL

static struct bytes view(const char *text)
{
	return (struct bytes){(const uint8_t *)text, strlen(text)};
}

static void print_fingerprint(FILE *to, const char *label, struct bytes der)
{
	char text[FINGERPRINT_TEXT_BYTES];
	struct fingerprint fp;

	fingerprint_of(der, &fp);
	fingerprint_encode(&fp, text);
	fprintf(to, DETAIL "%s\n", label, text);
}

static void print_validity(FILE *to, const struct wire_certificate *c)
{
	char from[DATE_BYTES];
	char until[DATE_BYTES];

	date_encode(c->not_before, from);
	date_encode(c->not_after, until);
	fprintf(to, DETAIL "%s to %s\n", "valid", from, until);
}

static void print_certificate(FILE *to, const char *label,
			      const struct outcome *o,
			      const struct wire_certificate *c)
{
	if (c->flags & WIRE_CERT_UNPARSED) {
		fprintf(to, DETAIL "a certificate that Docker cannot read\n",
			label);
	} else {
		char grade[32];

		snprintf(grade, sizeof(grade), " (%s)", report_grade(o, c));
		quote_print(to, label, c->subject, grade);
		print_validity(to, c);
	}
	print_fingerprint(to, "fingerprint", c->der);
}

static void print_flagged(FILE *to, const char *label, const struct outcome *o,
			  unsigned flag)
{
	for (size_t i = 0; i < o->cert_count; i++)
		if (o->certs[i].flags & flag)
			print_certificate(to, label, o, &o->certs[i]);
}

static void print_connection(FILE *to, const struct outcome *o)
{
	if (*o->address)
		fprintf(to, DETAIL "%s, TLS 1.%d%s\n", "server", o->address,
			o->tls_version == 0x0304 ? 3 : 2,
			o->flags & OUTCOME_PROXIED ? ", through the proxy"
						   : "");
	if (o->flags & OUTCOME_FALLBACK)
		fprintf(to,
			DETAIL "captured without completing the handshake; "
			       "the server %s its key\n",
			"",
			o->flags & OUTCOME_POSSESSION ? "proved that it holds"
						      : "did not prove");
	quote_print(to, "token host", o->service, "");
}

static void print_name(FILE *to, const struct report *r)
{
	fprintf(to, "%s%s", to == stderr ? "dtr-trust: " : "",
		r->registry->reference);
	if (r->service)
		fprintf(to, " (its token service %s)", r->service->reference);
}

static void print_failure(const struct report *r)
{
	const struct failure *f = &r->failure;
	const char *own = r->is_probes ? "" : f->detail;

	print_name(stderr, r);
	fprintf(stderr, ": %s%s%s\n", report_failure_what(f->code),
		*own ? ": " : "", own);
	if (r->is_probes)
		quote_print(stderr, "probe says", view(f->detail), "");
	fprintf(stderr, DETAIL "%s\n", "unchanged",
		f->code == ERR_STORE
			? "the ca.crt that was there, if not said otherwise"
			: "nothing was written for this registry");
	fprintf(stderr, DETAIL "%s\n", "next", report_failure_next(f));
}

/* The line that accepts what was offered, and nothing else: who answers when
 * it is run may be another. */
static void print_acceptance(const struct report *r)
{
	const struct outcome *o = r->outcome;
	unsigned named = WIRE_CERT_ANCHOR;
	char pin[FINGERPRINT_TEXT_BYTES];
	struct fingerprint fp;

	/* With pins, the registry's own needs one too. */
	if (r->service)
		named |= WIRE_CERT_INSTALLED;
	fprintf(stderr, DETAIL "    dtr-trust", "");
	for (size_t i = 0; i < o->cert_count; i++) {
		if (!(o->certs[i].flags & named))
			continue;
		fingerprint_of(o->certs[i].der, &fp);
		fingerprint_encode(&fp, pin);
		fprintf(stderr, " --pin %s", pin);
	}
	if (strcmp(r->certs_dir, OPTIONS_CERTS_DIR_DEFAULT) != 0)
		fprintf(stderr, " --certs-dir %s", r->certs_dir);
	fprintf(stderr, " %s\n", r->registry->reference);
}

/* As plain as OpenSSH says that a host key has changed. */
static void print_changed(const struct report *r)
{
	print_flagged(stderr, "trusted", r->outcome, WIRE_CERT_INSTALLED);
	print_flagged(stderr, "offered", r->outcome, WIRE_CERT_ANCHOR);
	print_connection(stderr, r->outcome);
	fprintf(stderr,
		DETAIL "nothing was written; Docker trusts what it trusted "
		       "before, and refuses this server\n",
		"unchanged");
	fprintf(stderr,
		DETAIL "the registry may have a new CA or certificate, or "
		       "another machine may be\n" DETAIL
		       "answering in its place. Ask its administrator for the "
		       "fingerprint. If it is\n" DETAIL
		       "the one offered, accept it and keep the old one "
		       "until it expires:\n",
		"next", "", "");
	print_acceptance(r);
	fprintf(stderr,
		DETAIL "or drop the old one now: the same with --on-change "
		       "replace. Without a pin,\n" DETAIL
		       "--on-change add or replace accepts whoever answers\n",
		"", "");
}

/* Docker's words, then ours: what it means, what helps, who can do it. */
static void print_verdict(FILE *to, const struct wire_verdict *v)
{
	const struct remedy *remedy = remedy_find(v->code, v->remark);
	const char *who = remedy_actor_name(remedy->actor);

	if (wire_refuses(v)) {
		quote_print(to, "docker says", v->text, "");
		fprintf(to, DETAIL "%s\n", "cause", remedy->cause);
		fprintf(to, DETAIL "%s (For %s.)\n", "remedy", remedy->action,
			who);
	}
	quote_print(to, "others", v->others, "");
}

static void print_unproven(void)
{
	fprintf(stderr,
		DETAIL "its handshake does not show that it holds the key of "
		       "the certificate that it\n" DETAIL
		       "presents: Docker refuses such a server, and so may "
		       "somebody answer who has\n" DETAIL "copied the chain\n",
		"cause", "", "");
	fprintf(stderr,
		DETAIL "see who answers there; to install a CA ahead of the "
		       "server, give it as --ca-file\n",
		"next");
}

static void print_refusal(const struct report *r)
{
	print_name(stderr, r);
	fprintf(stderr, ": %s\n", report_sentence(r));
	if (r->state == REPORT_REFUSED_CHANGED || r->state == REPORT_CHANGED) {
		print_changed(r);
		return;
	}
	print_flagged(stderr, "offered", r->outcome, WIRE_CERT_SENT);
	print_connection(stderr, r->outcome);
	if (r->state == REPORT_REFUSED_VOUCH)
		missed_print(stderr, r);
	else if (r->is_unproven)
		print_unproven();
	else if (wire_refuses(&r->verdict))
		print_verdict(stderr, &r->verdict);
	fprintf(stderr, DETAIL "nothing was written for this registry\n",
		"unchanged");
}

static void print_outlook(const struct report *r)
{
	const struct wire_verdict *v = &r->verdict;

	if (r->is_unproven) {
		print_unproven();
		return;
	}
	if (report_is_blocked(r)) {
		fprintf(stderr,
			"dtr-trust: %s: Docker will still refuse this "
			"registry; the warning says why\n",
			r->registry->reference);
		return;
	}
	if (!v->reached)
		return;
	if (wire_accepts(v)) {
		printf(DETAIL "accepts it\n", "docker");
		print_verdict(stdout, v);
		return;
	}
	fflush(stdout);
	fprintf(stderr,
		"dtr-trust: %s: Docker will still refuse this registry:\n",
		r->registry->reference);
	print_verdict(stderr, v);
}

/* --show: everything, and the line to paste. */
static void print_chain(const struct report *r)
{
	const struct outcome *o = r->outcome;
	struct bytes pin = {NULL, 0};

	for (size_t i = 0; i < o->cert_count; i++) {
		const struct wire_certificate *c = &o->certs[i];
		char label[32];

		if (!(c->flags & WIRE_CERT_SENT))
			continue;
		snprintf(label, sizeof(label), "[%zu] subject", i);
		print_certificate(stdout, label, o, c);
		quote_print(stdout, "names", c->sans, "");
		quote_print(stdout, "issuer", c->issuer, "");
		quote_print(stdout, "key", c->key, "");
		if (c->flags & WIRE_CERT_ANCHOR)
			pin = c->der;
	}
	print_connection(stdout, o);
	if (pin.len)
		print_fingerprint(stdout, "to pin it: --pin", pin);
}

static void print_end(const struct report *r)
{
	char when[DATE_BYTES];

	date_encode(r->ends, when);
	fprintf(stderr, DETAIL "the first of these certificates ends on %s\n",
		"warning", when);
}

/* --check of a registry for which no certificate is there. */
static bool lacks_anchor(const struct report *r)
{
	bool lacks = r->state == REPORT_UNTRUSTED;

	for (size_t i = 0; i < r->outcome->cert_count; i++)
		if (r->outcome->certs[i].flags & WIRE_CERT_INSTALLED)
			lacks = false;
	return lacks;
}

static void print_done(const struct report *r)
{
	print_name(stdout, r);
	printf(": %s\n", report_sentence(r));
	if (r->state == REPORT_SHOWN) {
		print_chain(r);
		return;
	}
	if (r->state == REPORT_ABSENT)
		return;
	if (r->state != REPORT_NOT_NEEDED && r->state != REPORT_SERVICE_LEFT)
		printf(DETAIL "%s/%s/%s%s\n", "file", r->certs_dir,
		       r->registry->reference, SURVEY_CA_FILE,
		       lacks_anchor(r) ? ": nothing is installed" : "");
	if (*r->aside)
		printf(DETAIL "%s/%s/%s: what was in ca.crt\n", "moved aside",
		       r->certs_dir, r->registry->reference, r->aside);
	print_flagged(stdout, "anchor", r->outcome, WIRE_CERT_ANCHOR);
	print_connection(stdout, r->outcome);
	fflush(stdout);
	if (r->ends)
		print_end(r);
	if (r->state != REPORT_SERVICE_LEFT)
		print_outlook(r);
}

static void print_warnings(unsigned found)
{
	for (size_t i = 0; report_warning_sentence(i); i++)
		if (found & 1U << i)
			fprintf(stderr, DETAIL "%s\n", "warning",
				report_warning_sentence(i));
}

/* see report.h */
void report_text(const struct report *r)
{
	if (r->state == REPORT_FAILED)
		print_failure(r);
	else if (report_exit_of(r) == REPORT_EXIT_REFUSED)
		print_refusal(r);
	else
		print_done(r);
	fflush(stdout);
	print_warnings(r->warnings);
}

/* see report.h */
void report_retry(const struct report *r)
{
	const struct failure *f = &r->failure;

	print_name(stderr, r);
	fprintf(stderr, ": %s; trying again\n", report_failure_what(f->code));
	quote_print(stderr, "probe says", view(f->detail), "");
}

/* see report.h */
void report_idle_pin(const char *reference)
{
	fprintf(stderr,
		"dtr-trust: warning: the pin for %s is for no registry of "
		"this run; it counts for a token service of that name only\n",
		reference);
}

/* see report.h */
void report_notice(const struct failure *f)
{
	fprintf(stderr, "dtr-trust: warning: %s\n", f->detail);
}

/* see report.h */
enum report_exit report_failure(const struct failure *f)
{
	const struct outcome none = {.cert_count = 0};
	const struct report r = {
		.state = REPORT_FAILED, .failure = *f, .outcome = &none};

	fprintf(stderr, "dtr-trust: %s\n", f->detail);
	if (f->code != ERR_USAGE)
		fprintf(stderr, DETAIL "nothing was written\n", "unchanged");
	fprintf(stderr, DETAIL "%s\n", "next", report_failure_next(f));
	return report_exit_of(&r);
}

/* see report.h */
void report_version(void)
{
	printf("dtr-trust %s (mbedTLS " MBEDTLS_VERSION_STRING ", musl %s)\n",
	       DTR_VERSION, MUSL_VERSION);
}
