/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only writer: what a reader finds at every moment, with each call of the
 * kernel failing once, and with the process killed before each.
 */
/* wrap: mkdirat */
/* wrap: renameat */
/* wrap: unlinkat */
/* wrap: fsync */
/* wrap: fchmod */
/* wrap: write */
/* wrap: flock */
/* wrap: linkat */
#include "support/tree.h"

#include <sys/file.h>
#include <sys/wait.h>

#include "installer/certs_d/ca_crt.h"
#include "installer/certs_d/cause.h"
#include "installer/certs_d/lock.h"
#include "installer/certs_d/store.h"

#define OLD    "old certificate\n"
#define NEW    "new certificate, longer than the old one\n"
#define KILLED 9

#define PRINT                                                                  \
	"# fingerprint: sha256:0000000000000000000000000000000000000000"       \
	"000000000000000000000000\n"
#define PEM  "-----BEGIN CERTIFICATE-----\nYQ==\n-----END CERTIFICATE-----\n"
#define OURS CA_CRT_MARK PRINT PEM

/* What the wrapped calls do; all zero: what they always do. */
static struct {
	bool armed;
	unsigned calls;
	unsigned stop_at; /* number of the call that does not take place */
	int cause;	  /* its errno; 0: the process ends there */
	char failed[16];  /* its name */
	char log[256];	  /* of the calls whose order matters */
	void (*at_rename)(void);
	void (*at_sync)(void); /* of a file */
	void (*at_sync_dir)(void);
	bool corrupt; /* write(2) changes the first byte */
	int no_links; /* errno of a file system that has none */
	int no_locks; /* and of flock(2) */
	int no_sync;  /* and of fsync(2) on a directory */
} kernel;

static bool fails(const char *name)
{
	if (!kernel.armed || ++kernel.calls != kernel.stop_at)
		return false;
	if (!kernel.cause)
		_exit(KILLED);
	strcpy(kernel.failed, name);
	errno = kernel.cause;
	return true;
}

static void note(const char *name)
{
	if (kernel.armed)
		strcat(strcat(kernel.log, name), " ");
}

int __wrap_mkdirat(int at, const char *path, mode_t mode);
int __real_mkdirat(int at, const char *path, mode_t mode);
int __wrap_renameat(int from, const char *old, int to, const char *new);
int __real_renameat(int from, const char *old, int to, const char *new);
int __wrap_unlinkat(int at, const char *path, int flags);
int __real_unlinkat(int at, const char *path, int flags);
int __wrap_fsync(int fd);
int __real_fsync(int fd);
int __wrap_fchmod(int fd, mode_t mode);
int __real_fchmod(int fd, mode_t mode);
int __wrap_linkat(int from, const char *old, int to, const char *new,
		  int flags);
int __real_linkat(int from, const char *old, int to, const char *new,
		  int flags);
int __wrap_flock(int fd, int operation);
int __real_flock(int fd, int operation);
ssize_t __wrap_write(int fd, const void *data, size_t len);
ssize_t __real_write(int fd, const void *data, size_t len);

int __wrap_mkdirat(int at, const char *path, mode_t mode)
{
	return fails("mkdirat") ? -1 : __real_mkdirat(at, path, mode);
}

int __wrap_renameat(int from, const char *old, int to, const char *new)
{
	if (fails("renameat"))
		return -1;
	note("rename");
	if (kernel.armed && kernel.at_rename)
		kernel.at_rename();
	return __real_renameat(from, old, to, new);
}

int __wrap_unlinkat(int at, const char *path, int flags)
{
	return fails("unlinkat") ? -1 : __real_unlinkat(at, path, flags);
}

int __wrap_fsync(int fd)
{
	struct stat st;

	if (fails("fsync"))
		return -1;
	if (fstat(fd, &st) || !S_ISDIR(st.st_mode)) {
		note("sync");
		if (kernel.armed && kernel.at_sync)
			kernel.at_sync();
		return __real_fsync(fd);
	}
	note("sync-dir");
	if (kernel.armed && kernel.at_sync_dir)
		kernel.at_sync_dir();
	if (kernel.armed && kernel.no_sync) {
		errno = kernel.no_sync;
		return -1;
	}
	return __real_fsync(fd);
}

int __wrap_fchmod(int fd, mode_t mode)
{
	return fails("fchmod") ? -1 : __real_fchmod(fd, mode);
}

int __wrap_flock(int fd, int operation)
{
	if (fails("flock"))
		return -1;
	if (kernel.armed && kernel.no_locks) {
		errno = kernel.no_locks;
		return -1;
	}
	return __real_flock(fd, operation);
}

int __wrap_linkat(int from, const char *old, int to, const char *new, int flags)
{
	if (fails("linkat"))
		return -1;
	if (kernel.armed && kernel.no_links) {
		errno = kernel.no_links;
		return -1;
	}
	return __real_linkat(from, old, to, new, flags);
}

ssize_t __wrap_write(int fd, const void *data, size_t len)
{
	if (fails("write"))
		return -1;
	note("write");
	if (!kernel.armed || !kernel.corrupt)
		return __real_write(fd, data, len);
	kernel.corrupt = false;
	return __real_write(fd, "!", 1);
}

static void arm(unsigned stop_at, int cause)
{
	memset(&kernel, 0, sizeof(kernel));
	kernel.armed = true;
	kernel.stop_at = stop_at;
	kernel.cause = cause;
}

static void disarm(void)
{
	kernel.armed = false;
}

/* Too large for a stack. */
static struct survey seen;
static struct store_room room;
static struct store_result result;

static const struct registry reg = {"reg", "reg", 443, REGISTRY_NAME};

static void take(int root)
{
	struct failure f;

	assert_int_equal(survey_take(root, &reg, &seen, &f), ERR_OK);
}

