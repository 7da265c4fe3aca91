/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is the container's own, and what was mounted into it. Installer only.
 */
#ifndef INSTALLER_CERTS_D_MOUNT_H
#define INSTALLER_CERTS_D_MOUNT_H

#include <stdbool.h>

/* Does FD, which may be O_PATH, lie on the mount of the root directory? False
 * without /proc, where the question cannot be answered. */
bool mount_is_root(int fd);

#endif
