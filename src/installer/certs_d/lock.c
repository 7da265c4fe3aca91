/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A lock that no other user can hold; see lock.h.
 */
#include "installer/certs_d/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/limits.h"
#include "installer/certs_d/directory.h"

static bool is_private(const struct stat *st)
{
	return S_ISREG(st->st_mode) && st->st_uid == geteuid() &&
	       !(st->st_mode & (S_IRWXG | S_IRWXO));
}

/* A share shows every file as everybody's, whatever mode it is given. */
static bool make_private(int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		return false;
	if (is_private(&st))
		return true;
	return st.st_uid == geteuid() && !fchmod(fd, 0600) && !fstat(fd, &st) &&
	       is_private(&st);
}

/* The writer before may have taken the file away since it was opened: then it
 * is LOCK_BUSY, whoever holds the next one. */
static enum lock_state check_name(int root, int fd)
{
	struct stat open;
	struct stat named;

	if (fstat(fd, &open))
		return LOCK_FAILED;
	if (fstatat(root, LOCK_FILE, &named, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? LOCK_BUSY : LOCK_FAILED;
	return open.st_dev == named.st_dev && open.st_ino == named.st_ino
		       ? LOCK_TAKEN
		       : LOCK_BUSY;
}

static enum lock_state state_of(int error)
{
	switch (error) {
	case EWOULDBLOCK:
		return LOCK_BUSY;
	case ENOLCK:
	case EOPNOTSUPP:
	case ENOSYS:
	case EINVAL:
	case EBADF:
	case ENOSPC:
	case EDQUOT:
		return LOCK_MISSING;
	default:
		return LOCK_FAILED;
	}
}

static enum lock_state take(int root, int fd)
{
	if (!make_private(fd)) {
		unlinkat(root, LOCK_FILE, 0);
		return LOCK_MISSING;
	}
	if (flock(fd, LOCK_EX | LOCK_NB)) {
		enum lock_state state = state_of(errno);

		if (state == LOCK_MISSING)
			unlinkat(root, LOCK_FILE, 0);
		return state;
	}
	return LOCK_TAKEN;
}

/* see lock.h */
enum lock_state lock_try(int root, int *fd)
{
	*fd = -1;
	for (int i = 0; i < LOCK_TRIES_MAX; i++) {
		int file = directory_open_beneath(
			root, LOCK_FILE,
			O_RDWR | O_CREAT | O_NONBLOCK | O_NOCTTY, 0600);
		enum lock_state state;
		bool is_locked;
		int error;

		if (file < 0)
			return state_of(errno);
		state = take(root, file);
		is_locked = state == LOCK_TAKEN;
		if (is_locked)
			state = check_name(root, file);
		if (state == LOCK_TAKEN) {
			*fd = file;
			return LOCK_TAKEN;
		}
		error = errno;
		close(file);
		errno = error;
		if (!is_locked || state == LOCK_FAILED)
			return state;
	}
	return LOCK_BUSY;
}

/* see lock.h */
void lock_release(int root, int fd)
{
	if (fd < 0)
		return;
	/* First the name: who waits with the file open sees that it is gone. */
	unlinkat(root, LOCK_FILE, 0);
	close(fd);
}