static enum err change_text(int root, const char *text, bool sets_aside,
			    struct failure *f)
{
	const struct store_change change = {
		.seen = &seen,
		.content = {(const uint8_t *)text, strlen(text)},
		.sets_aside = sets_aside};
	enum err err = store_write(root, &reg, &change, &room, &result, f);

	disarm();
	return err;
}

static enum err write_text(int root, const char *text, struct failure *f)
{
	return change_text(root, text, false, f);
}

/* Survey and write, as a run does. */
static void write_new(int root)
{
	struct failure f = {0};

	take(root);
	check(write_text(root, NEW, &f) == ERR_OK, "%s", f.detail);
}

static void make_old(void)
{
	mkdir("reg", 0755);
	tree_write("reg/ca.crt", OLD);
}

static void check_no_litter(void)
{
	assert_false(tree_has("reg/.dtr-trust.new"));
	assert_false(tree_has(".dtr-trust.new.d"));
}

static void check_unlocked(void)
{
	int root = tree_open_root();
	int fd;

	assert_int_equal(lock_try(root, &fd), LOCK_TAKEN);
	lock_release(root, fd);
	assert_false(tree_has(LOCK_FILE));
	close(root);
}

static void modes_do_not_depend_on_the_umask(void **state)
{
	static const mode_t masks[] = {022, 077, 000};

	(void)state;
	for (size_t i = 0; i < COUNT(masks); i++) {
		int root = tree_open_root();

		umask(masks[i]);
		write_new(root);
		umask(022);
		assert_int_equal(tree_mode("reg"), 0755);
		assert_int_equal(tree_mode("reg/ca.crt"), 0644);
		assert_string_equal(tree_read("reg/ca.crt"), NEW);
		tree_write("reg/ca.crt", OLD);
		umask(masks[i]);
		write_new(root);
		umask(022);
		assert_int_equal(tree_mode("reg/ca.crt"), 0644);
		unlink("reg/ca.crt");
		rmdir("reg");
		close(root);
	}
}

static void a_reader_keeps_the_old_file_or_opens_the_new_one(void **state)
{
	int root = tree_open_root();
	struct stat before;
	struct stat after;
	char text[64] = "";
	int reader;

	(void)state;
	make_old();
	stat("reg/ca.crt", &before);
	reader = open("reg/ca.crt", O_RDONLY);
	write_new(root);
	stat("reg/ca.crt", &after);
	assert_int_not_equal(before.st_ino, after.st_ino);
	assert_int_equal(after.st_nlink, 1);
	assert_int_equal(read(reader, text, sizeof(text)), strlen(OLD));
	assert_string_equal(text, OLD);
	assert_string_equal(tree_read("reg/ca.crt"), NEW);
	check_no_litter();
	check_unlocked();
	close(reader);
	close(root);
}

static void expect_old_beside_new(void)
{
	kernel.armed = false;
	assert_string_equal(tree_read("reg/ca.crt"), OLD);
	assert_string_equal(tree_read("reg/.dtr-trust.new"), NEW);
	assert_int_equal(tree_mode("reg/.dtr-trust.new"), 0644);
	kernel.armed = true;
}

static void expect_whole_directory(void)
{
	kernel.armed = false;
	assert_false(tree_has("reg"));
	assert_string_equal(tree_read(".dtr-trust.new.d/ca.crt"), NEW);
	assert_int_equal(tree_mode(".dtr-trust.new.d"), 0755);
	kernel.armed = true;
}

static void data_is_durable_before_it_has_its_name(void **state)
{
	int root = tree_open_root();
	struct failure f;

	(void)state;
	make_old();
	take(root);
	arm(0, 0);
	kernel.at_rename = expect_old_beside_new;
	assert_int_equal(write_text(root, NEW, &f), ERR_OK);
	assert_string_equal(kernel.log, "write sync rename sync-dir ");
	close(root);
}

static void a_new_directory_appears_with_its_file(void **state)
{
	int root = tree_open_root();
	struct failure f;

	(void)state;
	take(root);
	arm(0, 0);
	kernel.at_rename = expect_whole_directory;
	assert_int_equal(write_text(root, NEW, &f), ERR_OK);
	assert_string_equal(kernel.log, "write sync sync-dir rename sync-dir ");
	assert_string_equal(tree_read("reg/ca.crt"), NEW);
	check_no_litter();
	close(root);
}

/* An empty directory is one that an operator made; it is used. */
static void an_empty_directory_gets_its_file(void **state)
{
	int root = tree_open_root();

	(void)state;
	mkdir("reg", 0700);
	write_new(root);
	assert_string_equal(tree_read("reg/ca.crt"), NEW);
	assert_int_equal(tree_mode("reg"), 0700);
	close(root);
}

static void other_files_are_left_alone(void **state)
{
	int root = tree_open_root();

	(void)state;
	make_old();
	tree_write("reg/client.cert", "c");
	tree_write("reg/other.crt", "o");
	tree_write("reg/.dtr-trust.new.bak", "b");
	write_new(root);
	assert_string_equal(tree_read("reg/client.cert"), "c");
	assert_string_equal(tree_read("reg/other.crt"), "o");
	assert_string_equal(tree_read("reg/.dtr-trust.new.bak"), "b");
	close(root);
}

/* Only what happens after the file has its name leaves the new one there. */
static void check_after_failure(enum err err, bool was_there)
{
	bool renamed = strstr(kernel.log, "rename") != NULL;
	/* Without room for a lock it goes on; the rest shows at the write. */
	bool harmless = !strcmp(kernel.failed, "unlinkat") ||
			!strcmp(kernel.failed, "flock");

	check(err == (harmless ? ERR_OK : ERR_STORE), "call %u, %s: %d",
	      kernel.stop_at, kernel.failed, (int)err);
	if (renamed || was_there)
		assert_string_equal(tree_read("reg/ca.crt"),
				    renamed ? NEW : OLD);
	else
		assert_false(tree_has("reg"));
	check_no_litter();
	check_unlocked();
}

