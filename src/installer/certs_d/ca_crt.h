/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PEM out, never in: writes certificates as ca.crt holds them, and compares
 * the text of a file with what a certificate would look like in it. Installer
 * only; certificates are opaque bytes here.
 */
#ifndef INSTALLER_CA_CRT_H
#define INSTALLER_CA_CRT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/wire.h"

/* First line of every file that dtr-trust writes; --remove goes by it. */
#define CA_CRT_MARK "# written by dtr-trust\n"

/* Text that grows in a caller's buffer. After the first overflow nothing more
 * is written and `overflow` stays true. */
struct ca_crt {
	char *text;
	size_t size;
	size_t len;
	bool overflow;
};

/* Begin a ca.crt in the SIZE bytes of TEXT. */
void ca_crt_begin(struct ca_crt *e, char *text, size_t size);

/*
 * Append one certificate: `#` lines with subject, fingerprint and validity,
 * then a CERTIFICATE block of 64 columns (RFC 7468), LF only. The same input
 * gives the same bytes. Text fields are taken as printable ASCII; runs of
 * hyphens are shortened so that no reader finds a boundary inside them.
 */
void ca_crt_append(struct ca_crt *e, const struct wire_certificate *c);

/*
 * True when the operator's FILE is, or holds between CERTIFICATE boundaries,
 * exactly DER. Compares text with text: nothing of FILE is decoded, so a block
 * under another label (a key) never matches.
 */
bool ca_crt_file_names(struct bytes file, struct bytes der);

/* Does FILE begin with CA_CRT_MARK? */
bool ca_crt_is_marked(struct bytes file);

/*
 * Append a line that says that anchors of the token service REFERENCE were
 * accepted for this file: from then on it can have changed.
 */
void ca_crt_note_service(struct ca_crt *e, const char *reference);

/* Does FILE, one of ours, say so of the token service REFERENCE? */
bool ca_crt_notes_service(struct bytes file, const char *reference);

/* Append the lines of that kind that FILE holds, if it is one of ours. */
void ca_crt_keep_notes(struct ca_crt *e, struct bytes file);

#endif
