/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading what we wrote, and telling it from what we did not; see section.h.
 */
#include "installer/certs_d/section.h"

#include <stdio.h>
#include <string.h>

#include "installer/certs_d/ca_crt.h"

/* Is LINE all of TEXT, but for its line end where the file ends there? */
static bool is_line(struct bytes line, const char *text)
{
	size_t len = strlen(text);

	return line.len >= len - 1 && line.len <= len &&
	       !memcmp(line.data, text, line.len);
}

/* Is LINE the note of SECTION_ABOVE_FORMAT? The length that it names. */
static bool read_above(struct bytes line, size_t *len)
{
	char text[sizeof(SECTION_ABOVE_FORMAT) + 24];
	size_t start = strcspn(SECTION_ABOVE_FORMAT, "%");
	size_t n = 0;

	if (line.len < start || memcmp(line.data, SECTION_ABOVE_FORMAT, start))
		return false;
	for (size_t i = start; i < line.len && i < start + 18; i++) {
		if (line.data[i] < '0' || line.data[i] > '9')
			break;
		n = 10 * n + (size_t)(line.data[i] - '0');
	}
	snprintf(text, sizeof(text), SECTION_ABOVE_FORMAT, n);
	*len = n;
	return is_line(line, text);
}

/* What TEXT begins with, if it is ours, but for a mark. */
static bool take_ours(struct bytes text, struct section_piece *out)
{
	struct bytes line = bytes_line(text);
	size_t ignored;

	*out = (struct section_piece){.text = line};
	if (!line.len)
		return false;
	if (bytes_begin_with(line, CA_CRT_SERVICE)) {
		out->kind = SECTION_SERVICE;
		return true;
	}
	if (read_above(line, &ignored)) {
		out->kind = SECTION_ABOVE;
		return true;
	}
	out->kind = SECTION_BLOCK;
	if (!block_parse(text, &out->block))
		return false;
	out->text = out->block.text;
	return true;
}

/* TEXT begins a line. Does our section begin with it? */
static bool is_mark(struct bytes text)
{
	struct section_piece ignored;

	return bytes_begin_with(text, CA_CRT_MARK) &&
	       take_ours(bytes_from(text, strlen(CA_CRT_MARK)), &ignored);
}

/* see section.h */
struct section section_split(struct bytes file)
{
	struct section out = {file, {NULL, 0}};
	struct section_piece piece;
	struct bytes rest = file;
	size_t len;

	while (rest.len && !is_mark(rest))
		rest = bytes_from(rest, bytes_line(rest).len);
	if (!rest.len)
		return out;
	out.ours = rest;
	out.above.len = file.len - rest.len;
	take_ours(bytes_from(rest, strlen(CA_CRT_MARK)), &piece);
	/* Somebody who has edited the text above has a say in its end. */
	if (piece.kind == SECTION_ABOVE && read_above(piece.text, &len) &&
	    out.above.len == len + 1)
		out.above.len = len;
	return out;
}

/* see section.h */
bool section_next(struct bytes *rest, struct section_piece *out)
{
	struct bytes text = *rest;
	size_t len = 0;

	if (!text.len)
		return false;
	if (is_mark(text)) {
		*out = (struct section_piece){
			.kind = SECTION_MARK,
			.text = {text.data, strlen(CA_CRT_MARK)}};
	} else if (!take_ours(text, out)) {
		struct section_piece next;

		do
			len += bytes_line(bytes_from(text, len)).len;
		while (len < text.len && !is_mark(bytes_from(text, len)) &&
		       !take_ours(bytes_from(text, len), &next));
		*out = (struct section_piece){.kind = SECTION_TEXT,
					      .text = {text.data, len}};
	}
	*rest = bytes_from(text, out->text.len);
	return true;
}

/* see section.h */
bool section_exists(struct bytes file)
{
	return section_split(file).ours.len > 0;
}

/* The token service that PIECE, of SECTION_SERVICE, names. */
static struct bytes service_of(const struct section_piece *piece)
{
	struct bytes name = bytes_from(piece->text, strlen(CA_CRT_SERVICE));

	if (name.len && name.data[name.len - 1] == '\n')
		name.len--;
	return name;
}

/* see section.h */
bool section_notes_service(struct bytes file, const char *reference)
{
	const struct bytes wanted = bytes_of(reference);
	struct bytes rest = section_split(file).ours;
	struct section_piece piece;

	while (section_next(&rest, &piece))
		if (piece.kind == SECTION_SERVICE &&
		    bytes_equal(service_of(&piece), wanted))
			return true;
	return false;
}