static void fail_each_call(bool was_there)
{
	size_t fds = tree_open_fds();
	unsigned at = 0;

	do {
		int root = tree_open_root();
		struct failure f = {0};
		enum err err;

		unlink("reg/ca.crt");
		rmdir("reg");
		if (was_there)
			make_old();
		take(root);
		arm(++at, ENOSPC);
		err = write_text(root, NEW, &f);
		if (*kernel.failed)
			check_after_failure(err, was_there);
		if (err != ERR_OK) {
			assert_int_equal(f.code, ERR_STORE);
			check_contains(f.detail, "reg");
			check_contains(f.detail, "No space left on device");
		}
		close(root);
		assert_int_equal(tree_open_fds(), fds);
	} while (*kernel.failed);
	assert_in_range(at, 7, 30);
}

static void any_call_that_fails_leaves_the_old_file(void **state)
{
	(void)state;
	fail_each_call(true);
}

static void any_call_that_fails_leaves_no_directory(void **state)
{
	(void)state;
	fail_each_call(false);
}

/* True when the writer was killed before call AT, false when it was done. */
static bool kill_writer(unsigned at)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		int root = tree_open_root();
		struct failure f;

		take(root);
		arm(at, 0);
		_exit(write_text(root, NEW, &f) == ERR_OK ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_in_range(WEXITSTATUS(status) % KILLED, 0, 0);
	return WEXITSTATUS(status) == KILLED;
}

static void check_after_kill(bool was_there)
{
	if (was_there || tree_has("reg")) {
		const char *text = tree_read("reg/ca.crt");

		check(!strcmp(text, NEW) || (was_there && !strcmp(text, OLD)),
		      "torn: \"%s\"", text);
	}
	check_unlocked();
}

static void kill_at_each_call(bool was_there)
{
	unsigned litter = 0;
	unsigned at = 0;
	bool killed;

	do {
		int root = tree_open_root();

		unlink("reg/ca.crt");
		rmdir("reg");
		if (was_there)
			make_old();
		killed = kill_writer(++at);
		check_after_kill(was_there);
		take(root);
		litter += seen.litter;
		/* The next run clears it, with or without writing. */
		if (at % 2) {
			store_clear(root, &reg);
			check_after_kill(was_there);
			check_no_litter();
		}
		write_new(root);
		assert_string_equal(tree_read("reg/ca.crt"), NEW);
		close(root);
	} while (killed);
	assert_in_range(at, 7, 30);
	assert_in_range(litter, 2, at);
	check_no_litter();
}

static void a_kill_at_any_call_leaves_the_old_file_or_the_new(void **state)
{
	(void)state;
	kill_at_each_call(true);
}

static void a_kill_at_any_call_never_leaves_an_empty_directory(void **state)
{
	(void)state;
	kill_at_each_call(false);
}

static void litter_is_cleared_before_a_write_and_on_its_own(void **state)
{
	int root = tree_open_root();

	(void)state;
	make_old();
	for (int i = 0; i < 2; i++) {
		tree_write("reg/.dtr-trust.new", "half a certifi");
		mkdir(".dtr-trust.new.d", 0700);
		tree_write(".dtr-trust.new.d/ca.crt", "half");
		if (i == 0) {
			store_clear(root, &reg);
			assert_string_equal(tree_read("reg/ca.crt"), OLD);
		} else {
			write_new(root);
		}
		check_no_litter();
		check_unlocked();
	}
	close(root);
}

/* Nobody but a writer that was killed makes these names; links least of all. */
static void links_in_place_of_litter_lead_nowhere(void **state)
{
	int root = tree_open_root();
	struct failure f;

	(void)state;
	make_old();
	mkdir("victim", 0755);
	tree_write("victim/ca.crt", "mine");
	assert_int_equal(symlink("../victim/ca.crt", "reg/.dtr-trust.new"), 0);
	write_new(root);
	assert_string_equal(tree_read("reg/ca.crt"), NEW);
	unlink("reg/ca.crt");
	rmdir("reg");
	assert_int_equal(symlink("victim", ".dtr-trust.new.d"), 0);
	take(root);
	assert_int_equal(write_text(root, NEW, &f), ERR_STORE);
	assert_false(tree_has("reg"));
	assert_string_equal(tree_read("victim/ca.crt"), "mine");
	close(root);
}

/* Litter that cannot be removed is not written into. */
/* A directory that could not go back (place_remove) is in everybody's way. */
static void what_stays_in_place_of_litter_is_named(void **state)
{
	int root = tree_open_root();
	struct failure f = {0};

	(void)state;
	mkdir(".dtr-trust.new.d", 0755);
	tree_write(".dtr-trust.new.d/client.key", "precious");
	take(root);
	assert_int_equal(write_text(root, NEW, &f), ERR_STORE);
	check_contains(f.detail, ".dtr-trust.new.d for reg: File exists");
	assert_string_equal(tree_read(".dtr-trust.new.d/client.key"),
			    "precious");
	assert_false(tree_has("reg"));
	mkdir("reg", 0755);
	tree_write("reg/ca.crt", OURS);
	assert_int_equal(store_remove(root, &reg, &room, &result, &f),
			 ERR_STORE);
	check_contains(f.detail, ".dtr-trust.new.d the directory of reg: ");
	assert_string_equal(tree_read("reg/ca.crt"), OURS);
	close(root);
}

