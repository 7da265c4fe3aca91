/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Putting a ca.crt in place, aside, or away, so that at every moment, kill and
 * power cut included, a reader finds the old file or the new one. The order of
 * the calls is the whole point: data, fsync, rename, fsync of the directory.
 * Installer only; for store.c, which holds the lock.
 */
#ifndef INSTALLER_CERTS_D_PLACE_H
#define INSTALLER_CERTS_D_PLACE_H

#include <stdbool.h>

#include "common/bytes.h"
#include "common/error.h"
#include "common/registry.h"
#include "installer/certs_d/survey.h"

struct place {
	int root; /* certs.d */
	const struct registry *registry;
	struct failure *f; /* what went wrong */
	/* Set where the file system cannot sync a directory: what was done may
	 * be lost in a power cut. */
	bool is_unsynced;
};

/* CONTENT becomes the ca.crt of a directory that does not exist yet. It is made
 * under another name, filled and renamed, so that it never stands empty. */
MUST_CHECK enum err place_add(struct place *p, struct bytes content);

/*
 * CONTENT becomes the ca.crt of a directory that exists, unless the one that is
 * there is no longer OLD (empty: none) when CONTENT is on the disk: then
 * ERR_STORE and CAUSE_CHANGED, and it stays. What is not seen is a change
 * between that look and the rename behind it.
 */
MUST_CHECK enum err place_replace(struct place *p, struct bytes old,
				  struct bytes content);

/*
 * Give the ca.crt, which holds OLD, a second name that no consumer reads; NAME
 * is that. A link, or a copy where the file system has none. Never over a file
 * that is there; one that holds the same bytes will do, so that a run which was
 * killed after this is not the first of many.
 */
MUST_CHECK enum err place_aside(struct place *p, struct bytes old,
				char name[static SURVEY_NAME_BYTES]);

/*
 * Remove the ca.crt, and its directory unless that IS_SHARED: under another
 * name first, so that it never stands empty. A ca.crt that is no longer OLD
 * stays (CAUSE_CHANGED); in a directory that IS_SHARED, what is not seen is a
 * change between that look and the removal behind it.
 */
MUST_CHECK enum err place_remove(struct place *p, struct bytes old,
				 bool is_shared);

/* Remove what an earlier, killed run has left, or this one after a failure.
 * What is not there is no error; false when the new directory holds something
 * else (ENOTEMPTY), or its ca.crt cannot be removed (errno). */
bool place_clear(const struct place *p);

#endif
