/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What /etc/docker/daemon.json says about registries. Probe process, sealed,
 * and one that has met no server: the file may hold a proxy's password or a
 * log's token. Pure: bytes in, facts out.
 */
#ifndef PROBE_DAEMON_JSON_H
#define PROBE_DAEMON_JSON_H

#include "common/bytes.h"
#include "common/settings.h"

/* Room for the texts of OUT below: none is longer than REGISTRY_CHARS_MAX. */
#define DAEMON_JSON_ROOM_BYTES (SETTINGS_NAMES_MAX * REGISTRY_CHARS_MAX)

/*
 * Read TEXT, the whole file, into OUT, whose texts are kept in ROOM. OUT is
 * SETTINGS_READ where TEXT is one JSON object (RFC 8259; a UTF-8 byte order
 * mark and a file of blanks as Docker takes them) in which the members below
 * have the types that Docker wants and stand there once; Docker does not start
 * with other types, and takes the last of two.
 *
 * The image store, as determineImageStoreChoice in moby (29) and before it
 * NewDaemon (23 to 28) have it: features.containerd-snapshotter; else classic
 * with a storage-driver that is a graphdriver, or with userns-remap. (With
 * that and true, 29 does not start, and older ones have the containerd store.)
 * insecure-registries are given without the scheme that Docker drops.
 *
 * Not checked: what else Docker would refuse in the file. Not known: flags on
 * dockerd's command line, $DOCKER_DRIVER, what the host had before 29.
 */
void daemon_json_read(struct bytes text, char room[DAEMON_JSON_ROOM_BYTES],
		      struct settings *out);

#endif