static void a_file_in_place_of_litter_is_not_opened(void **state)
{
	int root = tree_open_root();
	struct failure f;

	(void)state;
	make_old();
	tree_write("victim", "mine");
	assert_int_equal(link("victim", "reg/.dtr-trust.new"), 0);
	take(root);
	arm(2, EPERM);
	assert_int_equal(write_text(root, NEW, &f), ERR_STORE);
	assert_string_equal(kernel.failed, "unlinkat");
	assert_string_equal(tree_read("victim"), "mine");
	assert_string_equal(tree_read("reg/ca.crt"), OLD);
	close(root);
}

/* Nobody waits here: that is the caller's, who has others to serve. */
static void another_installer_is_told_at_once(void **state)
{
	int root = tree_open_root();
	struct failure f = {0};
	int holder;

	(void)state;
	make_old();
	assert_int_equal(lock_try(root, &holder), LOCK_TAKEN);
	take(root);
	assert_int_equal(write_text(root, NEW, &f), ERR_STORE);
	check_contains(f.detail, "another dtr-trust");
	assert_int_equal(f.cause, CAUSE_BUSY);
	store_clear(root, &reg);
	assert_string_equal(tree_read("reg/ca.crt"), OLD);
	check_no_litter();
	assert_true(tree_has(LOCK_FILE));
	lock_release(root, holder);
	assert_int_equal(write_text(root, NEW, &f), ERR_OK);
	assert_string_equal(tree_read("reg/ca.crt"), NEW);
	check_unlocked();
	close(root);
}

/* As EINVAL and its like say it: vboxsf, virtiofs, NFS without lockd. */
static void what_a_file_system_does_not_have_is_a_warning(void **state)
{
	static const int no_sync[] = {EINVAL, EBADF, EOPNOTSUPP, ENOSYS};
	static const int no_locks[] = {EINVAL, EBADF, EOPNOTSUPP, ENOSYS,
				       ENOLCK};
	int root = tree_open_root();

	(void)state;
	for (size_t i = 0; i < COUNT(no_sync) + COUNT(no_locks); i++) {
		bool is_sync = i < COUNT(no_sync);
		struct failure f = {0};

		for (int is_new = 0; is_new < 2; is_new++) {
			unlink("reg/ca.crt");
			rmdir("reg");
			if (!is_new)
				make_old();
			take(root);
			arm(0, 0);
			kernel.no_sync = is_sync ? no_sync[i] : 0;
			kernel.no_locks =
				is_sync ? 0 : no_locks[i - COUNT(no_sync)];
			assert_int_equal(write_text(root, NEW, &f), ERR_OK);
			assert_int_equal(result.is_unsynced, is_sync);
			assert_int_equal(result.is_unlocked, !is_sync);
			assert_string_equal(tree_read("reg/ca.crt"), NEW);
			check_no_litter();
			check_unlocked();
		}
	}
	close(root);
}

static void a_disk_that_fails_to_sync_is_a_failure(void **state)
{
	int root = tree_open_root();

	(void)state;
	for (int is_new = 0; is_new < 2; is_new++) {
		struct failure f = {0};

		unlink("reg/ca.crt");
		rmdir("reg");
		if (!is_new)
			make_old();
		take(root);
		arm(0, 0);
		kernel.no_sync = EIO;
		assert_int_equal(write_text(root, NEW, &f), ERR_STORE);
		check_contains(f.detail, is_new ? "sync the new directory"
						: "is in place");
		if (is_new)
			assert_false(tree_has("reg"));
		else
			assert_string_equal(tree_read("reg/ca.crt"), NEW);
		check_no_litter();
		check_unlocked();
	}
	close(root);
}

#define ASIDE_1 "reg/ca.crt.aside-1"
#define ASIDE_2 "reg/ca.crt.aside-2"

static void aside_once(int root, const char *text)
{
	struct failure f = {0};

	take(root);
	check(change_text(root, text, true, &f) == ERR_OK, "%s", f.detail);
	assert_string_equal(tree_read("reg/ca.crt"), text);
}

static void what_is_displaced_has_another_name(void **state)
{
	int root = tree_open_root();
	struct stat before;
	struct stat after;

	(void)state;
	make_old();
	stat("reg/ca.crt", &before);
	aside_once(root, NEW);
	assert_string_equal(result.aside, "ca.crt.aside-1");
	assert_string_equal(tree_read(ASIDE_1), OLD);
	/* It is the file itself, and has no second name any more. */
	stat(ASIDE_1, &after);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_int_equal(after.st_nlink, 1);
	/* Another is put beside it, the same one is there already. */
	tree_write("reg/ca.crt", "another");
	aside_once(root, NEW);
	assert_string_equal(result.aside, "ca.crt.aside-2");
	tree_write("reg/ca.crt", OLD);
	aside_once(root, NEW);
	assert_string_equal(result.aside, "ca.crt.aside-1");
	assert_string_equal(tree_read(ASIDE_1), OLD);
	assert_string_equal(tree_read(ASIDE_2), "another");
	assert_false(tree_has("reg/ca.crt.aside-3"));
	/* What is not there, or empty, has nothing to keep. */
	unlink("reg/ca.crt");
	aside_once(root, NEW);
	assert_string_equal(result.aside, "");
	tree_write("reg/ca.crt", "");
	aside_once(root, NEW);
	assert_string_equal(result.aside, "");
	check_no_litter();
	check_unlocked();
	close(root);
}

static void a_file_system_without_links_gets_a_copy(void **state)
{
	static const int errors[] = {EPERM, EOPNOTSUPP, EMLINK, ENOSYS};
	int root = tree_open_root();
	struct failure f = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(errors); i++) {
		unlink(ASIDE_1);
		unlink("reg/ca.crt");
		make_old();
		take(root);
		arm(0, 0);
		kernel.no_links = errors[i];
		assert_int_equal(change_text(root, NEW, true, &f), ERR_OK);
		assert_string_equal(tree_read(ASIDE_1), OLD);
		assert_string_equal(tree_read("reg/ca.crt"), NEW);
		check_no_litter();
	}
	close(root);
}

