/* SPDX-License-Identifier: Apache-2.0 */
/*
 * /etc/resolv.conf and /etc/hosts, read by ourselves: libc takes a file that
 * it may not read for a missing one, and then asks 127.0.0.1. Probe process,
 * before the seal. Understands lines, not addresses.
 */
#ifndef PROBE_ETC_FILES_H
#define PROBE_ETC_FILES_H

#include <stdbool.h>

#include "common/bytes.h"
#include "common/limits.h"

/*
 * Read the file at PATH into BUFFER, as much of it as fits, and let OUT view
 * it. Returns 0 or the errno of the failure; OUT is then empty.
 */
int etc_files_read(const char *path, uint8_t buffer[static NETFILE_BYTES_MAX],
		   struct bytes *out);

/*
 * Step REST over the next line "nameserver TEXT" and copy TEXT. False at the
 * end. As musl reads it: the keyword in the first column, one value a line,
 * lines of 255 bytes and more skipped. TEXT is not checked to be an address.
 */
bool etc_files_nameserver(struct bytes *rest,
			  char text[static ADDRESS_CHARS_MAX]);

/*
 * Step REST over the next line of /etc/hosts that gives NAME an address, and
 * copy that. Letter case does not count in names. False at the end.
 */
bool etc_files_host(struct bytes *rest, const char *name,
		    char text[static ADDRESS_CHARS_MAX]);

#endif
