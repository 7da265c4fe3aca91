/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One registry's turn for a test of what the installer does with it: files,
 * a report, options, all in memory. Each program has one.
 */
#ifndef SUPPORT_TURN_H
#define SUPPORT_TURN_H

#include "support/unit.h"

#include <stdio.h>

#include "installer/certs_d/ca_crt.h"
#include "installer/facts.h"
#include "installer/report/report.h"

#define NOW 1790000000

static const struct registry reg = {"reg.test", "reg.test", 443, REGISTRY_NAME};
static const struct registry auth = {"auth.test", "auth.test", 443,
				     REGISTRY_NAME};

/* All are too large for a stack. */
static struct turn turn;
static struct options options;
static struct outcome outcome;
static struct facts facts;
static struct report report;

/* An empty directory, and a server that has proven itself and says nothing. */
static inline void turn_start(void)
{
	memset(&turn, 0, offsetof(struct turn, survey));
	memset(&turn.survey, 0, offsetof(struct survey, storage));
	memset(&options, 0, sizeof(options));
	memset(&outcome, 0, sizeof(outcome));
	turn.registry = &reg;
	turn.job.target = &reg;
	turn.job.now = NOW;
	options.expiry_ms = EXPIRY_DEFAULT_MS;
	for (int act = 0; act < WIRE_ACTS_; act++)
		outcome.verdict[act].reached = true;
	facts = (struct facts){.policy = {.proven = true, .works = true}};
	report = (struct report){.registry = &reg,
				 .options = &options,
				 .outcome = &outcome,
				 .job = &turn.job};
}

/* The token service is asked, for the registry's directory. */
static inline void turn_ask_service(void)
{
	turn.job.target = &auth;
	report.service = &auth;
}

/* The directory has TEXT as the file NAME. */
static inline void turn_put(const char *name, struct bytes text)
{
	struct survey *s = &turn.survey;
	struct survey_file *file = &s->files[s->file_count++];

	snprintf(file->name, sizeof(file->name), "%s", name);
	if (text.len)
		memcpy(s->storage + s->used, text.data, text.len);
	file->content = (struct bytes){s->storage + s->used, text.len};
	s->used += text.len;
	s->exists = true;
}

/* A certificate of the report, valid for a year. */
static inline struct wire_certificate *turn_list(const char *der,
						 unsigned flags)
{
	struct wire_certificate *c = &outcome.certs[outcome.cert_count++];

	*c = (struct wire_certificate){.der = bytes_of(der),
				       .subject = bytes_of(der),
				       .not_before = NOW - 86400,
				       .not_after = NOW + 365 * 86400,
				       .flags = flags};
	return c;
}

/* A ca.crt of ours with DER, and a note about SERVICE where that is not NULL.
 */
static inline void turn_install(const char *der, const char *service)
{
	static char text[4096];
	const struct wire_certificate c = {.der = bytes_of(der),
					   .subject = bytes_of(der),
					   .not_before = NOW - 86400,
					   .not_after = NOW + 365 * 86400};
	struct ca_crt e;

	ca_crt_open(&e, text, sizeof(text));
	ca_crt_copy(&e, bytes_of(CA_CRT_MARK));
	if (service)
		ca_crt_note_service(&e, service);
	ca_crt_append(&e, &c);
	turn_put(SURVEY_CA_FILE, (struct bytes){(uint8_t *)text, e.len});
	facts.policy.installed = true;
}

#endif
