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
#include "installer/report/remedy.h"
#include "installer/report/report.h"
#include "installer/report/void_files.h"

/* Of docs/report.schema.json: higher where a member goes or means something
 * else; new members do not raise it. 1 had none. */
#define SCHEMA_VERSION 2

/* certs.d, a registry, ca.crt. */
#define PATH_CHARS_MAX (4096 + REGISTRY_CHARS_MAX + 16)

static void print_certificate(const struct outcome *o,
			      const struct wire_certificate *c)
{
	bool parsed = !(c->flags & WIRE_CERT_UNPARSED);
	char text[FINGERPRINT_TEXT_BYTES];
	struct fingerprint fp;

	fingerprint_of(c->der, &fp);
	fingerprint_encode(&fp, text);
	printf("{\"fingerprint\":\"%s\"", text);
	json_text("grade", parsed ? report_grade(o, c) : NULL);
	json_bytes("subject", c->subject);
	json_bytes("issuer", c->issuer);
	json_bytes("names", c->sans);
	json_bytes("key", c->key);
	if (parsed) {
		json_time("not_before", c->not_before);
		json_time("not_after", c->not_after);
	} else {
		json_text("not_before", NULL);
		json_text("not_after", NULL);
	}
	printf("}");
}

static void print_certificates(const char *key, const struct outcome *o,
			       unsigned flag)
{
	const char *comma = "";

	json_key(key);
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

	json_key("warnings");
	printf("[");
	for (size_t i = 0; i < REPORT_WARNINGS_MAX; i++) {
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

	json_key("docker");
	if (!v->reached || v->has_pair) {
		printf("null");
		return;
	}
	printf("{\"accepts\":%s",
	       wire_accepts(v) && !r->is_unproven && !report_is_blocked(r)
		       ? "true"
		       : "false");
	json_bytes("error", v->text);
	json_text("cause", remedy->cause);
	json_text("remedy", remedy->action);
	json_text("who", remedy_actor_name(remedy->actor));
	json_bytes("other_releases", v->others);
	printf("}");
}

static void print_error(const struct report *r)
{
	char next[4 * FAILURE_CHARS_MAX];

	json_key("error");
	if (r->state != REPORT_FAILED) {
		printf("null");
		return;
	}
	advice_write(next, sizeof(next), &r->failure, r->certs_dir, r->options,
		     r->registry);
	printf("{\"what\":\"%s\"", report_failure_what(r->failure.code));
	json_text("detail", r->failure.detail);
	json_text("next", next);
	printf("}");
}

static void print_path(const struct report *r)
{
	char path[PATH_CHARS_MAX];
	int len;

	if (!r->registry) {
		json_text("file", NULL);
		return;
	}
	len = snprintf(path, sizeof(path), "%s/%s/%s", r->certs_dir,
		       r->registry->reference, SURVEY_CA_FILE);

	json_key("file");
	json_string((struct bytes){(const uint8_t *)path, (size_t)len});
}

/* When, where and by what, so that lines of many nodes can be put together. */
static void print_head(const struct report *r)
{
	char node[HOST_NAME_MAX + 1] = "";

	/* Without a NUL where it was cut. */
	if (gethostname(node, sizeof(node)) != 0)
		node[0] = '\0';
	node[HOST_NAME_MAX] = '\0';
	printf("{\"schema\":%d", SCHEMA_VERSION);
	json_text("version", report_version_word());
	json_time("time", (int64_t)time(NULL));
	json_text("node", node);
	json_text("registry", r->registry ? r->registry->reference : NULL);
	json_key("certs_dir");
	json_string((struct bytes){(const uint8_t *)r->certs_dir,
				   strlen(r->certs_dir)});
	json_text("token_service",
		  r->service && !r->is_redirect ? r->service->reference : NULL);
	json_text("redirect",
		  r->service && r->is_redirect ? r->service->reference : NULL);
	json_text("state", report_word(r->state));
	json_text("reason", report_reason(r));
	json_key("exit");
	printf("%d", (int)report_exit_of(r));
}

/* The pins that were asked for this registry, those for all among them. */
static void print_pins(const struct report *r)
{
	static const struct registry none = {.reference = ""};
	const char *name = (r->registry ? r->registry : &none)->reference;
	const char *comma = "";

	json_key("pins");
	printf("[");
	for (size_t i = 0; i < r->options->pin_count; i++) {
		const struct pin *pin = &r->options->pins[i];
		char text[FINGERPRINT_TEXT_BYTES];

		if (*pin->reference && strcmp(pin->reference, name) != 0)
			continue;
		fingerprint_encode(&pin->fingerprint, text);
		printf("%s\"%s\"", comma, text);
		comma = ",";
	}
	printf("]");
}

/* see report.h */
void report_json(const struct report *r)
{
	const struct outcome *o = r->outcome;
	const struct bytes none = {NULL, 0};

	print_head(r);
	print_path(r);
	json_text("moved_aside", r->aside);
	void_files_print_json(r);
	print_pins(r);
	json_text("address", o->address);
	json_text("tls", o->tls_version == 0x0304   ? "1.3"
			 : o->tls_version == 0x0303 ? "1.2"
						    : NULL);
	json_bool("proxied", o->flags & OUTCOME_PROXIED);
	json_bool("partial", o->flags & OUTCOME_UNCOMPLETED);
	json_bool("proven", o->flags & OUTCOME_POSSESSION);
	json_bytes("token_host", wire_leads_away(o->reply) ? none : o->service);
	json_bytes("redirect_host",
		   wire_leads_away(o->reply) ? o->service : none);
	print_certificates("anchors", o, WIRE_CERT_ANCHOR);
	print_certificates("installed", o, WIRE_CERT_INSTALLED);
	print_certificates("chain", o, WIRE_CERT_SENT);
	print_docker(r);
	consumers_print_json(r->consumers);
	consumers_print_host_json(r->consumers);
	if (r->ends)
		json_time("ends", r->ends);
	else
		json_text("ends", NULL);
	print_warnings(report_warnings_of(r));
	print_error(r);
	printf("}\n");
	fflush(stdout);
}
