/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only writer. Puts a finished ca.crt into a registry's directory so that
 * at every moment, kill and power cut included, a reader finds the old file or
 * the new one. Installer only; never looks into the bytes.
 */
#ifndef INSTALLER_STORE_H
#define INSTALLER_STORE_H

#include "common/bytes.h"
#include "common/error.h"
#include "common/registry.h"
#include "installer/certs_d/survey.h"

/*
 * Write CONTENT to REGISTRY's ca.crt below ROOT, an open certs.d, mode 0644 in
 * a directory of mode 0755. A new directory appears together with its file:
 * an empty one would hide `_default`. CONTENT must not be empty.
 *
 * SEEN is the survey that the decision rests on. Under the lock (flock on
 * certs.d, at most LOCK_WAIT_MS) the directory is surveyed again into SCRATCH;
 * if another process changed it since, nothing is written.
 *
 * ERR_STORE when it cannot be done, with the reason; the old file, if any, is
 * then untouched and no temporary file is left. One failure is later than
 * that: when the directory cannot be synced the new file is in place, and F
 * says so. Litter of a killed run is
 * cleared by the next write, and by store_clear.
 */
MUST_CHECK enum err store_write(int root, const struct registry *registry,
				const struct survey *seen,
				struct survey *scratch, struct bytes content,
				struct failure *f);

/*
 * Remove our section from the ca.crt of REGISTRY, the file where nothing else
 * is in it, and the directory if it is then empty, under the lock; *REMOVED
 * says whether there was a section. Text of another hand and other files stay.
 * SCRATCH is room to survey in, TEXT to compose.
 */
MUST_CHECK enum err store_remove(int root, const struct registry *registry,
				 struct survey *scratch,
				 char text[static CRT_BYTES_MAX], bool *removed,
				 struct failure *f);

/*
 * Clear what a killed run left for REGISTRY (survey.litter), under the lock.
 * ERR_STORE when the lock cannot be had; litter that cannot be removed stays.
 */
MUST_CHECK enum err store_clear(int root, const struct registry *registry,
				struct failure *f);

#endif
