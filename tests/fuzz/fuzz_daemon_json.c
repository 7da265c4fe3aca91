/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The host's daemon.json, for a registry by name: whatever it holds, it is
 * read to the end or not at all.
 */
#include <stdlib.h>

#include "probe/judge/daemon_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct registry registry;
	struct daemon_json got;
	struct failure f;

	if (registry_parse("r.test:5000", 11, &registry, &f) != ERR_OK)
		abort();
	daemon_json_read((struct bytes){data, size}, &registry, "198.51.100.7",
			 &got);
	if (got.is_containerd && got.is_classic)
		abort();
	if (!got.is_readable &&
	    (got.is_containerd || got.is_classic || got.is_insecure))
		abort();
	return 0;
}
