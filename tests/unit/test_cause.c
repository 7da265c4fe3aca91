/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From errno to what an operator does about it.
 */
/* wrap: fgetxattr */
#include "support/tree.h"

#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "installer/certs_d/cause.h"

static const struct registry reg = {"reg:5000", "reg", 5000, REGISTRY_NAME};

static void each_error_has_its_cause(void **state)
{
	const bool is_root = !geteuid();
	const enum cause denied = is_root ? CAUSE_DENIED : CAUSE_NOT_ROOT;
	static const struct {
		int error;
		enum cause cause;
	} rows[] = {
		{EROFS, CAUSE_READ_ONLY}, {ENOSPC, CAUSE_FULL},
		{EDQUOT, CAUSE_QUOTA},	  {EBUSY, CAUSE_MOUNT},
		{EINVAL, CAUSE_COLON},	  {EOVERFLOW, CAUSE_USERNS},
		{ELOOP, CAUSE_LINK},	  {EIO, CAUSE_OTHER},
		{ENOENT, CAUSE_OTHER},
	};
	int root = tree_open_root();

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check(cause_of(rows[i].error, root, "reg:5000") ==
			      rows[i].cause,
		      "%s", strerror(rows[i].error));
	assert_int_equal(cause_of(EINVAL, root, "reg"), CAUSE_OTHER);
	assert_int_equal(cause_of(EACCES, root, "reg"), denied);
	assert_int_equal(cause_of(EPERM, -1, "reg"), denied);
	close(root);
}

/* The label of SELinux, where there is one: no kernel of a test has it. */
static const char *label;

ssize_t __wrap_fgetxattr(int fd, const char *name, void *value, size_t size);

ssize_t __wrap_fgetxattr(int fd, const char *name, void *value, size_t size)
{
	(void)fd;
	(void)value;
	(void)size;
	if (label && !strcmp(name, "security.selinux"))
		return (ssize_t)strlen(label);
	errno = ENODATA;
	return -1;
}

static void a_label_tells_selinux_from_missing_capabilities(void **state)
{
	int root = tree_open_root();

	(void)state;
	if (geteuid())
		skip();
	assert_int_equal(fchown(root, 1000, 1000), 0);
	label = "system_u:object_r:container_file_t:s0";
	assert_int_equal(cause_of(EACCES, root, "reg"), CAUSE_DENIED);
	label = NULL;
	assert_int_equal(cause_of(EACCES, root, "reg"), CAUSE_NOT_OWNER);
	assert_int_equal(fchown(root, 0, 0), 0);
	assert_int_equal(cause_of(EACCES, root, "reg"), CAUSE_DENIED);
	close(root);
}

static void whose_directory_it_is_tells_denials_apart(void **state)
{
	int root = tree_open_root();
	int status;
	pid_t pid;

	(void)state;
	if (geteuid())
		skip();
	/* As a user namespace shows what it has no number for. */
	assert_int_equal(fchown(root, 65534, 65534), 0);
	assert_int_equal(cause_of(EACCES, root, "reg"), CAUSE_USERNS);
	pid = fork();
	if (pid == 0)
		_exit(setuid(65534) ||
		      cause_of(EACCES, root, "reg") != CAUSE_NOT_ROOT);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	close(root);
}

static void an_immutable_directory_is_told_apart(void **state)
{
	/* An int to the kernel, a long to who reads its number. */
	int flags[2] = {FS_IMMUTABLE_FL, 0};
	int root = tree_open_root();

	(void)state;
	if (ioctl(root, FS_IOC_SETFLAGS, flags)) {
		close(root);
		skip();
	}
	assert_int_equal(mkdir("reg", 0755), -1);
	assert_int_equal(cause_of(errno, root, "reg"), CAUSE_IMMUTABLE);
	flags[0] = 0;
	assert_int_equal(ioctl(root, FS_IOC_SETFLAGS, flags), 0);
	close(root);
}

static void an_immutable_file_is_told_apart(void **state)
{
	/* An int to the kernel, a long to who reads its number. */
	int flags[2] = {FS_IMMUTABLE_FL, 0};
	int root = tree_open_root();
	int dir, file;

	(void)state;
	mkdir("reg", 0755);
	tree_write("reg/ca.crt", "mine");
	dir = open("reg", O_RDONLY | O_DIRECTORY);
	file = open("reg/ca.crt", O_RDONLY);
	if (ioctl(file, FS_IOC_SETFLAGS, flags)) {
		close(file);
		close(dir);
		close(root);
		skip();
	}
	assert_int_equal(unlink("reg/ca.crt"), -1);
	assert_int_equal(cause_of(errno, dir, "reg"), CAUSE_IMMUTABLE);
	assert_int_equal(cause_of(EPERM, root, "reg"), CAUSE_IMMUTABLE);
	flags[0] = 0;
	assert_int_equal(ioctl(file, FS_IOC_SETFLAGS, flags), 0);
	close(file);
	close(dir);
	close(root);
}

static void a_failure_names_what_failed_and_why(void **state)
{
	struct failure f;

	(void)state;
	errno = EINVAL;
	assert_int_equal(cause_fail(&f, -1, &reg, "create a directory for"),
			 ERR_STORE);
	assert_int_equal(f.cause, CAUSE_COLON);
	check_contains(f.detail, "cannot create a directory for reg:5000: ");
	check_contains(f.detail, "takes no `:`");
	/* The next failure has none of it. */
	failure_set(&f, ERR_STORE, "x");
	assert_int_equal(f.cause, CAUSE_OTHER);
}

#define tree_test(name)                                                        \
	cmocka_unit_test_setup_teardown(name, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(each_error_has_its_cause),
		tree_test(whose_directory_it_is_tells_denials_apart),
		tree_test(an_immutable_directory_is_told_apart),
		tree_test(an_immutable_file_is_told_apart),
		tree_test(a_label_tells_selinux_from_missing_capabilities),
		tree_test(a_failure_names_what_failed_and_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
