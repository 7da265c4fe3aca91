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
 * Read the file at PATH into BUFFER, as many whole words of it as fit, and let
 * OUT view it. Returns 0 or the errno of the failure; OUT is then empty.
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

/* The domains below which a name is looked up too, and how many dots a name
 * must have to be asked for as it is first. */
struct etc_search {
	struct bytes domains;
	unsigned dots;
};

/*
 * Read both off CONF, a resolv.conf, into OUT, which views it: the last line
 * `search` or `domain` counts, and the last `ndots:`, of which there is 1 by
 * default and 15 at most. Go's reader (dnsReadConfig), but for the host's own
 * domain where no line names one: a container has a name of its own.
 */
void etc_files_search(struct bytes conf, struct etc_search *out);

/* Step DOMAINS over the next one below which a name can be, and copy it to
 * TEXT, without the dot at its end. False at the end. */
bool etc_files_domain(struct bytes *domains,
		      char text[static HOST_CHARS_MAX + 1]);

/*
 * Step REST over the next line of /etc/hosts that gives NAME an address, and
 * copy that. Letter case does not count in names. False at the end.
 */
bool etc_files_host(struct bytes *rest, const char *name,
		    char text[static ADDRESS_CHARS_MAX]);

#endif
