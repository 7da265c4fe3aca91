/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A directory, and step after step a report and options made by chance, through
 * the installer's own decision: facts, policy, edit, report. Only the file
 * system is left out. The input is read as dice. Whatever they say, nothing is
 * lost that nobody named, nothing is written that nobody named under a pin or a
 * file, what is said is what was done, and the exit code is the documented one.
 */
/* wrap: store_write store_clear */
#include <stdlib.h>
#include <string.h>

#include "installer/certs_d/ca_crt.h"
#include "installer/certs_d/section.h"
#include "installer/check.h"
#include "installer/service.h"
#include "installer/trust.h"
#include "installer/warn.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
enum err __wrap_store_write(int root, const struct registry *registry,
			    const struct store_change *change,
			    struct store_room *room, struct store_result *out,
			    struct failure *f);
void __wrap_store_clear(int root, const struct registry *registry);

#define NOW    1790000000
#define DERS   6
#define REPORT 5

static const char *const ders[DERS] = {"first",	 "second", "third",
				       "fourth", "fifth",  "sixth"};
static const struct registry reg = {"reg.test", "reg.test", 443, REGISTRY_NAME};
static const struct registry auth = {"auth.test", "auth.test", 443,
				     REGISTRY_NAME};

struct dice {
	const uint8_t *data;
	size_t len;
};

static unsigned throw_die(struct dice *d, unsigned sides)
{
	unsigned value = d->len ? *d->data : 0;

	if (d->len) {
		d->data++;
		d->len--;
	}
	return value % sides;
}

/* The directory, what was in ca.crt before the step, and after it. */
static struct turn turn;
static struct store_room room;
static struct outcome outcome;
static char before[CRT_BYTES_MAX], after[CRT_BYTES_MAX];
static char foreign[2][2 * CRT_BYTES_MAX];
static char operator_file[CRT_BYTES_MAX];
static size_t before_len, after_len;
static bool wrote, set_aside;

enum err __wrap_store_write(int root, const struct registry *registry,
			    const struct store_change *change,
			    struct store_room *in, struct store_result *out,
			    struct failure *f)
{
	(void)root;
	(void)registry;
	(void)in;
	(void)f;
	if (!change->content.len || change->content.len > sizeof(after))
		abort();
	memcpy(after, change->content.data, change->content.len);
	after_len = change->content.len;
	wrote = true;
	set_aside = change->sets_aside;
	out->changed = true;
	if (set_aside)
		strcpy(out->aside, "ca.crt.aside-1");
	return ERR_OK;
}

void __wrap_store_clear(int root, const struct registry *registry)
{
	(void)root;
	(void)registry;
}

static struct bytes view(const char *text)
{
	return (struct bytes){(const uint8_t *)text, strlen(text)};
}

static struct wire_certificate certificate(unsigned i, bool ended)
{
	return (struct wire_certificate){.der = view(ders[i]),
					 .subject = view(ders[i]),
					 .not_before = NOW - 1000,
					 .not_after =
						 ended ? NOW - 10 : NOW + 1000};
}

static void put_der(struct ca_crt *e, struct dice *d)
{
	struct wire_certificate c =
		certificate(throw_die(d, DERS), throw_die(d, 4) == 0);

	ca_crt_append(e, &c);
}

/* A ca.crt as somebody may have left it. */
static void make_file(struct dice *d)
{
	static const char *const texts[] = {
		"", "# mine\n", "<html>\n", "\xef\xbb\xbf",
		"-----BEGIN CERTIFICATE-----\nAAAA\n"};
	struct ca_crt e;

	ca_crt_open(&e, before, sizeof(before));
	ca_crt_copy(&e, view(texts[throw_die(d, 5)]));
	for (unsigned n = throw_die(d, 3); n; n--)
		put_der(&e, d);
	if (throw_die(d, 2)) {
		ca_crt_end_line(&e);
		ca_crt_copy(&e, view(CA_CRT_MARK));
		if (throw_die(d, 2))
			ca_crt_note_service(&e, "auth.test");
		for (unsigned n = throw_die(d, 4); n; n--)
			put_der(&e, d);
		ca_crt_copy(&e, view(texts[throw_die(d, 2)]));
	}
	before_len = e.len;
}

