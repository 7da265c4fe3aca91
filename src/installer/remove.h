/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --remove and --prune: nobody is asked. Installer only.
 */
#ifndef INSTALLER_REMOVE_H
#define INSTALLER_REMOVE_H

#include "installer/certs_d/store.h"
#include "installer/report/report.h"

/* Remove what dtr-trust wrote for REPORT's registry below ROOT, also under its
 * other reference: `host` and `host:443` are two directories, one registry.
 * Does not wait for another writer: REPORT's failure says that one was there.
 */
void remove_registry(int root, struct store_room *room, struct report *report);

/* The same for that directory alone, which belongs to no registry of the list.
 */
void remove_unlisted(int root, struct store_room *room, struct report *report);

#endif
