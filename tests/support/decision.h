/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small world for the installer's decision: six certificates, two files of a
 * directory, what is true of a server, and what is asked of the installer, all
 * thrown with dice. For fuzz_decision.c.
 */
#ifndef SUPPORT_DECISION_H
#define SUPPORT_DECISION_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "installer/certs_d/ca_crt.h"
#include "installer/certs_d/section.h"
#include "installer/job.h"

#define NOW  1790000000
#define DERS 6

/* Sets of certificates are bits, 1 << index. */
static const char *const ders[DERS] = {"first",	 "second", "third",
				       "fourth", "fifth",  "sixth"};
#define EVERY_DER ((1U << DERS) - 1)

static const struct registry reg = {"reg.test", "reg.test", 443, REGISTRY_NAME};
static const struct registry auth = {"auth.test", "auth.test", 443,
				     REGISTRY_NAME};

struct dice {
	const uint8_t *data;
	size_t len;
};

static inline unsigned throw_die(struct dice *d, unsigned sides)
{
	unsigned value = d->len ? *d->data : 0;

	if (d->len) {
		d->data++;
		d->len--;
	}
	return value % sides;
}

/* What is true of the server, whoever says what. */
struct world {
	bool is_honest; /* reports say what is true, and so do the files */
	unsigned ended; /* certificates whose time is over */
	unsigned sent;
	unsigned chained;  /* the server chains to them */
	unsigned accepted; /* ... and Docker accepts it with one of them */
	bool is_proven;
	bool host_trusts;
	enum verdict_remark remark; /* where no certificate is chained to */
	enum wire_reply reply;	    /* to GET /v2/ */
};

/* What is asked of the installer; kept to ask once more. */
struct asked {
	const struct registry *target;
	struct operator_file file; /* no content: none */
	struct fingerprint pin;
	bool has_pin;
};

static struct world world;
static struct asked asked;
static struct turn turn;
static char operator_text[CRT_BYTES_MAX];

/* The directory: ca.crt, and what another hand has beside it. */
static char ca_text[CRT_BYTES_MAX], corp_text[CRT_BYTES_MAX];
static struct bytes ca_crt, corp_crt;
static bool has_ca_crt;

static inline struct wire_certificate certificate(unsigned i, bool ended)
{
	return (struct wire_certificate){.der = bytes_of(ders[i]),
					 .subject = bytes_of(ders[i]),
					 .not_before = NOW - 1000,
					 .not_after =
						 ended ? NOW - 10 : NOW + 1000};
}

/* In an honest world a certificate's end is one, elsewhere each says its own.
 */
static inline struct wire_certificate any_certificate(struct dice *d)
{
	unsigned i = throw_die(d, DERS);
	bool is_said = throw_die(d, 4) == 0;

	return certificate(i, world.is_honest ? world.ended >> i & 1 : is_said);
}

static inline void put_der(struct ca_crt *e, struct dice *d)
{
	struct wire_certificate c = any_certificate(d);

	/* Then it has no line about its end. */
	if (!world.is_honest && throw_die(d, 8) == 1)
		c.flags = WIRE_CERT_UNPARSED;
	ca_crt_append(e, &c);
}

/* A directory as somebody may have left it. */
static inline void make_directory(struct dice *d)
{
	/* The last hides what follows, from some readers. */
	static const char *const texts[] = {
		"", "# mine\n", "<html>\n", "\xef\xbb\xbf",
		"-----BEGIN CERTIFICATE-----\nAAAA\n"};
	struct ca_crt e;

	ca_crt_open(&e, ca_text, sizeof(ca_text));
	ca_crt_copy(&e, bytes_of(texts[throw_die(d, world.is_honest ? 4 : 5)]));
	for (unsigned n = throw_die(d, 3); n; n--)
		put_der(&e, d);
	if (throw_die(d, 2)) {
		ca_crt_end_line(&e);
		ca_crt_copy(&e, bytes_of(CA_CRT_MARK));
		if (throw_die(d, 2))
			ca_crt_note_service(&e, "auth.test");
		for (unsigned n = throw_die(d, 4); n; n--)
			put_der(&e, d);
		ca_crt_copy(&e, bytes_of(texts[throw_die(d, 2)]));
	}
	ca_crt = (struct bytes){(uint8_t *)ca_text, e.len};
	has_ca_crt = e.len || throw_die(d, 2);
	ca_crt_open(&e, corp_text, sizeof(corp_text));
	if (throw_die(d, 4) == 1)
		put_der(&e, d);
	corp_crt = (struct bytes){(uint8_t *)corp_text, e.len};
}

static inline void make_world(struct dice *d)
{
	world.sent = 1 + throw_die(d, EVERY_DER);
	world.chained = throw_die(d, EVERY_DER + 1) & ~world.ended;
	world.accepted = world.chained;
	if (throw_die(d, 3) == 0)
		world.accepted &= throw_die(d, EVERY_DER + 1);
	world.is_proven = throw_die(d, 8) != 1;
	world.host_trusts = throw_die(d, 8) == 1;
	world.remark =
		throw_die(d, 4) == 1 ? REMARK_NO_INTERMEDIATE : REMARK_NONE;
}

static inline void survey_file(const char *name, struct bytes content)
{
	struct survey *s = &turn.survey;
	struct survey_file *file = &s->files[s->file_count++];

	strcpy(file->name, name);
	if (content.len)
		memcpy(s->storage + s->used, content.data, content.len);
	file->content = (struct bytes){s->storage + s->used, content.len};
	s->used += content.len;
}

static inline void make_survey(void)
{
	turn.survey.file_count = 0;
	turn.survey.used = 0;
	if (has_ca_crt)
		survey_file(SURVEY_CA_FILE, ca_crt);
	if (corp_crt.len)
		survey_file("corp.crt", corp_crt);
}

static inline void prepare(const struct options *options)
{
	make_survey();
	turn.registry = &reg;
	job_prepare(&turn, options, asked.file.content.len ? &asked.file : NULL,
		    (struct bytes){NULL, 0}, asked.target, NOW);
	if (asked.has_pin)
		turn.job.pins[turn.job.pin_count++] = asked.pin;
}

static inline void make_job(struct dice *d, struct options *options)
{
	struct ca_crt e;

	memset(options, 0, offsetof(struct options, certs_dirs));
	options->mode = OPTIONS_TRUST;
	options->on_change = (enum policy_on_change)throw_die(d, 3);
	options->require_pin = throw_die(d, 8) == 1;
	options->trust_token_host = throw_die(d, 2);
	options->expiry_ms = EXPIRY_DEFAULT_MS;
	asked = (struct asked){.target = throw_die(d, 4) ? &reg : &auth};
	if (throw_die(d, 4) == 1) {
		ca_crt_open(&e, operator_text, sizeof(operator_text));
		put_der(&e, d);
		if (throw_die(d, 2))
			put_der(&e, d);
		asked.file.content =
			(struct bytes){(uint8_t *)operator_text, e.len};
		asked.file.block_count = 1;
	} else if (throw_die(d, 3) == 1) {
		asked.has_pin = true;
		fingerprint_of(bytes_of(ders[throw_die(d, DERS)]), &asked.pin);
	}
	/* A service for which nobody speaks is only looked at. */
	if (asked.target == &auth && !asked.has_pin && !asked.file.content.len)
		options->trust_token_host = true;
	prepare(options);
}

#endif
