/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One writer at a time in certs.d. The lock is flock(2) on a file that nobody
 * but its owner can open: certs.d itself is readable for all, so any user could
 * hold a lock on it. Installer only.
 *
 * The file is there while a writer works and goes with the lock; a killed
 * writer's lock goes with it, and its file with the next one's. Its name is no
 * registry's and has no ending that a consumer reads.
 */
#ifndef INSTALLER_CERTS_D_LOCK_H
#define INSTALLER_CERTS_D_LOCK_H

#define LOCK_FILE ".dtr-trust.lock"

enum lock_state {
	LOCK_TAKEN,
	LOCK_BUSY, /* another writer holds it */
	/* The file system has no locks, no room for the file, or shows it as
	 * everybody's: each write is whole all the same, and only that nobody
	 * else writes at the same time is not sure. */
	LOCK_MISSING,
	LOCK_FAILED /* errno says why */
};

/* Try to take the lock of ROOT, an open certs.d, without waiting. *FD holds it
 * and goes to lock_release; -1 unless it is taken. */
enum lock_state lock_try(int root, int *fd);

/* Give back what lock_try took; -1 is nothing. */
void lock_release(int root, int fd);

#endif
