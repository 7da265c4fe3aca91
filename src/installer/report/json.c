/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reports for programs: one JSON object (RFC 8259) a line, in the form of
 * docs/report.schema.json. All text from outside is printable ASCII already;
 * the path of certs.d is the operator's and may hold anything.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/fingerprint.h"
#include "installer/certs_d/ca_crt.h"
#include "installer/report/advice.h"
#include "installer/report/consumers.h"
#include "installer/report/json_value.h"
#include "installer/report/refusal.h"
#include "installer/report/remedy.h"
#include "installer/report/report.h"
#include "installer/report/void_files.h"

/* Of docs/report.schema.json: higher where a member goes or means something
 * else; new members do not raise it. 1 had none. */
#define SCHEMA_VERSION 2

/* certs.d, a registry, ca.crt. */
#define FILE_BYTES_MAX (PATH_BYTES_MAX + REGISTRY_CHARS_MAX + 16)

static void print_certificate(FILE *to, const struct outcome *o,
			      const struct wire_certificate *c)
{
	bool parsed = !(c->flags & WIRE_CERT_UNPARSED);
	char text[FINGERPRINT_TEXT_BYTES];
	struct fingerprint fp;

	fingerprint_of(c->der, &fp);
	fingerprint_encode(&fp, text);
	fprintf(to, "{\"fingerprint\":\"%s\"", text);
	json_text(to, "grade", parsed ? report_grade(o, c) : NULL);
	json_bytes(to, "subject", c->subject);
	json_bytes(to, "issuer", c->issuer);
	json_bytes(to, "names", c->sans);
	json_bytes(to, "key", c->key);
	if (parsed) {
		json_time(to, "not_before", c->not_before);
		json_time(to, "not_after", c->not_after);
	} else {
		json_text(to, "not_before", NULL);
		json_text(to, "not_after", NULL);
	}
	fprintf(to, "}");
}

static void print_certificates(FILE *to, const char *key,
			       const struct outcome *o, unsigned flag)
{
	const char *comma = "";

	json_key(to, key);
	fprintf(to, "[");
	for (size_t i = 0; i < o->cert_count; i++) {
		if (!(o->certs[i].flags & flag))
			continue;
		fprintf(to, "%s", comma);
		print_certificate(to, o, &o->certs[i]);
		comma = ",";
	}
	fprintf(to, "]");
}

static void print_warnings(FILE *to, unsigned found)
{
	const char *comma = "";

	json_key(to, "warnings");
	fprintf(to, "[");
	for (size_t i = 0; i < REPORT_WARNINGS_MAX; i++) {
		if (!(found & 1U << i))
			continue;
		fprintf(to, "%s\"%s\"", comma, report_warning_word(i));
		comma = ",";
	}
	fprintf(to, "]");
}

static void print_words(FILE *to, const struct report *r, const char *key,
			const char *text)
{
	char words[SENTENCE_CHARS_MAX];

	remedy_write(text, refusal_whom(r), words);
	json_text(to, key, words);
}

/* Nothing that was seen of certificate, key and answer stops Docker. A check
 * has Docker's words of today beside the cause of what was refused. */
static bool docker_accepts(const struct report *r)
{
	return wire_accepts(&r->verdict) && !r->verdict.text.len &&
	       !r->is_unproven && !report_is_blocked(r) &&
	       !(r->consumers && consumer_all_would_refuse(r->consumers));
}

static void print_docker(FILE *to, const struct report *r)
{
	const struct wire_verdict *v = &r->verdict;
	const struct remedy *remedy = remedy_find(v->code, v->remark);

	json_key(to, "docker");
	if (!v->reached || v->has_pair) {
		fprintf(to, "null");
		return;
	}
	fprintf(to, "{\"accepts\":%s", docker_accepts(r) ? "true" : "false");
	json_bytes(to, "error", v->text);
	print_words(to, r, "cause", remedy->cause);
	print_words(to, r, "remedy", remedy->action);
	print_words(to, r, "who", remedy_actor_name(remedy->actor));
	json_bytes(to, "other_releases", v->others);
	fprintf(to, "}");
}

static void print_error(FILE *to, const struct report *r)
{
	char next[4 * FAILURE_CHARS_MAX];

	json_key(to, "error");
	if (r->state != REPORT_FAILED) {
		fprintf(to, "null");
		return;
	}
	advice_write(next, sizeof(next), &r->failure, r->certs_dir, r->options,
		     r->registry);
	fprintf(to, "{\"what\":\"%s\"", report_failure_what(r->failure.code));
	json_text(to, "detail", r->failure.detail);
	json_text(to, "next", next);
	json_bool(to, "changed", r->failure.is_late);
	fprintf(to, "}");
}

