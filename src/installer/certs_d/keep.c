/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stays, what goes, what is there already; see keep.h.
 */
#include "installer/certs_d/keep.h"

#include <string.h>

#include "installer/certs_d/ca_crt.h"

/* see keep.h */
bool keep_is_anchor(const struct wire_certificate *c)
{
	return c->flags & WIRE_CERT_ANCHOR;
}

static bool is_valid_at(const struct wire_certificate *c, int64_t now)
{
	return !(c->flags & WIRE_CERT_UNPARSED) && c->not_after >= now;
}

/* Is BLOCK one of the anchors? */
static bool is_wanted(const struct edit *edit, const struct block *block)
{
	for (size_t i = 0; i < edit->cert_count; i++)
		if (keep_is_anchor(&edit->certs[i]) &&
		    ca_crt_holds(block->pem, edit->certs[i].der))
			return true;
	return false;
}

/* Has BLOCK ended, and does another hold? A registry's own turn says so, which
 * knows its anchors; that of its token service does not. */
static bool is_over(const struct edit *edit, bool is_held,
		    const struct block *block)
{
	return is_held && !edit->service &&
	       block_end_of(block, edit->now) == BLOCK_END_PASSED &&
	       !is_wanted(edit, block);
}

/* The last block of a file may lack its line end. */
static bool is_same(struct bytes a, struct bytes b)
{
	a.len -= a.data[a.len - 1] == '\n';
	b.len -= b.data[b.len - 1] == '\n';
	return bytes_equal(a, b);
}

/* Does OURS hold PEM, a part of it, once more? Quick, and mostly no. The line
 * end in front of its BEGIN is searched for as well. */
static bool is_twice(struct bytes ours, struct bytes pem)
{
	const uint8_t *line = pem.data - 1;
	const uint8_t *first = memmem(ours.data, ours.len, line, pem.len);

	return first != line ||
	       memmem(pem.data, ours.len - (size_t)(pem.data - ours.data), line,
		      pem.len);
}

/* How much the line of BLOCK speaks for it. */
static int rank(const struct edit *edit, const struct block *block)
{
	static const int ranks[] = {[BLOCK_END_PASSED] = 0,
				    [BLOCK_END_UNKNOWN] = 1,
				    [BLOCK_END_AHEAD] = 2};

	return ranks[block_end_of(block, edit->now)];
}

/* Of blocks that are the same, the first of the highest rank stays. */
static bool is_repeated(const struct edit *edit, struct bytes ours,
			const struct block *block)
{
	struct section_piece piece;

	if (!is_twice(ours, block->pem))
		return false;
	while (section_next(&ours, &piece)) {
		const struct block *other = &piece.block;
		int lead;

		if (piece.kind != SECTION_BLOCK ||
		    other->pem.data == block->pem.data ||
		    !is_same(other->pem, block->pem))
			continue;
		lead = rank(edit, other) - rank(edit, block);
		if (lead > 0 ||
		    (lead == 0 && other->pem.data < block->pem.data))
			return true;
	}
	return false;
}

/* see keep.h */
enum keep keep_block(const struct edit *edit, struct bytes ours, bool is_held,
		     const struct block *block)
{
	if (edit->act == EDIT_REPLACE)
		return KEEP_REPLACED;
	if (is_over(edit, is_held, block))
		return KEEP_ENDED;
	return is_repeated(edit, ours, block) ? KEEP_REPEATED : KEEP_STAYS;
}

/* see keep.h */
bool keep_holds(const struct edit *edit, const struct section *old,
		size_t index)
{
	const struct bytes der = edit->certs[index].der;
	struct bytes rest = old->ours;
	struct section_piece piece;
	bool is_open = false;

	for (size_t i = 0; i < index; i++)
		if (keep_is_anchor(&edit->certs[i]) &&
		    bytes_equal(edit->certs[i].der, der))
			return true;
	/* Piece by piece: a BEGIN that stands open hides nothing of ours, or a
	 * copy would come with each run. Texts of others may stand together. */
	if (ca_crt_holds_behind(old->above, der, &is_open))
		return true;
	while (section_next(&rest, &piece)) {
		if (piece.kind == SECTION_TEXT &&
		    ca_crt_holds_behind(piece.text, der, &is_open))
			return true;
		if (piece.kind == SECTION_BLOCK && edit->act != EDIT_REPLACE &&
		    ca_crt_holds(piece.text, der))
			return true;
	}
	return false;
}

/* see keep.h */
bool keep_has_holder(const struct edit *edit, const struct section *old)
{
	struct bytes rest = old->ours;
	struct section_piece piece;

	while (section_next(&rest, &piece))
		if (piece.kind == SECTION_BLOCK &&
		    block_end_of(&piece.block, edit->now) == BLOCK_END_AHEAD)
			return true;
	/* Not what a report says of a certificate that is there already. */
	for (size_t i = 0; edit->act != EDIT_KEEP && i < edit->cert_count; i++)
		if (keep_is_anchor(&edit->certs[i]) &&
		    is_valid_at(&edit->certs[i], edit->now) &&
		    !keep_holds(edit, old, i))
			return true;
	return false;
}
