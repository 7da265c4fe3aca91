/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A directory, and step after step a server or a report made by chance, and
 * options, through the installer's own decision: facts, policy, edit, report.
 * Only the file system is left out. The input is read as dice. Whatever they
 * say, the rules of decision_rules.h hold. In half of the inputs the reports
 * are true, of a world that each step makes anew: then what a run says is what
 * a look says next, and a second run has nothing to do.
 */
/* wrap: store_write store_clear */
#include "support/decision_rules.h"

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

/* More say nothing more, and take their time. */
#define STEPS_MAX 8

static struct store_room room;
static char new_text[CRT_BYTES_MAX];
static struct seen seen;

enum err __wrap_store_write(int root, const struct registry *registry,
			    const struct store_change *change,
			    struct store_room *in, struct store_result *out,
			    struct failure *f)
{
	(void)root;
	(void)registry;
	(void)in;
	(void)f;
	must(change->content.len && change->content.len <= sizeof(new_text));
	must(!seen.wrote && !bytes_equal(change->content, ca_crt));
	memcpy(new_text, change->content.data, change->content.len);
	seen.after = (struct bytes){(uint8_t *)new_text, change->content.len};
	seen.wrote = true;
	seen.set_aside = change->sets_aside;
	out->changed = true;
	if (seen.set_aside)
		strcpy(out->aside, "ca.crt.aside-1");
	return ERR_OK;
}

void __wrap_store_clear(int root, const struct registry *registry)
{
	(void)root;
	(void)registry;
}

static struct report blank_report(void)
{
	return (struct report){.registry = &reg,
			       .service = is_service() ? &auth : NULL,
			       .outcome = &outcome,
			       .job = &turn.job};
}

/* The facts, where needed with the word of a probe that met no server, or
 * without it. */
static struct facts gather(const struct options *options, bool is_read)
{
	struct facts_reading reading = {.is_done = false};
	struct facts facts;

	facts_gather(&turn, options, &outcome, &reading, &facts);
	if (!facts.needs_reading)
		return facts;
	reading = is_read ? read_truth() : facts_unread(&turn);
	facts_gather(&turn, options, &outcome, &reading, &facts);
	must(!facts.needs_reading);
	return facts;
}

static struct report run(const struct options *options, bool is_read)
{
	struct report report = blank_report();
	struct facts facts = gather(options, is_read);

	seen = (struct seen){.before = ca_crt, .after = ca_crt};
	seen.sure = held_by(ca_crt) | held_by(corp_crt);
	seen.held = seen.sure | ours_in(ca_crt);
	seen.maybe = named_by(ca_crt) | named_by(corp_crt);
	seen.anchors = flagged(WIRE_CERT_ANCHOR);
	warn_about(&turn, &outcome, &facts, &report);
	trust_registry(options, -1, &turn, &outcome, &facts, &room, &report);
	return report;
}

static bool is_trusted(const struct report *r)
{
	return report_exit_of(r) == REPORT_EXIT_TRUSTED;
}

static struct report look(const struct options *options, bool is_read)
{
	struct report report = blank_report();
	struct facts facts = gather(options, is_read);

	warn_about(&turn, &outcome, &facts, &report);
	check_registry(options, &turn, &outcome, &facts, &report);
	if (report.state == REPORT_TRUSTED || report.state == REPORT_EXPIRING)
		must(is_trusted(&report));
	return report;
}

/* Where nothing was written, a look at the same says the same. */
static void check_look(const struct options *options, bool is_read,
		       const struct report *ran)
{
	struct report looked;

	if (seen.wrote || ran->state == REPORT_FAILED)
		return;
	looked = look(options, is_read);
	must(is_trusted(&looked) == is_trusted(ran));
}

/* The new file is there. The world is as it was: a look says what the run has
 * said, Docker does what it said, and a second run has nothing to do. */
static void check_next(const struct options *options, bool is_read,
		       struct report ran)
{
	struct report looked, again;

	if (ran.state == REPORT_FAILED)
		return;
	prepare(options);
	report_truth();
	looked = look(options, is_read);
	must(is_trusted(&looked) == is_trusted(&ran));
	if (report_exit_of(&ran) == REPORT_EXIT_DOCKER)
		must(report_exit_of(&looked) == REPORT_EXIT_DOCKER);
	if (is_trusted(&ran))
		must(wire_accepts(&outcome.verdict[WIRE_KEEP]));
	again = run(options, is_read);
	must(!seen.wrote);
	must(report_exit_of(&again) == report_exit_of(&ran));
	service_conclude(options, &looked);
	service_conclude(options, &ran);
	must(is_trusted(&looked) == is_trusted(&ran));
}

/* What one die says beside whether there is a reading: rarely, that no registry
 * answers. */
static enum wire_reply reply_of(unsigned value)
{
	switch (value / 4) {
	case 5:
		return WIRE_REPLY_PAGE;
	case 9:
		return WIRE_REPLY_STATUS;
	default:
		return WIRE_REPLY_REGISTRY;
	}
}

static void step(struct dice *d)
{
	static struct options options;
	struct report report;
	unsigned value;
	bool is_read;

	if (world.is_honest)
		make_world(d);
	else
		report_chance(d);
	make_job(d, &options);
	if (world.is_honest)
		report_truth();
	value = throw_die(d, 256);
	is_read = value % 4;
	world.reply = reply_of(value);
	outcome.reply = world.reply;
	report = run(&options, is_read);
	check_words(&seen, &report);
	if (is_read)
		check_law(&options, &seen, &report);
	if (seen.wrote)
		check_written(&options, &seen);
	check_look(&options, is_read, &report);
	if (seen.wrote) {
		memcpy(ca_text, new_text, seen.after.len);
		ca_crt = (struct bytes){(uint8_t *)ca_text, seen.after.len};
		has_ca_crt = true;
	}
	if (world.is_honest)
		check_next(&options, is_read, report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct dice d = {data, len};

	world = (struct world){.is_honest = throw_die(&d, 2)};
	if (world.is_honest)
		world.ended = throw_die(&d, EVERY_DER + 1);
	make_directory(&d);
	for (int i = 0; i < STEPS_MAX && (!i || d.len); i++)
		step(&d);
	return 0;
}