/* The ca.crt of AT in R's directory, which may be NULL. */
static void print_path(FILE *to, const struct report *r, const char *key,
		       const struct registry *at)
{
	char path[FILE_BYTES_MAX];
	int len;

	if (!at) {
		json_text(to, key, NULL);
		return;
	}
	len = snprintf(path, sizeof(path), "%s/%s/%s", r->certs_dir,
		       at->reference, SURVEY_CA_FILE);

	json_key(to, key);
	json_string(to, (struct bytes){(const uint8_t *)path, (size_t)len});
}

/* When, where and by what, so that lines of many nodes can be put together. */
static void print_head(FILE *to, const struct report *r)
{
	char node[HOST_NAME_MAX + 1] = "";

	/* Without a NUL where it was cut. */
	if (gethostname(node, sizeof(node)) != 0)
		node[0] = '\0';
	node[HOST_NAME_MAX] = '\0';
	fprintf(to, "{\"schema\":%d", SCHEMA_VERSION);
	json_text(to, "version", report_version_word());
	json_time(to, "time", (int64_t)time(NULL));
	json_text(to, "node", node);
	json_text(to, "registry", r->registry ? r->registry->reference : NULL);
	json_key(to, "certs_dir");
	json_string(to, bytes_of(r->certs_dir));
	json_text(to, "token_service",
		  r->service && !r->is_redirect ? r->service->reference : NULL);
	json_text(to, "redirect",
		  r->service && r->is_redirect ? r->service->reference : NULL);
	json_text(to, "state", report_word(r->state));
	json_text(to, "reason", report_reason(r));
	json_key(to, "exit");
	fprintf(to, "%d", (int)report_exit_of(r));
}

/* The pins that were asked for this registry, those for all among them. */
static void print_pins(FILE *to, const struct report *r)
{
	static const struct registry none = {.reference = ""};
	const char *name = (r->registry ? r->registry : &none)->reference;
	const char *comma = "";

	json_key(to, "pins");
	fprintf(to, "[");
	for (size_t i = 0; i < r->options->pin_count; i++) {
		const struct pin *pin = &r->options->pins[i];
		char text[FINGERPRINT_TEXT_BYTES];

		if (*pin->reference && strcmp(pin->reference, name) != 0)
			continue;
		fingerprint_encode(&pin->fingerprint, text);
		fprintf(to, "%s\"%s\"", comma, text);
		comma = ",";
	}
	fprintf(to, "]");
}

/* see report.h */
void report_json(FILE *to, const struct report *r)
{
	const struct outcome *o = r->outcome;
	const struct bytes none = {NULL, 0};

	print_head(to, r);
	print_path(to, r, "file", report_at(r));
	print_path(to, r, "also_removed", r->removed[1] ? r->removed[0] : NULL);
	json_text(to, "moved_aside", r->aside);
	json_bool(to, "noted", r->is_noted);
	void_files_print_json(to, r);
	print_pins(to, r);
	json_text(to, "address", o->address);
	json_text(to, "tls",
		  o->tls_version == 0x0304   ? "1.3"
		  : o->tls_version == 0x0303 ? "1.2"
					     : NULL);
	json_bool(to, "proxied", o->flags & OUTCOME_PROXIED);
	json_bool(to, "partial", o->flags & OUTCOME_UNCOMPLETED);
	json_bool(to, "proven", o->flags & OUTCOME_POSSESSION);
	json_bytes(to, "token_host",
		   wire_leads_away(o->reply) ? none : o->service);
	json_bytes(to, "redirect_host",
		   wire_leads_away(o->reply) ? o->service : none);
	print_certificates(to, "anchors", o, WIRE_CERT_ANCHOR);
	print_certificates(to, "installed", o, WIRE_CERT_INSTALLED);
	print_certificates(to, "chain", o, WIRE_CERT_SENT);
	print_docker(to, r);
	consumers_print_json(to, r->consumers);
	consumers_print_host_json(to, r->consumers);
	if (r->ends)
		json_time(to, "ends", r->ends);
	else
		json_text(to, "ends", NULL);
	print_warnings(to, report_warnings_of(r));
	print_error(to, r);
	fprintf(to, "}\n");
}