static void what_stands_under_its_name_is_not_touched(void **state)
{
	int root = tree_open_root();
	struct failure f = {0};

	(void)state;
	make_old();
	mkdir(ASIDE_1, 0755);
	assert_int_equal(symlink("ca.crt", ASIDE_2), 0);
	assert_int_equal(mkfifo("reg/ca.crt.aside-3", 0600), 0);
	aside_once(root, NEW);
	assert_string_equal(result.aside, "ca.crt.aside-4");
	for (int i = 5; i <= ASIDES_MAX; i++) {
		char name[64];

		snprintf(name, sizeof(name), "reg/ca.crt.aside-%d", i);
		tree_write(name, name);
	}
	tree_write("reg/ca.crt", "one too many");
	take(root);
	assert_int_equal(change_text(root, NEW, true, &f), ERR_STORE);
	assert_int_equal(f.cause, CAUSE_LIMIT);
	assert_string_equal(tree_read("reg/ca.crt"), "one too many");
	assert_string_equal(result.aside, "");
	close(root);
}

/* Kill or fail before call AT of a run that sets aside; false past the last. */
static bool break_aside(unsigned at, int error, int no_links)
{
	int root = tree_open_root();
	bool broken;
	int status;
	pid_t pid;

	pid = fork();
	if (pid == 0) {
		struct failure f;

		take(root);
		arm(at, error);
		kernel.no_links = no_links;
		(void)!change_text(root, NEW, true, &f);
		_exit(*kernel.failed ? KILLED : 0);
	}
	close(root);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	broken = WEXITSTATUS(status) == KILLED;
	/* The old bytes are there, under the one name or the other. */
	if (!strcmp(tree_read("reg/ca.crt"), OLD))
		return broken;
	assert_string_equal(tree_read("reg/ca.crt"), NEW);
	assert_string_equal(tree_read(ASIDE_1), OLD);
	return broken;
}

static void what_is_displaced_survives_a_break_at_any_call(void **state)
{
	static const int errors[] = {0, EIO, ENOSPC};
	int root = tree_open_root();
	unsigned points = 0;

	(void)state;
	for (size_t i = 0; i < 2 * COUNT(errors); i++) {
		bool broken = true;

		for (unsigned at = 1; broken; at++) {
			unlink(ASIDE_1);
			unlink("reg/ca.crt");
			rmdir("reg");
			make_old();
			broken = break_aside(at, errors[i / 2],
					     i % 2 ? EPERM : 0);
			points += broken;
			/* The next run ends it, and leaves no second copy. */
			aside_once(root, NEW);
			assert_string_equal(tree_read(ASIDE_1), OLD);
			assert_false(tree_has(ASIDE_2));
			check_no_litter();
			check_unlocked();
		}
	}
	assert_in_range(points, 50, 200);
	close(root);
}

/* Remove ours; what is then in reg/ca.crt, or NULL without it. */
static const char *remove_ours(void)
{
	int root = tree_open_root();
	struct failure f = {0};

	check(store_remove(root, &reg, &room, &result, &f) == ERR_OK, "%s",
	      f.detail);
	check_no_litter();
	check_unlocked();
	close(root);
	return tree_has("reg/ca.crt") ? tree_read("reg/ca.crt") : NULL;
}

static void only_our_section_is_removed(void **state)
{
	(void)state;
	mkdir("reg", 0755);
	tree_write("reg/ca.crt", "theirs\n" OURS);
	assert_string_equal(remove_ours(), "theirs\n");
	assert_true(result.changed);
	assert_string_equal(remove_ours(), "theirs\n");
	assert_false(result.changed);
	tree_write("reg/ca.crt",
		   "theirs\n" CA_CRT_MARK
		   "# above: 6 bytes without a line end\n" PRINT PEM);
	assert_string_equal(remove_ours(), "theirs");
	tree_write("reg/ca.crt", OURS PEM);
	assert_string_equal(remove_ours(), PEM);
	tree_write("reg/ca.crt", OURS "\n");
	assert_null(remove_ours());
	assert_false(tree_has("reg"));
	assert_null(remove_ours());
	assert_false(result.changed);
}

/* containerd fails on a .crt that holds no certificate. */
static void a_remark_in_our_section_does_not_become_a_file(void **state)
{
	(void)state;
	mkdir("reg", 0755);
	tree_write("reg/ca.crt", OURS "# my remark\n");
	assert_null(remove_ours());
	assert_true(result.changed);
	assert_string_equal(result.aside, "ca.crt.aside-1");
	assert_string_equal(tree_read(ASIDE_1), OURS "# my remark\n");
}

static void change_content(void)
{
	tree_write("reg/ca.crt", "third");
}

static void change_nothing_but_the_name(void)
{
	rename("reg/ca.crt", "reg/b.crt");
}

static void add_another(void)
{
	tree_write("reg/b.crt", "b");
}

static void remove_the_file(void)
{
	unlink("reg/ca.crt");
}

static void remove_the_directory(void)
{
	unlink("reg/ca.crt");
	rmdir("reg");
}

static void what_changed_meanwhile_is_not_written_over(void **state)
{
	static void (*const changes[])(void) = {
		change_content, change_nothing_but_the_name, add_another,
		remove_the_file, remove_the_directory};
	int root = tree_open_root();

	(void)state;
	for (size_t i = 0; i < COUNT(changes); i++) {
		struct failure f = {0};

		make_old();
		take(root);
		changes[i]();
		assert_int_equal(write_text(root, NEW, &f), ERR_STORE);
		check_contains(f.detail, "another process changed");
		check_contains(f.detail, "reg");
		if (tree_has("reg/ca.crt"))
			assert_string_not_equal(tree_read("reg/ca.crt"), NEW);
		check_no_litter();
		check_unlocked();
		unlink("reg/b.crt");
	}
	close(root);
}