static void make_survey(struct dice *d)
{
	struct survey *s = &turn.survey;

	s->file_count = 1;
	strcpy(s->files[0].name, SURVEY_CA_FILE);
	memcpy(s->storage, before, before_len);
	s->used = before_len;
	s->files[0].content = (struct bytes){s->storage, before_len};
	if (!before_len && throw_die(d, 2))
		s->file_count = 0;
}

static void make_report(struct dice *d)
{
	struct outcome *o = &outcome;

	memset(o, 0, offsetof(struct outcome, certs));
	o->flags = (throw_die(d, 256) | throw_die(d, 4) << 8) & OUTCOME_FLAGS_;
	for (int act = 0; act < WIRE_ACTS_; act++) {
		o->verdict[act].reached = true;
		if (throw_die(d, 3) == 0)
			o->verdict[act].code = (enum verdict_code)throw_die(
				d, VERDICT_CODES_COUNT_);
		o->verdict[act].remark =
			(enum verdict_remark)throw_die(d, REMARK_COUNT_);
	}
	/* What Docker accepts chains to what is there. */
	if (wire_accepts(&o->verdict[WIRE_KEEP]))
		o->flags |= OUTCOME_CHAINS;
	o->cert_count = throw_die(d, REPORT);
	for (size_t i = 0; i < o->cert_count; i++) {
		o->certs[i] =
			certificate(throw_die(d, DERS), throw_die(d, 4) == 0);
		o->certs[i].flags = throw_die(d, WIRE_CERT_FLAGS_ + 1);
	}
}

static void make_job(struct dice *d, struct options *options)
{
	struct job *job = &turn.job;
	static struct operator_file file;
	struct ca_crt e;

	memset(options, 0, offsetof(struct options, certs_dir));
	options->mode = OPTIONS_TRUST;
	options->on_change = (enum policy_on_change)throw_die(d, 3);
	options->require_pin = throw_die(d, 8) == 1;
	options->trust_token_host = throw_die(d, 2);
	options->expiry_ms = EXPIRY_DEFAULT_MS;
	file.content = (struct bytes){NULL, 0};
	if (throw_die(d, 4) == 1) {
		ca_crt_open(&e, operator_file, sizeof(operator_file));
		put_der(&e, d);
		file.content = (struct bytes){(uint8_t *)operator_file, e.len};
		file.block_count = 1;
	}
	turn.registry = &reg;
	job_prepare(&turn, options, file.content.len ? &file : NULL,
		    (struct bytes){NULL, 0}, throw_die(d, 4) ? &reg : &auth,
		    NOW);
	if (!file.content.len && throw_die(d, 3) == 1) {
		job->pin_count = 1;
		fingerprint_of(view(ders[throw_die(d, DERS)]), &job->pins[0]);
	}
}

static bool is_named(struct bytes der)
{
	struct fingerprint fp;

	fingerprint_of(der, &fp);
	return turn.job.operator_file.len
		       ? ca_crt_file_names(turn.job.operator_file, der)
		       : turn.job.pin_count &&
				 fingerprint_equal(&fp, &turn.job.pins[0]);
}

static struct bytes old_text(void)
{
	return (struct bytes){(uint8_t *)before, before_len};
}

static struct bytes new_text(void)
{
	return (struct bytes){(uint8_t *)after, after_len};
}

static struct bytes theirs(struct bytes file, char *text)
{
	struct edit_result left;
	struct failure f;

	if (edit_remove(file, text, sizeof(foreign[0]), &left, &f) != ERR_OK)
		abort();
	return left.content;
}

/* Is one of ours in OLD whose own line says that it has not ended? */
static bool holds_ahead(struct bytes file, struct bytes der)
{
	struct bytes rest = section_split(file).ours;
	struct section_piece piece;

	while (section_next(&rest, &piece))
		if (piece.kind == SECTION_BLOCK &&
		    ca_crt_file_names(piece.block.pem, der) &&
		    block_end_of(&piece.block, NOW) != BLOCK_END_PASSED)
			return true;
	return false;
}

