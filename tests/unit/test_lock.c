/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One writer at a time, and nobody else can be in its way.
 */
/* wrap: fstatat */
#include "support/tree.h"

#include <errno.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "installer/certs_d/lock.h"

#define NOBODY 65534

/* What fstatat(2) fails with; 0: it does not. */
static int stat_error;

int __real_fstatat(int at, const char *name, struct stat *st, int flags);
int __wrap_fstatat(int at, const char *name, struct stat *st, int flags);

int __wrap_fstatat(int at, const char *name, struct stat *st, int flags)
{
	if (!stat_error)
		return __real_fstatat(at, name, st, flags);
	errno = stat_error;
	return -1;
}

static void one_holds_it_and_the_next_is_told(void **state)
{
	size_t fds = tree_open_fds();
	int root = tree_open_root();
	int first, second;

	(void)state;
	assert_int_equal(lock_try(root, &first), LOCK_TAKEN);
	assert_true(fcntl(first, F_GETFD) & FD_CLOEXEC);
	assert_int_equal(tree_mode(LOCK_FILE), 0600);
	assert_int_equal(lock_try(root, &second), LOCK_BUSY);
	assert_int_equal(second, -1);
	lock_release(root, second);
	assert_true(tree_has(LOCK_FILE));
	lock_release(root, first);
	assert_false(tree_has(LOCK_FILE));
	assert_int_equal(lock_try(root, &second), LOCK_TAKEN);
	lock_release(root, second);
	close(root);
	assert_int_equal(tree_open_fds(), fds);
}

static void what_a_killed_writer_left_is_taken_over(void **state)
{
	int root = tree_open_root();
	pid_t pid = fork();
	int fd;

	(void)state;
	if (pid == 0)
		_exit(lock_try(root, &fd) == LOCK_TAKEN ? 0 : 1);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_true(tree_has(LOCK_FILE));
	assert_int_equal(lock_try(root, &fd), LOCK_TAKEN);
	lock_release(root, fd);
	assert_false(tree_has(LOCK_FILE));
	close(root);
}

/* A writer that opened the file just before another gave it back. */
static void a_lock_on_a_file_that_is_gone_does_not_count(void **state)
{
	int root = tree_open_root();
	int first, old, fd;

	(void)state;
	assert_int_equal(lock_try(root, &first), LOCK_TAKEN);
	old = open(LOCK_FILE, O_RDWR | O_CLOEXEC);
	lock_release(root, first);
	assert_int_equal(flock(old, LOCK_EX | LOCK_NB), 0);
	assert_int_equal(lock_try(root, &fd), LOCK_TAKEN);
	lock_release(root, fd);
	close(old);
	close(root);
}

/* A disk that fails is no other writer, for whom one would wait. */
static void a_name_that_cannot_be_looked_up_is_a_failure(void **state)
{
	int root = tree_open_root();
	size_t fds = tree_open_fds();
	int fd;

	(void)state;
	stat_error = EIO;
	assert_int_equal(lock_try(root, &fd), LOCK_FAILED);
	assert_int_equal(errno, EIO);
	assert_int_equal(fd, -1);
	stat_error = ENOENT;
	assert_int_equal(lock_try(root, &fd), LOCK_BUSY);
	stat_error = 0;
	assert_int_equal(tree_open_fds(), fds);
	assert_int_equal(lock_try(root, &fd), LOCK_TAKEN);
	lock_release(root, fd);
	close(root);
}

/* What an unprivileged process can lock; -1: it could hold the lock itself. */
static int try_as_nobody(void)
{
	int root;

	if (setgid(NOBODY) || setuid(NOBODY))
		return 1;
	root = open(".", O_RDONLY | O_DIRECTORY);
	if (root < 0 || flock(root, LOCK_EX | LOCK_NB))
		return 2;
	if (open(LOCK_FILE, O_RDONLY) >= 0 || open(LOCK_FILE, O_RDWR) >= 0)
		return 3;
	return 0;
}

static void nobody_else_can_hold_it(void **state)
{
	int root = tree_open_root();
	int ends[2], fd, status;
	char byte = 'x';
	pid_t pid;

	(void)state;
	if (geteuid())
		skip();
	chmod(".", 0755);
	assert_int_equal(lock_try(root, &fd), LOCK_TAKEN);
	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		byte = (char)try_as_nobody();
		if (write(ends[1], &byte, 1) != 1)
			_exit(1);
		pause();
	}
	assert_int_equal(read(ends[0], &byte, 1), 1);
	assert_int_equal(byte, 0);
	/* It holds certs.d itself, and that is in nobody's way. */
	lock_release(root, fd);
	assert_int_equal(lock_try(root, &fd), LOCK_TAKEN);
	lock_release(root, fd);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(ends[0]);
	close(ends[1]);
	close(root);
}

static void a_file_that_others_can_open_is_no_lock(void **state)
{
	int root = tree_open_root();
	int holder, fd;

	(void)state;
	if (geteuid())
		skip();
	/* One of ours is made private again. */
	tree_write(LOCK_FILE, "");
	chmod(LOCK_FILE, 0666);
	assert_int_equal(lock_try(root, &fd), LOCK_TAKEN);
	assert_int_equal(tree_mode(LOCK_FILE), 0600);
	lock_release(root, fd);
	/* Somebody else's goes, and whoever holds it is not waited for. */
	tree_write(LOCK_FILE, "");
	assert_int_equal(chown(LOCK_FILE, NOBODY, NOBODY), 0);
	holder = open(LOCK_FILE, O_RDWR | O_CLOEXEC);
	assert_int_equal(flock(holder, LOCK_EX), 0);
	assert_int_equal(lock_try(root, &fd), LOCK_MISSING);
	assert_int_equal(fd, -1);
	assert_false(tree_has(LOCK_FILE));
	close(holder);
	close(root);
}

static void what_stands_in_its_place_is_not_followed(void **state)
{
	int root = tree_open_root();
	int fd;

	(void)state;
	tree_write("victim", "mine");
	assert_int_equal(symlink("victim", LOCK_FILE), 0);
	assert_int_equal(lock_try(root, &fd), LOCK_FAILED);
	assert_int_equal(errno, ELOOP);
	unlink(LOCK_FILE);
	mkdir(LOCK_FILE, 0755);
	assert_int_equal(lock_try(root, &fd), LOCK_FAILED);
	assert_int_equal(errno, EISDIR);
	rmdir(LOCK_FILE);
	/* Opening one does not wait for its other end. */
	assert_int_equal(mkfifo(LOCK_FILE, 0600), 0);
	assert_int_equal(lock_try(root, &fd), LOCK_MISSING);
	assert_string_equal(tree_read("victim"), "mine");
	close(root);
}

#define tree_test(name)                                                        \
	cmocka_unit_test_setup_teardown(name, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(one_holds_it_and_the_next_is_told),
		tree_test(what_a_killed_writer_left_is_taken_over),
		tree_test(a_lock_on_a_file_that_is_gone_does_not_count),
		tree_test(a_name_that_cannot_be_looked_up_is_a_failure),
		tree_test(nobody_else_can_hold_it),
		tree_test(a_file_that_others_can_open_is_no_lock),
		tree_test(what_stands_in_its_place_is_not_followed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
