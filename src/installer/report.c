/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words for the operator; see report.h.
 */
#include "installer/report.h"

#include <mbedtls/build_info.h>
#include <stdio.h>

#include "common/fingerprint.h"
#include "installer/encoding.h"

#ifndef DTR_VERSION
#define DTR_VERSION "unknown"
#endif
#ifndef MUSL_VERSION
#define MUSL_VERSION "none"
#endif

#define DETAIL "    %-12s "

/* What went wrong and what to do next, by class. */
static const struct {
	const char *what;
	const char *next;
	enum report_exit exit;
} classes[ERR_COUNT_] = {
	[ERR_OK] = {"no failure", "nothing", REPORT_EXIT_TRUSTED},
	[ERR_USAGE] = {"usage", "see dtr-trust --help", REPORT_EXIT_USAGE},
	[ERR_RESOLVE] = {"the name has no address",
			 "check the spelling, and DNS as seen from here "
			 "(docker run --network host uses the host's)",
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
	[ERR_CHAIN] = {"no usable certificate",
		       "have the registry's certificate reissued",
		       REPORT_EXIT_UNREACHED},
	[ERR_LIMIT] = {"the server sent too much",
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
	[ERR_REFUSED] = {"refused", "see above", REPORT_EXIT_REFUSED},
	[ERR_STORE] = {"certs.d", "mend what is named above and run again",
		       REPORT_EXIT_STORE},
};

/* see report.h */
enum report_exit report_failure(const struct failure *f)
{
	fprintf(stderr, "dtr-trust: %s\n", f->detail);
	if (f->code != ERR_USAGE)
		fprintf(stderr, DETAIL "%s\n",
			"unchanged:", "nothing was written");
	return classes[f->code].exit;
}

static enum report_exit print_failure(const struct report *r)
{
	const struct failure *f = &r->failure;

	fprintf(stderr, "dtr-trust: %s: %s%s%s\n", r->registry->reference,
		classes[f->code].what, *f->detail ? ": " : "", f->detail);
	fprintf(stderr, DETAIL "nothing was written for this registry\n",
		"unchanged:");
	fprintf(stderr, DETAIL "%s\n", "next:", classes[f->code].next);
	return classes[f->code].exit;
}

static const struct wire_certificate *find_flag(const struct outcome *o,
						unsigned flag)
{
	for (size_t i = 0; i < o->cert_count; i++)
		if (o->certs[i].flags & flag)
			return &o->certs[i];
	return NULL;
}

/* A registry that sent no CA is pinned by its leaf, with an end in sight. */
static const char *grade(const struct outcome *o,
			 const struct wire_certificate *c)
{
	if (c == &o->certs[0] && c->flags & WIRE_CERT_SENT)
		return c->flags & WIRE_CERT_SELF_SIGNED
			       ? "the server's own self-signed certificate"
			       : "the server's own certificate, since it sent "
				 "no CA";
	return c->flags & WIRE_CERT_SELF_SIGNED ? "root CA" : "intermediate CA";
}

static void print_certificate(FILE *to, const char *label,
			      const struct outcome *o,
			      const struct wire_certificate *c)
{
	char until[ENCODING_TIME_BYTES];
	char text[FINGERPRINT_TEXT_BYTES];
	struct fingerprint fp;

	fingerprint_of(c->der, &fp);
	fingerprint_encode(&fp, text);
	if (c->flags & WIRE_CERT_UNPARSED) {
		fprintf(to, DETAIL "unreadable certificate\n", label);
	} else {
		encoding_time(c->not_after, until);
		fprintf(to, DETAIL "%.*s\n", label, (int)c->subject.len,
			(const char *)c->subject.data);
		fprintf(to, DETAIL "%s, valid until %s\n", "", grade(o, c),
			until);
	}
	fprintf(to, DETAIL "%s\n", "", text);
}

static void print_connection(FILE *to, const struct outcome *o)
{
	fprintf(to, DETAIL "%s, TLS 1.%d%s\n", "server", o->address,
		o->tls_version == 0x0304 ? 3 : 2,
		o->flags & OUTCOME_PROXIED ? ", through the proxy" : "");
}

static void print_path(const struct report *r)
{
	printf(DETAIL "%s/%s/%s\n", "file", r->certs_dir,
	       r->registry->reference, SURVEY_CA_FILE);
}

static void print_first_use(const struct wire_certificate *anchor)
{
	char text[FINGERPRINT_TEXT_BYTES];
	struct fingerprint fp;

	fingerprint_of(anchor->der, &fp);
	fingerprint_encode(&fp, text);
	fprintf(stderr,
		DETAIL "only the network vouches for a first use: compare the "
		       "fingerprint with\n",
		"warning:");
	fprintf(stderr,
		DETAIL "the registry's administrator, then use it on every "
		       "node: --pin %s\n",
		"", text);
}

static void warn_leaf(const struct outcome *o,
		      const struct wire_certificate *anchor)
{
	char until[ENCODING_TIME_BYTES];

	if (anchor != &o->certs[0] || anchor->flags & WIRE_CERT_UNPARSED)
		return;
	encoding_time(anchor->not_after, until);
	fprintf(stderr,
		DETAIL "this pins the server's own certificate: Docker will "
		       "refuse the registry\n",
		"warning:");
	fprintf(stderr,
		DETAIL "when the certificate is renewed, at the latest on %s; "
		       "run again then\n",
		"", until);
}

static void warn_registry(const struct report *r)
{
	const struct registry *registry = r->registry;

	if (registry_is_loopback(registry))
		fprintf(stderr,
			DETAIL "Docker treats loopback registries as insecure "
			       "and reads no certificate for them\n",
			"warning:");
	if (registry_is_docker_hub_path(registry))
		fprintf(stderr,
			DETAIL "to Docker \"%s/image\" is a path on Docker "
			       "Hub; a registry has a dot or a port\n",
			"warning:", registry->reference);
	if (r->outcome->flags & OUTCOME_CLIENT_CERT)
		fprintf(stderr,
			DETAIL "the server asks for a client certificate: "
			       "Docker needs client.cert and client.key "
			       "beside ca.crt if it insists\n",
			"warning:");
	if (r->outcome->flags & OUTCOME_UNSEALED)
		fprintf(stderr,
			DETAIL "this kernel has no Landlock; the probe ran "
			       "under seccomp and rlimits alone\n",
			"warning:");
}

static void warn_shadows(const struct survey *s)
{
	static const struct {
		enum survey_shadow flag;
		const char *text;
	} shadows[] = {
		{SURVEY_HOSTS_TOML, "hosts.toml is there: Docker's containerd "
				    "store reads it and no .crt"},
		{SURVEY_PORT_ALIAS, "a directory host_port_ is there: Docker's "
				    "containerd store reads it instead"},
		{SURVEY_DEFAULT, "_default/ no longer counts for this registry "
				 "in Docker's containerd store"},
		{SURVEY_LONE_CERT, "a .cert without its .key: Docker refuses "
				   "the registry until it is gone"},
		{SURVEY_LONE_KEY, "a .key without its .cert: Docker refuses "
				  "the registry until it is gone"},
		{SURVEY_UNREAD_CRT, "a .crt that could not be read here: if "
				    "Docker cannot either, it refuses the "
				    "registry"},
	};

	for (size_t i = 0; i < sizeof(shadows) / sizeof(shadows[0]); i++)
		if (s->shadows & shadows[i].flag)
			fprintf(stderr, DETAIL "%s\n",
				"warning:", shadows[i].text);
}

static void print_done(const struct report *r, const char *what)
{
	const struct outcome *o = r->outcome;
	const struct wire_certificate *anchor = find_flag(o, WIRE_CERT_ANCHOR);

	printf("%s: %s\n", r->registry->reference, what);
	print_path(r);
	if (anchor)
		print_certificate(stdout, "anchor", o, anchor);
	print_connection(stdout, o);
	fflush(stdout);
	if (anchor && r->vouch == POLICY_VOUCH_NONE &&
	    (r->decision == POLICY_INSTALL ||
	     r->decision == POLICY_INSTALL_BESIDE))
		print_first_use(anchor);
	if (anchor)
		warn_leaf(o, anchor);
}

static void print_changed(const struct report *r)
{
	const struct outcome *o = r->outcome;
	const struct wire_certificate *offered = find_flag(o, WIRE_CERT_ANCHOR);
	const char *name = r->registry->reference;

	fprintf(stderr,
		"dtr-trust: %s: REFUSED: this is not the certificate that is "
		"trusted here\n",
		name);
	for (size_t i = 0; i < o->cert_count; i++)
		if (o->certs[i].flags & WIRE_CERT_INSTALLED)
			print_certificate(stderr, "trusted", o, &o->certs[i]);
	if (offered)
		print_certificate(stderr, "offered", o, offered);
	print_connection(stderr, o);
	fprintf(stderr,
		DETAIL "nothing was written; Docker goes on trusting "
		       "what is installed\n",
		"unchanged:");
	fprintf(stderr,
		DETAIL "either the registry got a new CA or certificate, or "
		       "another machine answers in its place.\n",
		"next:");
	fprintf(stderr,
		DETAIL "Ask its administrator for the new fingerprint; if it "
		       "is the one offered:\n",
		"");
	fprintf(stderr, DETAIL "dtr-trust --on-change add %s\n", "", name);
}

static void print_refusal(const struct report *r)
{
	const char *name = r->registry->reference;
	const char *why = "";

	switch (r->decision) {
	case POLICY_REFUSE_CHANGED:
		print_changed(r);
		return;
	case POLICY_REFUSE_UNPROVEN:
		why = "the server did not prove that it holds its key; only a "
		      "pin or a CA file can vouch for it";
		break;
	case POLICY_REFUSE_PIN:
		why = "no pin names a certificate that its chain leads to";
		break;
	case POLICY_REFUSE_NO_PIN:
		why = "--require-pin is set and no pin or CA file speaks for "
		      "it";
		break;
	case POLICY_INSTALL:
	case POLICY_INSTALL_BESIDE:
	case POLICY_UNCHANGED:
	case POLICY_RENEWED:
	case POLICY_DECISION_COUNT_:
		break;
	}
	fprintf(stderr, "dtr-trust: %s: REFUSED: %s\n", name, why);
	fprintf(stderr, DETAIL "nothing was written for this registry\n",
		"unchanged:");
}

static const char *done_text(enum policy_decision decision)
{
	switch (decision) {
	case POLICY_INSTALL:
		return "installed; Docker reads it at the next pull, push or "
		       "login, no restart";
	case POLICY_INSTALL_BESIDE:
		return "installed beside the old one; Docker reads it at the "
		       "next pull, push or login, no restart";
	case POLICY_UNCHANGED:
		return "unchanged; the same anchor is installed";
	case POLICY_RENEWED:
		return "renewed; the server's chain still verifies under what "
		       "is installed, nothing to write";
	case POLICY_REFUSE_CHANGED:
	case POLICY_REFUSE_UNPROVEN:
	case POLICY_REFUSE_PIN:
	case POLICY_REFUSE_NO_PIN:
	case POLICY_DECISION_COUNT_:
		break;
	}
	return "";
}

/* see report.h */
enum report_exit report_registry(const struct report *r)
{
	enum report_exit code = REPORT_EXIT_TRUSTED;

	if (r->failure.code != ERR_OK) {
		code = print_failure(r);
	} else if (policy_is_refusal(r->decision)) {
		print_refusal(r);
		code = REPORT_EXIT_REFUSED;
	} else {
		print_done(r, done_text(r->decision));
	}
	warn_registry(r);
	if (r->survey)
		warn_shadows(r->survey);
	return code;
}

/* see report.h */
void report_version(void)
{
	printf("dtr-trust %s (mbedTLS " MBEDTLS_VERSION_STRING ", musl %s)\n",
	       DTR_VERSION, MUSL_VERSION);
}
