/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening certs.d and what is below it: only what is there under its own
 * name, with openat2(2) and on kernels without.
 */
/* wrap: syscall */
/* wrap: fsync */
#include "support/tree.h"

#include <sys/syscall.h>

#include "installer/certs_d/cause.h"
#include "installer/certs_d/directory.h"

/* What a kernel without openat2 answers to it, or 0. */
static int openat2_errno;

long __wrap_syscall(long number, long a, long b, long c, long d);
long __real_syscall(long number, long a, long b, long c, long d);

long __wrap_syscall(long number, long a, long b, long c, long d)
{
	if (number == SYS_openat2 && openat2_errno) {
		errno = openat2_errno;
		return -1;
	}
	return __real_syscall(number, a, b, c, d);
}

/* What fsync answers, or 0. */
static int fsync_errno;

int __wrap_fsync(int fd);
int __real_fsync(int fd);

int __wrap_fsync(int fd)
{
	errno = fsync_errno;
	return fsync_errno ? -1 : __real_fsync(fd);
}

/* This kernel, one before 5.6, and Docker's old seccomp profile. */
static const int kernels[] = {0, ENOSYS, EPERM};

static int setup(void **state)
{
	openat2_errno = 0;
	fsync_errno = 0;
	return tree_setup(state);
}

static void what_is_there_is_opened_and_not_inherited(void **state)
{
	int root = tree_open_root();

	(void)state;
	tree_write("file", "x");
	mkdir("folder", 0755);
	for (size_t i = 0; i < COUNT(kernels); i++) {
		int fd;

		openat2_errno = kernels[i];
		fd = directory_open_beneath(root, "file", O_RDONLY, 0);
		assert_true(fd >= 0);
		assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
		close(fd);
		fd = directory_open_beneath(root, "folder",
					    O_RDONLY | O_DIRECTORY, 0);
		assert_true(fd >= 0);
		assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
		close(fd);
	}
	close(root);
}

static void a_new_file_has_the_mode_and_is_new(void **state)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL;
	int root = tree_open_root();

	(void)state;
	for (size_t i = 0; i < COUNT(kernels); i++) {
		int fd;

		openat2_errno = kernels[i];
		fd = directory_open_beneath(root, "new", flags, 0600);
		assert_true(fd >= 0);
		close(fd);
		assert_int_equal(tree_mode("new"), 0600);
		assert_int_equal(
			directory_open_beneath(root, "new", flags, 0600), -1);
		assert_int_equal(errno, EEXIST);
		unlink("new");
	}
	close(root);
}

static void links_are_never_followed(void **state)
{
	static const char *const links[] = {"to-file", "to-folder", "dangling",
					    "to-outside", "loop"};
	int root = tree_open_root();

	(void)state;
	tree_write("file", "x");
	mkdir("folder", 0755);
	assert_int_equal(symlink("file", "to-file"), 0);
	assert_int_equal(symlink("folder", "to-folder"), 0);
	assert_int_equal(symlink("nowhere", "dangling"), 0);
	assert_int_equal(symlink("/etc/passwd", "to-outside"), 0);
	assert_int_equal(symlink("loop", "loop"), 0);
	for (size_t i = 0; i < COUNT(kernels) * COUNT(links); i++) {
		const char *name = links[i % COUNT(links)];

		openat2_errno = kernels[i / COUNT(links)];
		check(directory_open_beneath(root, name, O_RDONLY, 0) == -1 &&
			      errno == ELOOP,
		      "%s: %s", name, strerror(errno));
		check(directory_open_beneath(root, name, O_WRONLY | O_CREAT,
					     0600) == -1 &&
			      errno == ELOOP,
		      "%s: %s", name, strerror(errno));
		assert_int_equal(directory_open_beneath(
					 root, name, O_RDONLY | O_DIRECTORY, 0),
				 -1);
	}
	assert_false(tree_has("nowhere"));
	close(root);
}

static void nothing_outside_is_reached(void **state)
{
	int root = tree_open_root();

	(void)state;
	assert_int_equal(directory_open_beneath(root, "..", O_RDONLY, 0), -1);
	assert_int_equal(errno, EXDEV);
	assert_int_equal(directory_open_beneath(root, "/etc", O_RDONLY, 0), -1);
	assert_int_equal(errno, EXDEV);
	assert_int_equal(directory_open_beneath(root, "gone", O_RDONLY, 0), -1);
	assert_int_equal(errno, ENOENT);
	close(root);
}

