/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Composing a ca.crt from what is there and what is new; see edit.h.
 */
#include "installer/certs_d/edit.h"

#include <stdio.h>
#include <string.h>

#include "installer/certs_d/ca_crt.h"
#include "installer/certs_d/cause.h"
#include "installer/certs_d/keep.h"
#include "installer/certs_d/section.h"

static const struct bytes line_end = {(const uint8_t *)"\n", 1};

/* The mark, and how to take back the line end in front of it. */
static void begin_section(struct ca_crt *e, struct bytes above)
{
	char note[sizeof(SECTION_ABOVE_FORMAT) + 24];
	bool is_open = above.len && above.data[above.len - 1] != '\n';

	ca_crt_end_line(e);
	ca_crt_copy(e, bytes_of(CA_CRT_MARK));
	snprintf(note, sizeof(note), SECTION_ABOVE_FORMAT, above.len);
	if (is_open)
		ca_crt_copy(e, bytes_of(note));
}

static void write_notes(struct ca_crt *e, const struct edit *edit,
			struct bytes ours)
{
	bool is_noted = edit->service &&
			section_notes_service(edit->old, edit->service);
	struct section_piece piece;

	while (section_next(&ours, &piece))
		if (piece.kind == SECTION_SERVICE) {
			ca_crt_copy(e, piece.text);
			ca_crt_end_line(e);
		}
	if (edit->service && !is_noted)
		ca_crt_note_service(e, edit->service);
}

static struct bytes without_blank_lines(struct bytes text)
{
	while (text.len) {
		struct bytes line = bytes_line(text);

		if (bytes_skip_blanks(line).len)
			return text;
		text = bytes_from(text, line.len);
	}
	return text;
}

/* What another hand wrote into our section. A blank line in front keeps two
 * pieces from reading as one of ours; blank lines at their start are nobody's,
 * or they would become more with each edit. */
static void write_text_of_others(struct ca_crt *e, struct bytes ours)
{
	struct section_piece piece;

	while (section_next(&ours, &piece)) {
		struct bytes text = without_blank_lines(piece.text);

		if (piece.kind != SECTION_TEXT || !text.len)
			continue;
		ca_crt_end_line(e);
		if (e->needed)
			ca_crt_copy(e, line_end);
		ca_crt_copy(e, text);
	}
}

static void write_anchors(struct ca_crt *e, const struct edit *edit,
			  const struct section *old, struct edit_result *out)
{
	for (size_t i = 0; edit->act != EDIT_KEEP && i < edit->cert_count; i++)
		if (keep_is_anchor(&edit->certs[i]) &&
		    !keep_holds(edit, old, i)) {
			ca_crt_append(e, &edit->certs[i]);
			out->added++;
		}
}

static void write_kept(struct ca_crt *e, const struct edit *edit,
		       const struct section *old, struct edit_result *out)
{
	bool is_held = keep_has_holder(edit, old);
	struct bytes rest = old->ours;
	struct section_piece piece;

	while (section_next(&rest, &piece)) {
		enum keep keep;

		if (piece.kind != SECTION_BLOCK)
			continue;
		keep = keep_block(edit, old->ours, is_held, &piece.block);
		if (keep == KEEP_STAYS) {
			ca_crt_copy(e, piece.text);
			ca_crt_end_line(e);
			out->kept++;
		}
		out->ended += keep == KEEP_ENDED;
		out->repeated += keep == KEEP_REPEATED;
	}
}

static enum err finish(const struct ca_crt *e, struct bytes old,
		       struct edit_result *out, struct failure *f)
{
	if (e->overflow) {
		failure_set(f, ERR_STORE,
			    "ca.crt would have %zu bytes, more than the %zu "
			    "that are read back: move certificates that are "
			    "not needed out of it",
			    e->needed, e->size);
		f->cause = CAUSE_LIMIT;
		return ERR_STORE;
	}
	out->content = (struct bytes){(const uint8_t *)e->text, e->len};
	out->changed = !bytes_equal(out->content, old);
	return ERR_OK;
}

static bool names_anchor(const struct edit *edit)
{
	for (size_t i = 0; i < edit->cert_count; i++)
		if (keep_is_anchor(&edit->certs[i]))
			return true;
	return false;
}

static bool notes_more(const struct edit *edit)
{
	return edit->service &&
	       !section_notes_service(edit->old, edit->service);
}

/* see edit.h */
enum err edit_compose(const struct edit *edit, char *text, size_t size,
		      struct edit_result *out, struct failure *f)
{
	const struct section old = section_split(edit->old);
	struct ca_crt e;

	*out = (struct edit_result){.changed = false};
	ca_crt_open(&e, text, size);
	ca_crt_copy(&e, old.above);
	begin_section(&e, old.above);
	write_notes(&e, edit, old.ours);
	write_anchors(&e, edit, &old, out);
	write_kept(&e, edit, &old, out);
	if (!out->added && !out->kept && !names_anchor(edit))
		return failure_set(f, ERR_PROBE, "it named no anchor");
	if (!out->added && !out->kept) {
		/* Another hand holds them all: there is nothing of ours. */
		ca_crt_open(&e, text, size);
		ca_crt_copy(&e, old.above);
	}
	write_text_of_others(&e, old.ours);
	if (edit->act != EDIT_REPLACE && !out->added && !out->ended &&
	    !out->repeated && !notes_more(edit)) {
		ca_crt_open(&e, text, size);
		ca_crt_copy(&e, edit->old);
	}
	return finish(&e, edit->old, out, f);
}

/* see edit.h */
bool edit_is_stale(const struct edit *edit)
{
	const struct section old = section_split(edit->old);
	bool is_held = keep_has_holder(edit, &old);
	struct bytes rest = old.ours;
	struct section_piece piece;

	while (section_next(&rest, &piece))
		if (piece.kind == SECTION_BLOCK &&
		    keep_block(edit, old.ours, is_held, &piece.block) ==
			    KEEP_ENDED)
			return true;
	return false;
}

/* see edit.h */
enum err edit_remove(struct bytes file, char *text, size_t size,
		     struct edit_result *out, struct failure *f)
{
	const struct section old = section_split(file);
	struct bytes text_left;
	struct ca_crt e;

	*out = (struct edit_result){.changed = false};
	ca_crt_open(&e, text, size);
	ca_crt_copy(&e, old.above);
	write_text_of_others(&e, old.ours);
	text_left = (struct bytes){(const uint8_t *)e.text, e.len};
	out->is_stray =
		e.len && !old.above.len && !bytes_hold(text_left, CA_CRT_BEGIN);
	return finish(&e, file, out, f);
}
