/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One certificate as ca_crt_append writes it into a ca.crt, read back: lines of
 * comment and a CERTIFICATE block. Installer only. Pure; nothing is decoded.
 */
#ifndef INSTALLER_CERTS_D_BLOCK_H
#define INSTALLER_CERTS_D_BLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "common/bytes.h"

struct block {
	struct bytes text;  /* whole lines; the last of a file may be open */
	struct bytes pem;   /* of it, from BEGIN on */
	struct bytes valid; /* what its `# valid:` line says; may be empty */
};

/* What a block's own `# valid:` line says about its end. */
enum block_end {
	BLOCK_END_UNKNOWN, /* no such line, or not as we write it */
	BLOCK_END_AHEAD,
	BLOCK_END_PASSED
};

/*
 * Is what TEXT begins with such a block? OUT then views it. Exactly our form:
 * other columns, line ends or comments make it somebody else's. Not checked:
 * that the fingerprint is the block's, and that it is a certificate.
 */
bool block_parse(struct bytes text, struct block *out);

/* Has the validity of BLOCK ended at NOW, seconds since 1970? */
enum block_end block_end_of(const struct block *block, int64_t now);

#endif