/* Opens PATH, expecting a failure of CAUSE that says WHY. */
static void check_refused(const char *path, unsigned flags, enum cause cause,
			  const char *why)
{
	size_t fds = tree_open_fds();
	struct failure f = {0};
	int fd = 99;

	check(directory_open_root(path, flags, &fd, &f) == ERR_STORE, "%s",
	      path);
	assert_int_equal(f.code, ERR_STORE);
	assert_int_equal(f.cause, cause);
	check_contains(f.detail, path);
	check_contains(f.detail, why);
	assert_int_equal(fd, -1);
	assert_int_equal(tree_open_fds(), fds);
}

static void open_and_close(const char *path, unsigned flags)
{
	struct failure f = {0};
	struct stat st;
	int fd = -1;

	check(directory_open_root(path, flags, &fd, &f) == ERR_OK, "%s: %s",
	      path, f.detail);
	assert_int_equal(fstat(fd, &st), 0);
	assert_true(S_ISDIR(st.st_mode));
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	close(fd);
}

static void a_root_that_is_there_is_opened(void **state)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/certs.d", (const char *)*state);
	mkdir("certs.d", 0700);
	open_and_close(path, 0);
	open_and_close("certs.d", 0);
	open_and_close("certs.d", DIRECTORY_CREATE);
	assert_int_equal(tree_mode("certs.d"), 0700);
}

static void a_missing_root_is_made_only_when_asked_to(void **state)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/docker/certs.d", (char *)*state);
	check_refused("certs.d", 0, CAUSE_NOT_MOUNTED, "there is no directory");
	assert_false(tree_has("certs.d"));
	open_and_close("certs.d", DIRECTORY_CREATE);
	assert_int_equal(tree_mode("certs.d"), 0755);
	/* Its parent is somebody else's to make. */
	check_refused(path, DIRECTORY_CREATE, CAUSE_NOT_MOUNTED,
		      "there is no directory");
	assert_false(tree_has("docker"));
	mkdir("docker", 0755);
	open_and_close(path, DIRECTORY_CREATE);
	assert_int_equal(tree_mode("docker/certs.d"), 0755);
}

static void a_parent_that_cannot_be_synced_is_no_failure(void **state)
{
	static const int none[] = {EINVAL, EBADF, EOPNOTSUPP, ENOSYS};

	(void)state;
	for (size_t i = 0; i < COUNT(none); i++) {
		fsync_errno = none[i];
		open_and_close("certs.d", DIRECTORY_CREATE);
		rmdir("certs.d");
	}
	fsync_errno = EIO;
	check_refused("certs.d", DIRECTORY_CREATE, CAUSE_OTHER, "cannot sync");
	/* The other way round: made by nobody, full. */
	rmdir("certs.d");
	fsync_errno = ENOSPC;
	check_refused("certs.d", DIRECTORY_CREATE, CAUSE_FULL, "cannot sync");
}

