/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which files hold a certificate, without believing who has met a server; see
 * facts_parts.h.
 */
#include "installer/facts_parts.h"

#include <string.h>

#include "installer/certs_d/ca_crt.h"
#include "installer/certs_d/section.h"

/* Is a block of ours in FILE? We wrote what Docker can read. */
static bool has_own_block(struct bytes file)
{
	struct bytes rest = section_split(file).ours;
	struct section_piece piece;

	while (section_next(&rest, &piece))
		if (piece.kind == SECTION_BLOCK)
			return true;
	return false;
}

/* Has FILE a block of DER that begins a line? A whole file in DER has none, and
 * a byte order mark in front hides one. */
static bool has_block_of(struct bytes file, struct bytes der)
{
	struct bytes block = {NULL, 0};

	while (file.len) {
		struct bytes line = bytes_line(file);

		if (bytes_begin_with(line, CA_CRT_BEGIN)) {
			if (block.len && ca_crt_file_names(block, der))
				return true;
			block = (struct bytes){line.data, 0};
		}
		if (block.data)
			block.len += line.len;
		file = bytes_from(file, line.len);
	}
	return block.len && ca_crt_file_names(block, der);
}

/* Does O list a certificate as installed that FILE holds? */
static bool lists_one_of(const struct outcome *o, struct bytes file)
{
	for (size_t i = 0; i < o->cert_count; i++)
		if (o->certs[i].flags & WIRE_CERT_INSTALLED &&
		    has_block_of(file, o->certs[i].der))
			return true;
	return false;
}

/* What is known of a file without believing anybody. */
enum sight { SIGHT_NONE, SIGHT_DOUBT, SIGHT_SOME };

static enum sight look_at(struct bytes file, const struct outcome *o)
{
	if (has_own_block(file) || lists_one_of(o, file))
		return SIGHT_SOME;
	return bytes_hold(file, CA_CRT_BEGIN) ? SIGHT_DOUBT : SIGHT_NONE;
}

static struct fingerprint name_content(const struct survey *s)
{
	struct fingerprint fp;

	fingerprint_of((struct bytes){s->storage, s->used}, &fp);
	return fp;
}

/* see facts.h */
struct facts_reading facts_read(const struct turn *turn,
				const struct outcome *o)
{
	struct facts_reading r = {.is_done = true};
	const struct survey *s = &turn->survey;

	for (size_t i = 0; i < s->file_count && !r.any; i++)
		r.any = lists_one_of(o, s->files[i].content);
	r.ca_file = lists_one_of(o, job_ca_file(turn));
	r.of = name_content(s);
	return r;
}

_Static_assert(CRT_FILES_MAX <= 32, "a bit for each file");

/* Does a file hold no certificate? Of ca.crt, which may be moved aside, a
 * report that may lie is not believed. */
static bool is_void(const char *name, enum sight sight,
		    const struct facts_reading *reading)
{
	if (sight == SIGHT_DOUBT && !strcmp(name, SURVEY_CA_FILE))
		return reading->is_done && !reading->ca_file;
	return sight != SIGHT_SOME;
}

/* READING, where it is about what is there now; nothing otherwise. A probe that
 * met no server has just read it. */
static struct facts_reading heed(const struct turn *turn,
				 const struct outcome *o,
				 const struct facts_reading *reading)
{
	struct fingerprint now = name_content(&turn->survey);

	if (turn->job.kind == JOB_READ)
		return facts_read(turn, o);
	return reading->is_done && fingerprint_equal(&reading->of, &now)
		       ? *reading
		       : (struct facts_reading){.is_done = false};
}

/* see facts_parts.h */
void facts_look_at_files(const struct turn *turn, const struct outcome *o,
			 const struct facts_reading *known, struct facts *out)
{
	const struct facts_reading reading = heed(turn, o, known);
	const struct survey *s = &turn->survey;
	enum sight best = SIGHT_NONE;

	for (size_t i = 0; i < s->file_count; i++) {
		const struct survey_file *file = &s->files[i];
		enum sight sight = look_at(file->content, o);
		bool is_ca = !strcmp(file->name, SURVEY_CA_FILE);

		if (sight > best)
			best = sight;
		if (is_void(file->name, sight, &reading)) {
			out->void_files |= 1U << i;
			out->ca_is_void |= is_ca && file->content.len;
		}
		out->needs_reading |= is_ca && sight == SIGHT_DOUBT;
	}
	out->needs_reading |= best == SIGHT_DOUBT;
	out->needs_reading &= !reading.is_done;
	out->policy.installed =
		best == SIGHT_SOME ||
		(best == SIGHT_DOUBT && (!reading.is_done || reading.any));
}

/* see facts.h */
struct facts_reading facts_unread(const struct turn *turn)
{
	return (struct facts_reading){
		.is_done = true,
		.of = name_content(&turn->survey),
		.any = true,
		.ca_file = true,
	};
}
