/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much memory the container may use. Installer only.
 */
#ifndef INSTALLER_INPUTS_MEMORY_LIMIT_H
#define INSTALLER_INPUTS_MEMORY_LIMIT_H

#include <stdint.h>

/*
 * The limit of the cgroup at the top of what /sys/fs/cgroup shows, in bytes:
 * in a container its own, of version 2 or 1. INT64_MAX where there is none, or
 * none to see; a limit of a cgroup above it is not looked for.
 */
int64_t memory_limit_read(void);

#endif