static void check_written(const struct options *options,
			  const struct facts *facts)
{
	bool vouched = facts->policy.vouch == POLICY_VOUCH_PIN ||
		       facts->policy.vouch == POLICY_VOUCH_FILE;
	bool may_drop = options->on_change == POLICY_REPLACE &&
			turn.job.target == turn.registry;

	if (set_aside && !facts->ca_is_void)
		abort();
	/* Text of another hand is there to the byte, or moved aside whole. */
	if (!set_aside && !bytes_equal(theirs(old_text(), foreign[0]),
				       theirs(new_text(), foreign[1])))
		abort();
	for (unsigned i = 0; i < DERS; i++) {
		struct bytes der = view(ders[i]);
		bool was = ca_crt_file_names(old_text(), der);
		bool is = ca_crt_file_names(new_text(), der);

		if (is && !was &&
		    (turn.job.pin_count || turn.job.operator_file.len) &&
		    !is_named(der))
			abort();
		if (was && !is && !set_aside && !may_drop &&
		    holds_ahead(old_text(), der))
			abort();
	}
	if (!vouched && !facts->policy.proven)
		abort();
	if (!vouched && !facts->policy.installed && !facts->policy.works)
		abort();
}

static void check_words(const struct report *r)
{
	enum report_exit code = report_exit_of(r);

	if (r->state == REPORT_FAILED) {
		if (wrote)
			abort();
		return;
	}
	if ((r->state == REPORT_INSTALLED || r->state == REPORT_ADDED ||
	     r->state == REPORT_DROPPED) &&
	    !wrote)
		abort();
	if (wrote && (code == REPORT_EXIT_REFUSED ||
		      r->state == REPORT_REFUSED_USELESS ||
		      r->state == REPORT_NOT_NEEDED))
		abort();
	if (code == REPORT_EXIT_TRUSTED &&
	    (wire_refuses(&r->verdict) || r->is_unproven ||
	     !strncmp(report_sentence(r), "REFUSED", 7)))
		abort();
	if (code == REPORT_EXIT_REFUSED || code == REPORT_EXIT_DOCKER)
		if (!report_reason(r) || !*report_reason(r))
			abort();
	if (set_aside != (*r->aside != '\0'))
		abort();
}

/* With the same report and options, what is said next is no contradiction. */
static void check_again(const struct options *options, const struct facts *f,
			const struct report *r)
{
	struct report checked = {
		.outcome = &outcome, .job = &turn.job, .warnings = r->warnings};

	check_registry(options, &turn, &outcome, f, &checked);
	if (policy_is_refusal(policy_decide(&f->policy)) &&
	    report_exit_of(&checked) == REPORT_EXIT_TRUSTED)
		abort();
	if (!wrote && r->state != REPORT_FAILED &&
	    (report_exit_of(&checked) == REPORT_EXIT_TRUSTED) !=
		    (report_exit_of(r) == REPORT_EXIT_TRUSTED))
		abort();
}

static void step(struct dice *d)
{
	static struct options options;
	struct facts_reading reading = {.is_done = false};
	struct report report = {.outcome = &outcome, .job = &turn.job};
	struct facts facts;

	wrote = set_aside = false;
	make_survey(d);
	make_report(d);
	make_job(d, &options);
	facts_gather(&turn, &options, &outcome, &reading, &facts);
	if (facts.needs_reading) {
		reading = throw_die(d, 2) ? facts_read(&turn, &outcome)
					  : facts_unread(&turn);
		facts_gather(&turn, &options, &outcome, &reading, &facts);
		if (facts.needs_reading)
			abort();
	}
	warn_about(&turn, &outcome, &facts, &report);
	trust_registry(&options, -1, &turn, &outcome, &facts, &room, &report);
	if (wrote)
		check_written(&options, &facts);
	check_words(&report);
	check_again(&options, &facts, &report);
	if (!wrote)
		return;
	memcpy(before, after, after_len);
	before_len = after_len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct dice d = {data, len};

	make_file(&d);
	do
		step(&d);
	while (d.len);
	return 0;
}