#define OTHERS "written by other hands, without our lock\n"

static void replace_by_rename(void)
{
	tree_write("reg/theirs", OTHERS);
	assert_int_equal(rename("reg/theirs", "reg/ca.crt"), 0);
}

static void write_over(void)
{
	tree_write("reg/ca.crt", OTHERS);
}

static void what_changes_while_the_disk_syncs_is_not_written_over(void **state)
{
	static void (*const changes[])(void) = {replace_by_rename, write_over};
	int root = tree_open_root();

	(void)state;
	for (size_t i = 0; i < 2 * COUNT(changes); i++) {
		struct failure f = {0};

		make_old();
		/* Where there was none, too. */
		if (i % 2)
			unlink("reg/ca.crt");
		take(root);
		arm(0, 0);
		kernel.at_sync = changes[i / 2];
		assert_int_equal(write_text(root, NEW, &f), ERR_STORE);
		assert_int_equal(f.cause, CAUSE_CHANGED);
		assert_false(f.is_late);
		check_contains(f.detail, "reg: another process changed");
		assert_string_equal(tree_read("reg/ca.crt"), OTHERS);
		check_no_litter();
		check_unlocked();
	}
	close(root);
}

/* Remove ours from a reg/ca.crt of TEXT. AT_RENAME and AT_SYNC are done to it
 * meanwhile, NULL is nothing; it must fail, F says of what. */
static void remove_meanwhile(const char *text, void (*at_rename)(void),
			     void (*at_sync)(void), struct failure *f)
{
	int root = tree_open_root();

	*f = (struct failure){0};
	mkdir("reg", 0755);
	tree_write("reg/ca.crt", text);
	arm(0, 0);
	kernel.at_rename = at_rename;
	kernel.at_sync = at_sync;
	assert_int_equal(store_remove(root, &reg, &room, &result, f),
			 ERR_STORE);
	disarm();
	close(root);
}

/* --remove leaves the text of others, by a new file. */
static void what_changes_while_ours_is_taken_out_stays(void **state)
{
	struct failure f;

	(void)state;
	remove_meanwhile(OLD OURS, NULL, replace_by_rename, &f);
	assert_int_equal(f.cause, CAUSE_CHANGED);
	assert_string_equal(tree_read("reg/ca.crt"), OTHERS);
	check_no_litter();
}

/* Fail each call of a --remove once. What is then in reg/ca.crt, TEXT before:
 * that, or LEFT where it was done; "" is no file. */
static void fail_each_removal(const char *text, const char *left, int no_links)
{
	unsigned at = 0;

	do {
		int root = tree_open_root();
		struct failure f = {0};
		bool done;

		mkdir("reg", 0755);
		unlink(ASIDE_1);
		tree_write("reg/ca.crt", text);
		arm(++at, ENOSPC);
		kernel.no_links = no_links;
		done = store_remove(root, &reg, &room, &result, &f) == ERR_OK;
		disarm();
		check(!strcmp(tree_has("reg/ca.crt") ? tree_read("reg/ca.crt")
						     : "",
			      done || f.is_late ? left : text),
		      "call %u, %s: %s", at, kernel.failed, f.detail);
		check_no_litter();
		check_unlocked();
		close(root);
	} while (*kernel.failed);
	assert_in_range(at, 5, 20);
}

static void a_removal_that_fails_leaves_no_litter(void **state)
{
	(void)state;
	fail_each_removal(OLD OURS, OLD, 0);
	fail_each_removal(OURS "# my remark\n", "", 0);
	fail_each_removal(OURS "# my remark\n", "", EPERM);
}

static void put_a_directory(void)
{
	unlink("reg/ca.crt");
	mkdir("reg/ca.crt", 0755);
}

static void put_a_pipe(void)
{
	unlink("reg/ca.crt");
	mkfifo("reg/ca.crt", 0644);
}

static void put_a_link(void)
{
	unlink("reg/ca.crt");
	assert_int_equal(symlink("elsewhere", "reg/ca.crt"), 0);
}

/* --remove gives what is left a second name, which the disk has to sync, before
 * it takes the first one away. */
static void what_changes_while_it_is_moved_aside_stays(void **state)
{
	static const struct {
		void (*change)(void);
		mode_t kind; /* of what is there then */
	} rows[] = {{replace_by_rename, S_IFREG}, {write_over, S_IFREG},
		    {put_a_directory, S_IFDIR},	  {put_a_pipe, S_IFIFO},
		    {put_a_link, S_IFLNK},	  {remove_the_file, 0}};
	int root = tree_open_root();
	struct failure f = {0};

	(void)state;
	mkdir("reg", 0755);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct stat st = {.st_mode = 0};

		tree_write("reg/ca.crt", OURS "# my remark\n");
		arm(0, 0);
		kernel.at_sync_dir = rows[i].change;
		assert_int_equal(store_remove(root, &reg, &room, &result, &f),
				 ERR_STORE);
		disarm();
		assert_int_equal(f.cause, CAUSE_CHANGED);
		assert_false(result.changed);
		lstat("reg/ca.crt", &st);
		assert_int_equal(st.st_mode & S_IFMT, rows[i].kind);
		if (rows[i].kind == S_IFREG)
			assert_string_equal(tree_read("reg/ca.crt"), OTHERS);
		check_unlocked();
		unlinkat(AT_FDCWD, "reg/ca.crt",
			 rows[i].kind == S_IFDIR ? AT_REMOVEDIR : 0);
		unlink(ASIDE_1);
	}
	close(root);
}

