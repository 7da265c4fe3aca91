/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening things below certs.d: for those who write, so that no symbolic link
 * and no `..` leads outside, for those who read, as the consumers do. What is
 * mounted below certs.d is a part of it. Installer only. Creates and changes
 * nothing except the directory that directory_open_root is asked to create.
 */
#ifndef INSTALLER_CERTS_D_DIRECTORY_H
#define INSTALLER_CERTS_D_DIRECTORY_H

#include <stdbool.h>

#include "common/error.h"

enum directory_flag {
	/* Make a missing PATH (0755) when its parent exists: Docker makes
	 * /etc/docker, not certs.d. */
	DIRECTORY_CREATE = 1 << 0,
	/* PATH must lie on another mount than the root directory: we run in
	 * our image, and what its own layer holds vanishes with it. */
	DIRECTORY_MOUNTED = 1 << 1,
	/* A missing PATH is no error and not made when its parent exists (with
	 * DIRECTORY_MOUNTED: is mounted): a node on which nothing is yet. */
	DIRECTORY_OPTIONAL = 1 << 2,
	/* A PATH that is a symbolic link is followed, as the consumers do: for
	 * those who only read. */
	DIRECTORY_FOLLOW = 1 << 3
};

/*
 * Open certs.d itself, PATH (no final slash), and return its descriptor in
 * *FD, which the caller closes; on failure, and where it is missing and
 * optional, *FD is -1. FLAGS are of enum directory_flag.
 *
 * ERR_STORE, with failure.cause (cause.h), when PATH is missing, is a symbolic
 * link (see DIRECTORY_FOLLOW) or no directory, or is not mounted although it
 * must be; the detail says which.
 * Not checked: who owns it. An unwritable directory shows at the write.
 */
MUST_CHECK enum err directory_open_root(const char *path, unsigned flags,
					int *fd, struct failure *f);

/*
 * Is ROOT, which directory_open_root opened as PATH, still what PATH names?
 * ERR_STORE and CAUSE_CHANGED where it was renamed, replaced or mounted over
 * since: what were written into it, nobody who reads PATH would find. ROOT may
 * be -1: nothing was opened.
 */
MUST_CHECK enum err directory_check_root(const char *path, int root,
					 struct failure *f);

/*
 * openat2(2) of NAME below AT with RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS;
 * O_CLOEXEC is added to FLAGS. NAME is one component: where the kernel has no
 * openat2 (before 5.6), O_NOFOLLOW gives the same promise. Returns -1 with
 * errno as open(2) does.
 */
int directory_open_beneath(int at, const char *name, int flags, unsigned mode);

/*
 * As fsync(2) of FD. A file system that has none for it is none of its
 * failures: true as well, and *IS_UNSYNCED is set. False with errno.
 */
bool directory_sync(int fd, bool *is_unsynced);

enum directory_entry {
	DIRECTORY_FILE,	   /* opened */
	DIRECTORY_ABSENT,  /* nothing, or a link to nothing that can be seen */
	DIRECTORY_FOLDER,  /* a directory */
	DIRECTORY_SPECIAL, /* a FIFO, a socket or a device */
	DIRECTORY_CLOSED   /* errno says why */
};

/*
 * Open NAME below AT for reading, following symbolic links wherever they lead,
 * as the consumers do; *IS_LINK says whether NAME is one, *FD is the file or
 * -1. What is no regular file is not opened: a device may act on that, a FIFO
 * wakes its writer.
 */
enum directory_entry directory_open_file(int at, const char *name, int *fd,
					 bool *is_link);

#endif
