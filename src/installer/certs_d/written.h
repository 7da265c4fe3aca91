/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which registries dtr-trust has written for, by what is in certs.d itself:
 * there is no other record. Installer only. Reads; never writes.
 */
#ifndef INSTALLER_CERTS_D_WRITTEN_H
#define INSTALLER_CERTS_D_WRITTEN_H

#include <stddef.h>

#include "common/error.h"
#include "common/registry.h"

/* What is listed already, and room to read one ca.crt in. */
struct written_query {
	const struct registry *listed;
	size_t listed_count;
	char *room; /* CRT_BYTES_MAX bytes */
};

struct written {
	struct registry *list; /* by name; to be freed */
	size_t count;
};

/*
 * Find the directories below ROOT, an open certs.d, whose ca.crt has a section
 * of ours (section.h) and which belong to no registry of QUERY: those are
 * passed over whichever way they are spelt (registry_is_same).
 *
 * A symbolic link is somebody else's, and so is what is behind it: the writer
 * goes through none. ERR_STORE with failure.cause where a directory or its
 * ca.crt cannot be looked at, ERR_MEMORY; OUT is then empty: a list that lacks
 * some is none.
 */
MUST_CHECK enum err written_find(int root, const struct written_query *query,
				 struct written *out, struct failure *f);

/* Free what OUT owns. */
void written_free(struct written *out);

#endif