static void a_directory_that_came_meanwhile_is_not_written_over(void **state)
{
	int root = tree_open_root();
	struct failure f = {0};

	(void)state;
	take(root);
	mkdir("reg", 0755);
	assert_int_equal(write_text(root, NEW, &f), ERR_STORE);
	check_contains(f.detail, "another process changed");
	assert_false(tree_has("reg/ca.crt"));
	close(root);
}

static void two_installers_of_one_mind_agree(void **state)
{
	int root = tree_open_root();
	struct stat before;
	struct stat after;
	struct failure f;

	(void)state;
	take(root);
	mkdir("reg", 0755);
	tree_write("reg/ca.crt", NEW);
	stat("reg/ca.crt", &before);
	assert_int_equal(write_text(root, NEW, &f), ERR_OK);
	stat("reg/ca.crt", &after);
	assert_int_equal(before.st_ino, after.st_ino);
	close(root);
}

static void add_a_key(void)
{
	kernel.at_rename = NULL;
	tree_write("reg/client.key", "precious");
}

static void replace_ours(void)
{
	kernel.at_rename = NULL;
	replace_by_rename();
}

/* Ours alone when it was read, and another's when the directory gets its other
 * name: with that nobody but us finds it. */
static void what_replaces_ours_during_a_removal_goes_back(void **state)
{
	struct failure f;

	(void)state;
	remove_meanwhile(OURS, replace_ours, NULL, &f);
	assert_int_equal(f.cause, CAUSE_CHANGED);
	assert_false(f.is_late);
	check_contains(f.detail, "reg: another process changed");
	assert_string_equal(tree_read("reg/ca.crt"), OTHERS);
	check_no_litter();
	check_unlocked();
}

/* Seen as ours alone, but not so when the directory gets its other name. */
static void what_comes_during_a_removal_goes_back(void **state)
{
	struct failure f;

	(void)state;
	remove_meanwhile(CA_CRT_MARK CA_CRT_SERVICE "auth\n", add_a_key, NULL,
			 &f);
	check_contains(f.detail, "run again");
	assert_string_equal(tree_read("reg/client.key"), "precious");
	assert_false(tree_has("reg/ca.crt"));
	check_no_litter();
}

static void make_it_again(void)
{
	kernel.at_rename = NULL;
	mkdir("reg", 0755);
	tree_write("reg/b.crt", "b");
}

static void add_a_key_and_soon_make_it_again(void)
{
	add_a_key();
	kernel.at_rename = make_it_again;
}

/* It has nowhere to go back to. */
static void what_cannot_go_back_is_named(void **state)
{
	struct failure f;

	(void)state;
	remove_meanwhile(CA_CRT_MARK CA_CRT_SERVICE "auth\n",
			 add_a_key_and_soon_make_it_again, NULL, &f);
	check_contains(f.detail, "reg: ");
	check_contains(f.detail, ".dtr-trust.new.d");
	assert_true(f.is_late);
	assert_string_equal(tree_read(".dtr-trust.new.d/client.key"),
			    "precious");
	assert_string_equal(tree_read("reg/b.crt"), "b");
}

/* Put something into the way between the survey and the write. */
static void link_the_file(void)
{
	unlink("reg/ca.crt");
	assert_int_equal(symlink("../victim", "reg/ca.crt"), 0);
}

static void link_the_directory(void)
{
	rename("reg", "real");
	assert_int_equal(symlink("real", "reg"), 0);
}

static void make_the_file_a_fifo(void)
{
	unlink("reg/ca.crt");
	assert_int_equal(mkfifo("reg/ca.crt", 0600), 0);
}

static void make_the_file_a_directory(void)
{
	unlink("reg/ca.crt");
	assert_int_equal(mkdir("reg/ca.crt", 0755), 0);
}

static void make_the_directory_a_file(void)
{
	rename("reg", "real");
	tree_write("reg", "x");
}

static void something_else_in_the_way_is_refused(void **state)
{
	static void (*const changes[])(void) = {
		link_the_file, link_the_directory, make_the_file_a_fifo,
		make_the_file_a_directory, make_the_directory_a_file};
	int root = tree_open_root();

	(void)state;
	tree_write("victim", "mine");
	for (size_t i = 0; i < COUNT(changes); i++) {
		struct failure f = {0};

		make_old();
		take(root);
		changes[i]();
		assert_int_equal(write_text(root, NEW, &f), ERR_STORE);
		assert_string_equal(tree_read("victim"), "mine");
		if (tree_has("real"))
			assert_string_equal(tree_read("real/ca.crt"), OLD);
		check_no_litter();
		remove("reg/ca.crt");
		remove("reg");
		remove("real/ca.crt");
		remove("real");
	}
	close(root);
}

static void what_was_written_is_read_back(void **state)
{
	int root = tree_open_root();
	struct failure f = {0};

	(void)state;
	take(root);
	arm(0, 0);
	kernel.corrupt = true;
	assert_int_equal(write_text(root, NEW, &f), ERR_STORE);
	check_contains(f.detail, "does not hold what was written");
	close(root);
}

static void a_read_only_mount_is_named(void **state)
{
	const unsigned long read_only = MS_BIND | MS_REMOUNT | MS_RDONLY;
	struct failure f = {0};
	int root;

	if (!tree_own_mounts())
		skip();
	make_old();
	assert_int_equal(mount(*state, *state, NULL, MS_BIND, NULL), 0);
	assert_int_equal(mount(NULL, *state, NULL, read_only, NULL), 0);
	assert_int_equal(chdir(*state), 0);
	root = tree_open_root();
	take(root);
	assert_int_equal(write_text(root, NEW, &f), ERR_STORE);
	check_contains(f.detail, "Read-only file system");
	check_contains(f.detail, "mounted read-only");
	assert_int_equal(f.cause, CAUSE_READ_ONLY);
	assert_string_equal(tree_read("reg/ca.crt"), OLD);
	close(root);
	assert_int_equal(umount2(*state, MNT_DETACH), 0);
	assert_int_equal(chdir(*state), 0);
}

