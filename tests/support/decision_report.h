/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sets of certificates, and reports about the world of decision.h: true, as an
 * honest probe makes them, or made by chance. For fuzz_decision.c.
 */
#ifndef SUPPORT_DECISION_REPORT_H
#define SUPPORT_DECISION_REPORT_H

#include "support/decision.h"

#include "installer/facts.h"

#define REPORT 5

static struct outcome outcome;

/* Those of which FILE has a block that every reader of PEM finds. */
static inline unsigned held_by(struct bytes file)
{
	unsigned set = 0;

	for (unsigned i = 0; i < DERS; i++)
		set |= (unsigned)ca_crt_holds(file, bytes_of(ders[i])) << i;
	return set;
}

/* Those of which FILE has a block that some reader may find. */
static inline unsigned named_by(struct bytes file)
{
	unsigned set = 0;

	for (unsigned i = 0; i < DERS; i++)
		set |= (unsigned)ca_crt_file_names(file, bytes_of(ders[i]))
		       << i;
	return set;
}

/* Those of our own section, however it stands in FILE. */
static inline unsigned ours_in(struct bytes file)
{
	return named_by(section_split(file).ours);
}

static inline unsigned flagged(unsigned flag)
{
	unsigned set = 0;

	for (size_t i = 0; i < outcome.cert_count; i++)
		for (unsigned k = 0; k < DERS; k++)
			if (outcome.certs[i].flags & flag &&
			    bytes_equal(outcome.certs[i].der,
					bytes_of(ders[k])))
				set |= 1U << k;
	return set;
}

/* Those that the operator named, by a pin or in a file. */
static inline unsigned named_by_operator(void)
{
	unsigned set = 0;
	struct fingerprint fp;

	if (asked.file.content.len)
		return named_by(asked.file.content);
	for (unsigned i = 0; asked.has_pin && i < DERS; i++) {
		fingerprint_of(bytes_of(ders[i]), &fp);
		set |= (unsigned)fingerprint_equal(&fp, &asked.pin) << i;
	}
	return set;
}

static inline unsigned lowest(unsigned set)
{
	return set & (0U - set);
}

static inline unsigned highest(unsigned set)
{
	return set ? 1U << (31 - __builtin_clz(set)) : 0;
}

/* What a probe chooses to be installed. */
static inline unsigned anchors_of(unsigned installed)
{
	unsigned named = named_by_operator();

	if (asked.file.content.len)
		return named & world.chained ? named : 0;
	if (asked.has_pin)
		return named & world.chained & (world.sent | installed);
	named = world.sent & world.chained;
	return named ? highest(named) : lowest(world.sent);
}

static inline struct wire_verdict truth_with(unsigned pool)
{
	struct wire_verdict v = {.reached = true};

	if (world.host_trusts || pool & world.accepted)
		return v;
	v.code = pool & world.chained ? VERDICT_WRONG_NAME
				      : VERDICT_UNKNOWN_AUTHORITY;
	if (!(pool & world.chained))
		v.remark = world.remark;
	return v;
}

/* The report of a probe that is what it should be, about the turn. */
static inline void report_truth(void)
{
	struct outcome *o = &outcome;
	unsigned installed = 0, others = 0;
	unsigned anchors;

	for (size_t i = 0; i < turn.job.installed_count; i++) {
		installed |= held_by(turn.job.installed[i]);
		others |= held_by(turn.job.others[i]);
	}
	anchors = anchors_of(installed);
	memset(o, 0, offsetof(struct outcome, certs));
	o->flags = (world.is_proven ? OUTCOME_POSSESSION : 0U) |
		   (world.host_trusts ? OUTCOME_HOST_TRUSTS : 0U) |
		   (installed & world.chained ? OUTCOME_CHAINS : 0U);
	o->reply = world.reply;
	o->verdict[WIRE_KEEP] = truth_with(installed);
	o->verdict[WIRE_BESIDE] = truth_with(installed | anchors);
	o->verdict[WIRE_ALONE] = truth_with(others | anchors);
	for (unsigned i = 0; i < DERS; i++) {
		struct wire_certificate c =
			certificate(i, world.ended >> i & 1);

		c.flags = (world.sent >> i & 1 ? WIRE_CERT_SENT : 0U) |
			  (installed >> i & 1 ? WIRE_CERT_INSTALLED : 0U) |
			  (anchors >> i & 1 ? WIRE_CERT_ANCHOR : 0U);
		if (c.flags && world.chained >> i & 1)
			c.flags |= WIRE_CERT_CHAINS;
		if (c.flags)
			o->certs[o->cert_count++] = c;
	}
}

/* The report of one that was taken over. */
static inline void report_chance(struct dice *d)
{
	struct outcome *o = &outcome;

	memset(o, 0, offsetof(struct outcome, certs));
	o->flags = (throw_die(d, 256) | throw_die(d, 16) << 8) & OUTCOME_FLAGS_;
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
		o->certs[i] = any_certificate(d);
		o->certs[i].flags = throw_die(d, WIRE_CERT_FLAGS_ + 1);
	}
}

/* What a probe that met no server reads in the files. */
static inline struct facts_reading read_truth(void)
{
	static struct outcome read;

	read.cert_count = 0;
	for (unsigned i = 0; i < DERS; i++) {
		bool is_there = false;

		for (size_t k = 0; k < turn.survey.file_count; k++)
			is_there |= ca_crt_holds(turn.survey.files[k].content,
						 bytes_of(ders[i]));
		if (!is_there)
			continue;
		read.certs[read.cert_count] = certificate(i, false);
		read.certs[read.cert_count++].flags = WIRE_CERT_INSTALLED;
	}
	return facts_read(&turn, &read);
}

#endif
