/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operator's CA file, --ca-file. Registries' own server.pem files hold the
 * private key beside the chain; this module is where the key ends: only what
 * stands between CERTIFICATE boundaries goes on, all else is wiped. Installer
 * only; cuts text at boundaries, decodes nothing.
 */
#ifndef INSTALLER_INPUTS_OPERATOR_FILE_H
#define INSTALLER_INPUTS_OPERATOR_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/error.h"
#include "common/limits.h"

struct operator_file {
	bool has_key;	      /* a private key was there and left out */
	size_t block_count;   /* 0: the content is one DER */
	struct bytes content; /* view into storage */
	/* A copied block can gain a line end; none is under 52 bytes. */
	uint8_t storage[CRT_BYTES_MAX + CRT_BYTES_MAX / 32];
};

/*
 * Read PATH ("-": standard input) into OUT; IN_IMAGE, where advice is to be for
 * a container; STOP_FD is input.h's. A file without any boundary that begins
 * like DER is taken whole; else its CERTIFICATE blocks are kept, with LF line
 * ends and without indentation.
 *
 * ERR_USAGE when it cannot be read, is larger than CRT_BYTES_MAX, has a
 * boundary without its end, or holds no certificate; the failure says what it
 * is instead and how to make a CA file of it (ca_form.h). ERR_STOPPED as
 * input_read has it, ERR_MEMORY. Not checked: that the blocks are certificates.
 */
MUST_CHECK enum err operator_file_read(const char *path, bool in_image,
				       int stop_fd, struct operator_file *out,
				       struct failure *f);

#endif
