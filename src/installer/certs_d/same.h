/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a file holds exactly certain bytes. Installer only.
 */
#ifndef INSTALLER_CERTS_D_SAME_H
#define INSTALLER_CERTS_D_SAME_H

#include "common/bytes.h"

enum same { SAME_ABSENT, SAME_BYTES, SAME_NOT };

/* Is NAME in DIR a file of exactly CONTENT? SAME_NOT as well for a link, for
 * what is no file, and for what cannot be read. */
enum same same_find(int dir, const char *name, struct bytes content);

#endif
