/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What has to hold of a ca.crt that is written: nothing is lost that nobody
 * named, nothing comes in that nobody named, nothing stands there twice.
 * Aborts where it does not. For fuzz_decision.c.
 */
#ifndef SUPPORT_DECISION_WRITTEN_H
#define SUPPORT_DECISION_WRITTEN_H

#include "support/decision_report.h"

#include <stdio.h>

#include "installer/certs_d/edit.h"

/* One step: what was there before it, what it did, and what it said. */
struct seen {
	struct bytes before, after; /* ca.crt; the same where nothing is written
				     */
	unsigned sure;	  /* in the directory before, for every reader */
	unsigned held;	  /* ... and those that we wrote, wherever they stand */
	unsigned maybe;	  /* ... or for some readers */
	unsigned anchors; /* that the report names */
	bool wrote, set_aside;
};

/* What did not hold, and all that a reader needs to see why. */
static inline void give_up(const char *rule, int line)
{
	const struct outcome *o = &outcome;

	fprintf(stderr,
		"line %d: %s\nhonest %d ended %x sent %x chained %x accepted "
		"%x\n"
		"flags %x verdicts %d %d %d; service %d pin %d file %d\n",
		line, rule, world.is_honest, world.ended, world.sent,
		world.chained, world.accepted, o->flags,
		(int)o->verdict[0].code, (int)o->verdict[1].code,
		(int)o->verdict[2].code, asked.target != &reg, asked.has_pin,
		asked.file.content.len > 0);
	for (size_t i = 0; i < o->cert_count; i++)
		fprintf(stderr, "%.*s: flags %x\n", (int)o->certs[i].der.len,
			(const char *)o->certs[i].der.data, o->certs[i].flags);
	fprintf(stderr, "ca.crt:\n%.*s\ncorp.crt:\n%.*s\n", (int)ca_crt.len,
		(const char *)ca_crt.data, (int)corp_crt.len,
		(const char *)corp_crt.data);
	abort();
}

#define must(rule) ((rule) ? (void)0 : give_up(#rule, __LINE__))

static inline bool is_subset(unsigned part, unsigned whole)
{
	return !(part & ~whole);
}

static inline bool is_asked_by_name(void)
{
	return asked.has_pin || asked.file.content.len;
}

static inline bool is_service(void)
{
	return asked.target != &reg;
}

static inline struct bytes theirs(struct bytes file, char *text)
{
	struct edit_result left;
	struct failure f;

	must(edit_remove(file, text, 2 * CRT_BYTES_MAX, &left, &f) == ERR_OK);
	return left.content;
}

/* Of our section in FILE: those with a block whose own line says END. */
static inline unsigned ours_that(struct bytes file, enum block_end end)
{
	struct bytes rest = section_split(file).ours;
	struct section_piece piece;
	unsigned set = 0;

	while (section_next(&rest, &piece))
		if (piece.kind == SECTION_BLOCK &&
		    block_end_of(&piece.block, NOW) == end)
			set |= named_by(piece.block.pem);
	return set;
}

static inline size_t count_pieces(struct bytes file, enum section_kind kind)
{
	struct bytes rest = section_split(file).ours;
	struct section_piece piece;
	size_t count = 0;

	while (section_next(&rest, &piece))
		count += piece.kind == kind;
	return count;
}

static inline unsigned bits(unsigned set)
{
	return (unsigned)__builtin_popcount(set);
}

/* Text of another hand is there to the byte, or moved aside whole, and that
 * only where it holds nothing that a consumer reads. */
static inline void check_others(const struct seen *s)
{
	static char text[2][2 * CRT_BYTES_MAX];

	if (s->set_aside)
		must(!held_by(s->before) && !ours_in(s->before));
	else
		must(bytes_equal(theirs(s->before, text[0]),
				 theirs(s->after, text[1])));
}

/* A certificate of ours leaves by the operator's word, or when its own line
 * says that it has ended and another holds. */
static inline void check_lost(const struct options *options,
			      const struct seen *s)
{
	unsigned left = ours_in(s->before) & ~ours_in(s->after);

	if (!left || (options->on_change == POLICY_REPLACE && !is_service()))
		return;
	must(!(left & ~s->anchors & ~ours_that(s->before, BLOCK_END_PASSED)));
	must(!(left & ours_that(s->before, BLOCK_END_AHEAD)));
	must(ours_that(s->after, BLOCK_END_AHEAD));
}

/* What comes in is an anchor of the report, named by the operator where he
 * named any, and stands nowhere else in the file. */
static inline void check_new(const struct seen *s)
{
	unsigned ours = ours_in(s->after);
	unsigned come = ours & ~ours_in(s->before);

	must(is_subset(named_by(s->after), named_by(s->before) | s->anchors));
	if (is_asked_by_name())
		must(is_subset(come, named_by_operator()));
	must(!(come & held_by(section_split(s->after).above)));
	must(count_pieces(s->after, SECTION_BLOCK) == bits(ours));
}

/* A note about a token service stays, and comes with its certificates only. */
static inline void check_notes(const struct seen *s)
{
	size_t before = count_pieces(s->before, SECTION_SERVICE);
	size_t after = count_pieces(s->after, SECTION_SERVICE);
	bool is_noted = section_notes_service(s->before, "auth.test");

	if (s->set_aside || !ours_in(s->after))
		return;
	must(after == before + (is_service() && !is_noted));
}

static inline void check_written(const struct options *options,
				 const struct seen *s)
{
	check_others(s);
	check_lost(options, s);
	check_new(s);
	check_notes(s);
}

#endif
