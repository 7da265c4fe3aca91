/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Safe opening below certs.d. Installer only; see directory.h.
 */
#include "installer/certs_d/directory.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/limits.h"
#include "installer/certs_d/cause.h"
#include "installer/certs_d/mount.h"

/* see directory.h */
int directory_open_beneath(int at, const char *name, int flags, unsigned mode)
{
	struct open_how how = {
		.flags = (unsigned)flags | O_CLOEXEC,
		.mode = mode,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS |
			   RESOLVE_NO_MAGICLINKS,
	};
	long fd = syscall(SYS_openat2, at, name, &how, sizeof(how));

	/* Docker before 20.10.4 answers EPERM for calls it does not know. */
	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		fd = openat(at, name, flags | O_CLOEXEC | O_NOFOLLOW, mode);
	return (int)fd;
}

/* see directory.h */
bool directory_sync(int fd, bool *is_unsynced)
{
	if (!fsync(fd))
		return true;
	if (errno != EINVAL && errno != EBADF && errno != EOPNOTSUPP &&
	    errno != ENOSYS)
		return false;
	*is_unsynced = true;
	return true;
}

/* A descriptor that reads what FD, an O_PATH one, stands for. Without /proc it
 * is opened by name once more, and has to be the same file. */
static int reopen(int at, const char *name, int fd)
{
	const int flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	struct stat before, after;
	char path[64];
	int file;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	file = open(path, flags);
	if (file >= 0 || errno != ENOENT)
		return file;
	file = openat(at, name, flags);
	if (file < 0 ||
	    (!fstat(fd, &before) && !fstat(file, &after) &&
	     before.st_dev == after.st_dev && before.st_ino == after.st_ino))
		return file;
	close(file);
	errno = EAGAIN;
	return -1;
}

static enum directory_entry open_known(int at, const char *name, int path_fd,
				       int *fd)
{
	struct stat st;

	if (fstat(path_fd, &st))
		return DIRECTORY_CLOSED;
	if (S_ISDIR(st.st_mode))
		return DIRECTORY_FOLDER;
	if (!S_ISREG(st.st_mode))
		return DIRECTORY_SPECIAL;
	*fd = reopen(at, name, path_fd);
	return *fd < 0 ? DIRECTORY_CLOSED : DIRECTORY_FILE;
}

/* see directory.h */
enum directory_entry directory_open_file(int at, const char *name, int *fd,
					 bool *is_link)
{
	enum directory_entry entry;
	struct stat st;
	int path_fd;
	int error;

	*fd = -1;
	*is_link = false;
	if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? DIRECTORY_ABSENT : DIRECTORY_CLOSED;
	*is_link = S_ISLNK(st.st_mode);
	path_fd = openat(at, name, O_PATH | O_CLOEXEC);
	if (path_fd < 0)
		return errno == ENOENT ? DIRECTORY_ABSENT : DIRECTORY_CLOSED;
	entry = open_known(at, name, path_fd, fd);
	error = errno;
	close(path_fd);
	errno = error;
	return entry;
}

static enum err refuse_root(const char *path, unsigned flags, int error,
			    struct failure *f)
{
	if (error == ENOENT) {
		failure_set(f, ERR_STORE,
			    flags & DIRECTORY_MOUNTED
				    ? "nothing is mounted at %s"
				    : "there is no directory %s",
			    path);
		f->cause = CAUSE_NOT_MOUNTED;
	} else if (error == ELOOP || error == ENOTDIR) {
		failure_set(f, ERR_STORE,
			    "%s is a symbolic link or no directory; "
			    "name or mount the real directory",
			    path);
		f->cause = CAUSE_ROOT_IN_WAY;
	} else {
		failure_set(f, ERR_STORE, "%s: %s", path, strerror(error));
		f->cause = cause_of(error, -1, "");
	}
	return ERR_STORE;
}

static int open_directory(const char *path, unsigned flags)
{
	int link = flags & DIRECTORY_FOLLOW ? 0 : O_NOFOLLOW;

	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | link);
}

/* Split PATH into the directory that holds it and its last component. */
static const char *split_path(const char *path, char parent[PATH_BYTES_MAX])
{
	const char *slash = strrchr(path, '/');
	size_t len = slash ? (size_t)(slash - path) : 0;

	if (len >= PATH_BYTES_MAX)
		return NULL;
	memcpy(parent, path, len);
	parent[len] = '\0';
	if (len == 0)
		memcpy(parent, slash ? "/" : ".", 2);
	return slash ? slash + 1 : path;
}

/* Make NAME, the last component of PATH, in PARENT. The parent is synced
 * because a directory that is lost in a power cut takes its anchors with it; a
 * file system that cannot sync one has none to lose. */
static enum err make(const char *path, int parent, const char *name,
		     struct failure *f)
{
	const char *doing = "create";
	bool ignored;
	int error;

	if (!mkdirat(parent, name, 0755) || errno == EEXIST) {
		doing = "sync the directory of";
		if (directory_sync(parent, &ignored))
			return ERR_OK;
	}
	error = errno;
	failure_set(f, ERR_STORE, "cannot %s %s: %s", doing, path,
		    strerror(error));
	f->cause = cause_of(error, parent, "");
	return ERR_STORE;
}

/* PATH is made, unless it is optional. */
static enum err settle_missing(const char *path, unsigned flags,
			       struct failure *f)
{
	char parent[PATH_BYTES_MAX];
	const char *name = split_path(path, parent);
	enum err err = ERR_OK;
	int fd;

	if (!name)
		return failure_set(f, ERR_STORE, "%.64s...: path too long",
				   path);
	fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return refuse_root(path, flags, errno, f);
	/* Without /proc a write into the layer shows at once: Docker still
	 * refuses the registry. */
	if ((flags & DIRECTORY_MOUNTED) && mount_is_root(fd))
		err = refuse_root(path, flags, ENOENT, f);
	else if (!(flags & DIRECTORY_OPTIONAL))
		err = make(path, fd, name, f);
	close(fd);
	return err;
}

/* see directory.h */
enum err directory_check_root(const char *path, int root, struct failure *f)
{
	struct stat open, named;

	if (root < 0 ||
	    (!fstat(root, &open) && !stat(path, &named) &&
	     open.st_dev == named.st_dev && open.st_ino == named.st_ino))
		return ERR_OK;
	failure_set(f, ERR_STORE,
		    "%s leads elsewhere than when this run began, or nowhere",
		    path);
	f->cause = CAUSE_CHANGED;
	return ERR_STORE;
}

/* see directory.h */
enum err directory_open_root(const char *path, unsigned flags, int *fd,
			     struct failure *f)
{
	*fd = open_directory(path, flags);
	if (*fd < 0 && errno == ENOENT &&
	    flags & (DIRECTORY_CREATE | DIRECTORY_OPTIONAL)) {
		enum err err = settle_missing(path, flags, f);

		if (err != ERR_OK || flags & DIRECTORY_OPTIONAL)
			return err;
		*fd = open_directory(path, flags);
	}
	if (*fd < 0)
		return refuse_root(path, flags, errno, f);
	if ((flags & DIRECTORY_MOUNTED) && mount_is_root(*fd)) {
		close(*fd);
		*fd = -1;
		return refuse_root(path, flags, ENOENT, f);
	}
	return ERR_OK;
}
