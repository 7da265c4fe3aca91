/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A ca.crt as two hands wrote it: text of another hand, which is nobody's to
 * touch, and below it our own section. Cuts text by lines; nothing is decoded
 * and no ASN.1 is read. Installer only. Pure.
 *
 * Our section begins with CA_CRT_MARK and goes to the end of the file. The mark
 * counts only where a line or block of our own form follows it at once: a mark
 * that somebody copied into a text is part of that text. A file of version
 * 0.1.0 is one section. What somebody else wrote into our section stays his.
 */
#ifndef INSTALLER_CERTS_D_SECTION_H
#define INSTALLER_CERTS_D_SECTION_H

#include <stdbool.h>

#include "common/bytes.h"
#include "installer/certs_d/block.h"

/* Where the text above ended without a line end, one stands between it and our
 * mark, and this line with the text's length follows the mark. */
#define SECTION_ABOVE_FORMAT "# above: %zu bytes without a line end\n"

enum section_kind {
	SECTION_MARK,
	SECTION_ABOVE,	 /* see SECTION_ABOVE_FORMAT */
	SECTION_SERVICE, /* see ca_crt_note_service */
	SECTION_BLOCK,	 /* a certificate that we wrote, with its comments */
	SECTION_TEXT	 /* all up to the next piece of ours: another hand's */
};

struct section_piece {
	enum section_kind kind;
	struct bytes text;  /* whole lines; the last of a file may be open */
	struct block block; /* of SECTION_BLOCK */
};

struct section {
	/* What stands above our section, as it was before that was added. */
	struct bytes above;
	/* From our mark to the end of the file; empty when there is none. */
	struct bytes ours;
};

/* Split FILE. Views point into FILE. Any bytes are a file. */
struct section section_split(struct bytes file);

/* Cut the next piece of a section off REST (section.ours at first); false at
 * its end. Together the pieces are the section to the byte. */
bool section_next(struct bytes *rest, struct section_piece *out);

/* Has FILE a section of ours? */
bool section_exists(struct bytes file);

/* Does our section in FILE note the token service REFERENCE? */
bool section_notes_service(struct bytes file, const char *reference);

#endif
