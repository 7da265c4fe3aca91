/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reports for programs: one JSON object (RFC 8259) a line, in the form of
 * docs/report.schema.json. All text from outside is printable ASCII already;
 * the path of certs.d is the operator's and may hold anything.
 */
#include <stdio.h>
#include <string.h>

#include "common/date.h"
#include "common/fingerprint.h"
#include "installer/certs_d/ca_crt.h"
#include "installer/report/remedy.h"
#include "installer/report/report.h"

/* certs.d, a registry, ca.crt. */
#define PATH_CHARS_MAX (4096 + REGISTRY_CHARS_MAX + 16)

static void print_string(struct bytes text)
{
	putchar('"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] < 0x20)
			printf("\\u%04x", text.data[i]);
		else
			printf("%s%c", strchr("\"\\", text.data[i]) ? "\\" : "",
			       text.data[i]);
	}
	putchar('"');
}

static void print_key(const char *key)
{
	printf(",\"%s\":", key);
}

static void print_text(const char *key, const char *text)
{
	print_key(key);
	if (text && *text)
		print_string(
			(struct bytes){(const uint8_t *)text, strlen(text)});
	else
		printf("null");
}

static void print_bytes(const char *key, struct bytes text)
{
	print_key(key);
	if (text.len)
		print_string(text);
	else
		printf("null");
}

static void print_bool(const char *key, bool value)
{
	print_key(key);
	printf(value ? "true" : "false");
}

static void print_time(const char *key, int64_t seconds)
{
	char text[DATE_BYTES];

	date_encode(seconds, text);
	print_text(key, text);
}

static void print_certificate(const struct outcome *o,
			      const struct wire_certificate *c)
{
	bool parsed = !(c->flags & WIRE_CERT_UNPARSED);
	char text[FINGERPRINT_TEXT_BYTES];
	struct fingerprint fp;

	fingerprint_of(c->der, &fp);
	fingerprint_encode(&fp, text);
	printf("{\"fingerprint\":\"%s\"", text);
	print_text("grade", parsed ? report_grade(o, c) : NULL);
	print_bytes("subject", c->subject);
	print_bytes("issuer", c->issuer);
	print_bytes("names", c->sans);
	print_bytes("key", c->key);
	if (parsed) {
		print_time("not_before", c->not_before);
		print_time("not_after", c->not_after);
	} else {
		print_text("not_before", NULL);
		print_text("not_after", NULL);
	}
	printf("}");
}

static void print_certificates(const char *key, const struct outcome *o,
			       unsigned flag)
{
	const char *comma = "";

	print_key(key);
	printf("[");
	for (size_t i = 0; i < o->cert_count; i++) {
		if (!(o->certs[i].flags & flag))
			continue;
		printf("%s", comma);
		print_certificate(o, &o->certs[i]);
		comma = ",";
	}
	printf("]");
}

static void print_warnings(unsigned found)
{
	const char *comma = "";

	print_key("warnings");
	printf("[");
	for (size_t i = 0; report_warning_word(i); i++) {
		if (!(found & 1U << i))
			continue;
		printf("%s\"%s\"", comma, report_warning_word(i));
		comma = ",";
	}
	printf("]");
}

static void print_docker(const struct report *r)
{
	const struct wire_verdict *v = &r->verdict;
	const struct remedy *remedy = remedy_find(v->code, v->remark);

	print_key("docker");
	if (!v->reached) {
		printf("null");
		return;
	}
	printf("{\"accepts\":%s",
	       wire_accepts(v) && !r->is_unproven && !report_is_blocked(r)
		       ? "true"
		       : "false");
	print_bytes("error", v->text);
	print_text("cause", remedy->cause);
	print_text("remedy", remedy->action);
	print_text("who", remedy_actor_name(remedy->actor));
	print_bytes("other_releases", v->others);
	printf("}");
}

static void print_error(const struct report *r)
{
	print_key("error");
	if (r->state != REPORT_FAILED) {
		printf("null");
		return;
	}
	printf("{\"what\":\"%s\"", report_failure_what(r->failure.code));
	print_text("detail", r->failure.detail);
	print_text("next", report_failure_next(&r->failure));
	printf("}");
}

static void print_path(const struct report *r)
{
	char path[PATH_CHARS_MAX];
	int len = snprintf(path, sizeof(path), "%s/%s/%s", r->certs_dir,
			   r->registry->reference, SURVEY_CA_FILE);

	print_key("file");
	print_string((struct bytes){(const uint8_t *)path, (size_t)len});
}

/* see report.h */
void report_json(const struct report *r)
{
	const struct outcome *o = r->outcome;

	printf("{\"registry\":\"%s\"", r->registry->reference);
	print_text("token_service", r->service ? r->service->reference : NULL);
	print_text("state", report_word(r->state));
	print_text("reason", report_reason(r));
	print_key("exit");
	printf("%d", (int)report_exit_of(r));
	print_path(r);
	print_text("moved_aside", r->aside);
	print_text("address", o->address);
	print_text("tls", o->tls_version == 0x0304   ? "1.3"
			  : o->tls_version == 0x0303 ? "1.2"
						     : NULL);
	print_bool("proxied", o->flags & OUTCOME_PROXIED);
	print_bool("partial", o->flags & OUTCOME_FALLBACK);
	print_bool("proven", o->flags & OUTCOME_POSSESSION);
	print_bytes("token_host", o->service);
	print_certificates("anchors", o, WIRE_CERT_ANCHOR);
	print_certificates("installed", o, WIRE_CERT_INSTALLED);
	print_certificates("chain", o, WIRE_CERT_SENT);
	print_docker(r);
	if (r->ends)
		print_time("ends", r->ends);
	else
		print_text("ends", NULL);
	print_warnings(r->warnings);
	print_error(r);
	printf("}\n");
	fflush(stdout);
}