static void a_full_file_system_keeps_the_old_file(void **state)
{
	struct failure f = {0};
	static char large[64 * 1024];
	int root;

	if (!tree_own_mounts())
		skip();
	memset(large, 'x', sizeof(large) - 1);
	assert_int_equal(mount("none", *state, "tmpfs", 0, "size=16k,mode=755"),
			 0);
	assert_int_equal(chdir(*state), 0);
	make_old();
	root = tree_open_root();
	take(root);
	assert_int_equal(write_text(root, large, &f), ERR_STORE);
	check_contains(f.detail, "No space left on device");
	assert_string_equal(tree_read("reg/ca.crt"), OLD);
	check_no_litter();
	unlink("reg/ca.crt");
	rmdir("reg");
	take(root);
	assert_int_equal(write_text(root, large, &f), ERR_STORE);
	assert_false(tree_has("reg"));
	check_no_litter();
	close(root);
	assert_int_equal(umount2(*state, MNT_DETACH), 0);
	assert_int_equal(chdir(*state), 0);
}

static void a_file_mounted_over_ca_crt_is_named(void **state)
{
	struct failure f = {0};
	int root = tree_open_root();

	(void)state;
	if (!tree_own_mounts())
		skip();
	make_old();
	tree_write("mounted", "mine");
	assert_int_equal(mount("mounted", "reg/ca.crt", NULL, MS_BIND, NULL),
			 0);
	take(root);
	assert_int_equal(write_text(root, NEW, &f), ERR_STORE);
	check_contains(f.detail, "mounted over it");
	assert_int_equal(f.cause, CAUSE_MOUNT);
	assert_string_equal(tree_read("mounted"), "mine");
	check_no_litter();
	assert_int_equal(umount2("reg/ca.crt", MNT_DETACH), 0);
	assert_string_equal(tree_read("reg/ca.crt"), OLD);
	close(root);
}

/* Under its other name the directory is gone for a moment, and comes back. */
static void a_mounted_file_is_not_removed(void **state)
{
	static const char ours[] = CA_CRT_MARK CA_CRT_SERVICE "auth\n";
	struct failure f = {0};
	int root;

	(void)state;
	if (!tree_own_mounts() || chdir(*state))
		skip();
	root = tree_open_root();
	mkdir("reg", 0755);
	tree_write("reg/ca.crt", "");
	tree_write("mounted", ours);
	assert_int_equal(mount("mounted", "reg/ca.crt", NULL, MS_BIND, NULL),
			 0);
	assert_int_equal(store_remove(root, &reg, &room, &result, &f),
			 ERR_STORE);
	check_contains(f.detail, "remove ca.crt of reg: ");
	assert_int_equal(f.cause, CAUSE_MOUNT);
	assert_string_equal(tree_read("reg/ca.crt"), ours);
	check_no_litter();
	assert_int_equal(umount2("reg/ca.crt", MNT_DETACH), 0);
	close(root);
}

static int setup(void **state)
{
	memset(&kernel, 0, sizeof(kernel));
	return tree_setup(state);
}

#define tree_test(name)                                                        \
	cmocka_unit_test_setup_teardown(name, setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(modes_do_not_depend_on_the_umask),
		tree_test(a_reader_keeps_the_old_file_or_opens_the_new_one),
		tree_test(data_is_durable_before_it_has_its_name),
		tree_test(a_new_directory_appears_with_its_file),
		tree_test(an_empty_directory_gets_its_file),
		tree_test(other_files_are_left_alone),
		tree_test(any_call_that_fails_leaves_the_old_file),
		tree_test(any_call_that_fails_leaves_no_directory),
		tree_test(a_kill_at_any_call_leaves_the_old_file_or_the_new),
		tree_test(a_kill_at_any_call_never_leaves_an_empty_directory),
		tree_test(litter_is_cleared_before_a_write_and_on_its_own),
		tree_test(links_in_place_of_litter_lead_nowhere),
		tree_test(what_stays_in_place_of_litter_is_named),
		tree_test(a_file_in_place_of_litter_is_not_opened),
		tree_test(another_installer_is_told_at_once),
		tree_test(what_a_file_system_does_not_have_is_a_warning),
		tree_test(a_disk_that_fails_to_sync_is_a_failure),
		tree_test(what_is_displaced_has_another_name),
		tree_test(a_file_system_without_links_gets_a_copy),
		tree_test(what_stands_under_its_name_is_not_touched),
		tree_test(what_is_displaced_survives_a_break_at_any_call),
		tree_test(only_our_section_is_removed),
		tree_test(a_remark_in_our_section_does_not_become_a_file),
		tree_test(what_changed_meanwhile_is_not_written_over),
		tree_test(
			what_changes_while_the_disk_syncs_is_not_written_over),
		tree_test(what_changes_while_ours_is_taken_out_stays),
		tree_test(a_removal_that_fails_leaves_no_litter),
		tree_test(what_changes_while_it_is_moved_aside_stays),
		tree_test(a_directory_that_came_meanwhile_is_not_written_over),
		tree_test(two_installers_of_one_mind_agree),
		tree_test(what_replaces_ours_during_a_removal_goes_back),
		tree_test(what_comes_during_a_removal_goes_back),
		tree_test(what_cannot_go_back_is_named),
		tree_test(something_else_in_the_way_is_refused),
		tree_test(what_was_written_is_read_back),
		tree_test(a_read_only_mount_is_named),
		tree_test(a_full_file_system_keeps_the_old_file),
		tree_test(a_file_mounted_over_ca_crt_is_named),
		tree_test(a_mounted_file_is_not_removed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
