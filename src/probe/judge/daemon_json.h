/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What /etc/docker/daemon.json says about one registry: the image store, and
 * whether Docker verifies it at all. Probe process, sealed. Pure: bytes in,
 * facts out.
 */
#ifndef PROBE_DAEMON_JSON_H
#define PROBE_DAEMON_JSON_H

#include <stdbool.h>

#include "common/bytes.h"
#include "common/registry.h"

struct daemon_json {
	/* False: it is no JSON object (RFC 8259). Docker does not start with
	 * such a file; nothing below is known. */
	bool is_readable;
	/* features.containerd-snapshotter is true, or false; neither where it
	 * is not given: then the release and the host's history decide. With
	 * userns-remap Docker falls back to the classic store. */
	bool is_containerd;
	bool is_classic;
	/* insecure-registries names the registry: Docker verifies nothing. */
	bool is_insecure;
	/* registry-mirrors is not empty: Docker Hub's images come from there.
	 */
	bool has_mirrors;
};

/*
 * Read TEXT for REGISTRY, whose server has ADDRESS (an IP address as text, as
 * the probe found it; empty if unknown). As in moby (loadInsecureRegistries,
 * isSecureIndex): an entry is the whole reference letter for letter, or a CIDR
 * in which the address lies.
 *
 * Not checked: what else Docker would refuse in the file, and flags on
 * dockerd's command line, which may say the same things.
 */
void daemon_json_read(struct bytes text, const struct registry *registry,
		      const char *address, struct daemon_json *out);

#endif