/* Each kind of thing, by its name and through a link. */
static void only_a_file_is_opened_as_one(void **state)
{
	static const struct {
		const char *name;
		enum directory_entry entry;
		bool is_link;
	} rows[] = {
		{"file", DIRECTORY_FILE, false},
		{"to-file", DIRECTORY_FILE, true},
		{"to-to-file", DIRECTORY_FILE, true},
		{"gone", DIRECTORY_ABSENT, false},
		{"to-gone", DIRECTORY_ABSENT, true},
		{"loop", DIRECTORY_CLOSED, true},
		{"folder", DIRECTORY_FOLDER, false},
		{"to-folder", DIRECTORY_FOLDER, true},
		{"fifo", DIRECTORY_SPECIAL, false},
		{"to-fifo", DIRECTORY_SPECIAL, true},
		{"socket", DIRECTORY_SPECIAL, false},
		{"to-null", DIRECTORY_SPECIAL, true},
	};
	size_t fds = tree_open_fds();
	int root = tree_open_root();

	(void)state;
	tree_write("file", "x");
	mkdir("folder", 0755);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_int_equal(mknod("socket", S_IFSOCK | 0600, 0), 0);
	assert_int_equal(symlink("file", "to-file"), 0);
	assert_int_equal(symlink("to-file", "to-to-file"), 0);
	assert_int_equal(symlink("gone", "to-gone"), 0);
	assert_int_equal(symlink("loop", "loop"), 0);
	assert_int_equal(symlink("folder", "to-folder"), 0);
	assert_int_equal(symlink("fifo", "to-fifo"), 0);
	assert_int_equal(symlink("/dev/null", "to-null"), 0);
	for (size_t i = 0; i < COUNT(rows); i++) {
		bool is_link;
		char byte;
		int fd;

		check(directory_open_file(root, rows[i].name, &fd, &is_link) ==
				      rows[i].entry &&
			      is_link == rows[i].is_link,
		      "%s", rows[i].name);
		assert_int_equal(fd >= 0, rows[i].entry == DIRECTORY_FILE);
		if (fd < 0)
			continue;
		assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
		assert_int_equal(read(fd, &byte, 1), 1);
		close(fd);
	}
	close(root);
	assert_int_equal(tree_open_fds(), fds);
}

static void a_root_that_is_no_directory_is_refused(void **state)
{
	static const char *const names[] = {"link", "dangling", "file", "fifo"};

	(void)state;
	mkdir("real", 0755);
	assert_int_equal(symlink("real", "link"), 0);
	assert_int_equal(symlink("nowhere", "dangling"), 0);
	tree_write("file", "x");
	assert_int_equal(mkfifo("fifo", 0600), 0);
	for (size_t i = 0; i < COUNT(names); i++) {
		check_refused(names[i], 0, CAUSE_ROOT_IN_WAY,
			      "symbolic link or no directory");
		check_refused(names[i], DIRECTORY_CREATE, CAUSE_ROOT_IN_WAY,
			      "symbolic link or no directory");
	}
	check_refused("file/certs.d", DIRECTORY_CREATE, CAUSE_ROOT_IN_WAY,
		      "no directory");
	assert_false(tree_has("nowhere"));
}

static void what_the_image_itself_holds_is_refused(void **state)
{
	(void)state;
	check_refused("/", DIRECTORY_MOUNTED, CAUSE_NOT_MOUNTED,
		      "nothing is mounted at /");
	check_refused("/dtr-trust-test", DIRECTORY_MOUNTED, CAUSE_NOT_MOUNTED,
		      "nothing is mounted at /dtr-trust-test");
	check_refused("/dtr-trust-test", DIRECTORY_MOUNTED | DIRECTORY_CREATE,
		      CAUSE_NOT_MOUNTED,
		      "nothing is mounted at /dtr-trust-test");
	assert_false(tree_has("/dtr-trust-test"));
}

static void what_is_mounted_is_taken(void **state)
{
	char path[256];

	if (!tree_own_mounts())
		skip();
	snprintf(path, sizeof(path), "%s/docker", (const char *)*state);
	mkdir("docker", 0755);
	assert_int_equal(mount(path, path, NULL, MS_BIND, NULL), 0);
	open_and_close(path, DIRECTORY_MOUNTED);
	/* Swarm refuses a missing bind source: /etc/docker is mounted. */
	strcat(path, "/certs.d");
	open_and_close(path, DIRECTORY_MOUNTED | DIRECTORY_CREATE);
	assert_true(tree_has("docker/certs.d"));
	assert_int_equal(umount2("docker", MNT_DETACH), 0);
}

#define tree_test(name)                                                        \
	cmocka_unit_test_setup_teardown(name, setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(what_is_there_is_opened_and_not_inherited),
		tree_test(a_new_file_has_the_mode_and_is_new),
		tree_test(links_are_never_followed),
		tree_test(nothing_outside_is_reached),
		tree_test(a_root_that_is_there_is_opened),
		tree_test(a_missing_root_is_made_only_when_asked_to),
		tree_test(a_parent_that_cannot_be_synced_is_no_failure),
		tree_test(only_a_file_is_opened_as_one),
		tree_test(a_root_that_is_no_directory_is_refused),
		tree_test(what_the_image_itself_holds_is_refused),
		tree_test(what_is_mounted_is_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
