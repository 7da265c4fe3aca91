/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An empty directory that a test works in and that is removed after it. Paths
 * in the tests are relative to it.
 */
#ifndef SUPPORT_TREE_H
#define SUPPORT_TREE_H

#include "support/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static inline int tree_remove_one(const char *path, const struct stat *st,
				  int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static inline int tree_setup(void **state)
{
	char path[] = "/tmp/dtr-trust-test-XXXXXX";

	umask(022);
	*state = mkdtemp(path) && !chdir(path) ? strdup(path) : NULL;
	return *state ? 0 : -1;
}

/* Fails where something is still mounted in it. */
static inline int tree_teardown(void **state)
{
	int failed = chdir("/") ||
		     nftw(*state, tree_remove_one, 16, FTW_DEPTH | FTW_PHYS);

	free(*state);
	return failed;
}

/* Later mounts are seen by this process alone, and end with it. */
static inline bool tree_own_mounts(void)
{
	return !unshare(CLONE_NEWNS) &&
	       !mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
}

static inline void tree_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	size_t len = strlen(text);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), len);
	close(fd);
}

/* The content of PATH, a regular file of less than 64 KiB. */
static inline const char *tree_read(const char *path)
{
	static char text[65536];
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (n < 0) {
		fail_msg("%s: %s", path, strerror(errno));
		return "";
	}
	close(fd);
	text[n] = '\0';
	return text;
}

static inline bool tree_has(const char *path)
{
	struct stat st;

	return !lstat(path, &st);
}

static inline unsigned tree_mode(const char *path)
{
	struct stat st;

	check(!lstat(path, &st), "%s: %s", path, strerror(errno));
	return st.st_mode & 07777;
}

/* How many descriptors are open: for leaks. */
static inline size_t tree_open_fds(void)
{
	size_t n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static inline int tree_open_root(void)
{
	int fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

#endif
