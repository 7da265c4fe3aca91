/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PEM out, never in: writes certificates as ca.crt holds them, and compares
 * the text of a file with what a certificate would look like in it. Installer
 * only; certificates are opaque bytes here. Which part of a file is ours is
 * section.h's, what becomes of it edit.h's.
 */
#ifndef INSTALLER_CERTS_D_CA_CRT_H
#define INSTALLER_CERTS_D_CA_CRT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/wire.h"

/* The line that our part of a ca.crt begins with, and the lines of a block. */
#define CA_CRT_MARK	   "# written by dtr-trust\n"
#define CA_CRT_SERVICE	   "# token service: "
#define CA_CRT_SUBJECT	   "# subject: "
#define CA_CRT_FINGERPRINT "# fingerprint: "
#define CA_CRT_VALID	   "# valid: "
#define CA_CRT_BEGIN	   "-----BEGIN CERTIFICATE-----"
#define CA_CRT_END	   "-----END CERTIFICATE-----"
#define CA_CRT_COLUMNS	   64 /* of Base64, RFC 7468 */

/* Text that grows in a caller's buffer. After the first overflow nothing more
 * is written and `overflow` stays true, but `needed` goes on counting. */
struct ca_crt {
	char *text;
	size_t size;
	size_t len;
	size_t needed;
	bool overflow;
	uint8_t last; /* byte, whether it was written or not; 0: none yet */
};

/* Begin an empty text in the SIZE bytes of TEXT. */
void ca_crt_open(struct ca_crt *e, char *text, size_t size);

/* Append TEXT as it is. */
void ca_crt_copy(struct ca_crt *e, struct bytes text);

/* Append a line end, unless the text is empty or ends in one. */
void ca_crt_end_line(struct ca_crt *e);

/*
 * Append one certificate: `#` lines with subject, fingerprint and validity,
 * then a CERTIFICATE block of 64 columns (RFC 7468), LF only. The same input
 * gives the same bytes. Text fields are taken as printable ASCII; runs of
 * hyphens are shortened so that no reader finds a boundary inside them.
 */
void ca_crt_append(struct ca_crt *e, const struct wire_certificate *c);

/*
 * Append a line that says that anchors of the token service REFERENCE were
 * accepted for this file: from then on it can have changed.
 */
void ca_crt_note_service(struct ca_crt *e, const char *reference);

/*
 * True when the operator's FILE is, or holds between CERTIFICATE boundaries,
 * exactly DER. Compares text with text: nothing of FILE is decoded, so a block
 * under another label (a key) never matches.
 */
bool ca_crt_file_names(struct bytes file, struct bytes der);

/*
 * True when FILE, a .crt, holds exactly DER in a block that every reader of
 * PEM finds: its boundaries are lines of their own, and no BEGIN stands open
 * before it. False where that is in doubt: Go forgives more.
 */
bool ca_crt_holds(struct bytes file, struct bytes der);

/* The same of TEXT as it stands behind another, which left a BEGIN open or not:
 * *IS_OPEN, which becomes what TEXT leaves where it does not hold DER. */
bool ca_crt_holds_behind(struct bytes text, struct bytes der, bool *is_open);

#endif
