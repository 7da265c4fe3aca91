/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Docker's daemon.json, which stands beside certs.d. Installer only; reads one
 * file, as opaque bytes.
 */
#ifndef INSTALLER_INPUTS_DAEMON_FILE_H
#define INSTALLER_INPUTS_DAEMON_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/limits.h"

enum daemon_file {
	/* CERTS_DIR is not .../docker/certs.d: Docker has none beside it. */
	DAEMON_FILE_ELSEWHERE,
	/* The host may have one that was not mounted, or a link to it leads
	 * out of what was. */
	DAEMON_FILE_UNSEEN,
	DAEMON_FILE_ABSENT,
	/* It cannot be opened or read, or is no file. */
	DAEMON_FILE_CLOSED,
	DAEMON_FILE_LARGE,
	DAEMON_FILE_READ
};

/* One more than it may have: a full file is not one that goes on. */
#define DAEMON_FILE_BYTES (DAEMON_JSON_BYTES_MAX + 1)

/*
 * Read daemon.json beside CERTS_DIR into BUFFER; *OUT is a view of it, empty
 * where it is not DAEMON_FILE_READ. Symbolic links are followed, as Docker
 * follows them; a FIFO, a device or a directory is not opened. IN_IMAGE: what
 * is not there may be on the host.
 *
 * Not known: whether Docker was started with another --config-file.
 */
enum daemon_file daemon_file_read(const char *certs_dir, bool in_image,
				  uint8_t buffer[static DAEMON_FILE_BYTES],
				  struct bytes *out);

#endif
