/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PEM out, never in: writes certificates as ca.crt holds them, and compares
 * the text of a file with what a certificate would look like in it. Installer
 * only; certificates are opaque bytes here.
 */
#ifndef INSTALLER_ENCODING_H
#define INSTALLER_ENCODING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/wire.h"

/* First line of every file that dtr-trust writes; --remove goes by it. */
#define ENCODING_MARK "# written by dtr-trust\n"

/* "2026-11-23T13:11:00Z" and NUL, with room for what a compiler can imagine. */
#define ENCODING_TIME_BYTES 64

/* Text that grows in a caller's buffer. After the first overflow nothing more
 * is written and `overflow` stays true. */
struct encoding {
	char *text;
	size_t size;
	size_t len;
	bool overflow;
};

/* Begin a ca.crt in the SIZE bytes of TEXT. */
void encoding_begin(struct encoding *e, char *text, size_t size);

/*
 * Append one certificate: `#` lines with subject, fingerprint and validity,
 * then a CERTIFICATE block of 64 columns (RFC 7468), LF only. The same input
 * gives the same bytes. Text fields are taken as printable ASCII; runs of
 * hyphens are shortened so that no reader finds a boundary inside them.
 */
void encoding_append(struct encoding *e, const struct wire_certificate *c);

/*
 * True when the operator's FILE is, or holds between CERTIFICATE boundaries,
 * exactly DER. Compares text with text: nothing of FILE is decoded, so a block
 * under another label (a key) never matches.
 */
bool encoding_file_names(struct bytes file, struct bytes der);

/* Does FILE begin with ENCODING_MARK? */
bool encoding_is_marked(struct bytes file);

/*
 * Append a line that says that anchors of the token service REFERENCE were
 * accepted for this file: from then on it can have changed.
 */
void encoding_note_service(struct encoding *e, const char *reference);

/* Does FILE, one of ours, say so of the token service REFERENCE? */
bool encoding_notes_service(struct bytes file, const char *reference);

/* Append the lines of that kind that FILE holds, if it is one of ours. */
void encoding_keep_notes(struct encoding *e, struct bytes file);

/* SECONDS since 1970 as UTC, RFC 3339, to seconds. */
void encoding_time(int64_t seconds, char out[static ENCODING_TIME_BYTES]);

#endif
