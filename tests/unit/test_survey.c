/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is found in certs.d: every .crt with its bytes, in Docker's order, and
 * other people's files that change what Docker does.
 */
#include "support/tree.h"

#include <sys/inotify.h>
#include <sys/sysmacros.h>

#include "installer/certs_d/survey.h"

/* Too large for a stack. */
static struct survey found;
static struct survey other;

static struct registry registry_of(const char *reference)
{
	struct registry r;
	struct failure f;

	assert_int_equal(registry_parse(reference, strlen(reference), &r, &f),
			 ERR_OK);
	return r;
}

static enum err take(const char *reference, struct survey *out,
		     struct failure *f)
{
	const struct registry r = registry_of(reference);
	size_t fds = tree_open_fds();
	int root = tree_open_root();
	enum err err = survey_take(root, &r, out, f);

	close(root);
	assert_int_equal(tree_open_fds(), fds);
	return err;
}

static void survey(const char *reference)
{
	struct failure f = {0};

	memset(&found, 0xa5, offsetof(struct survey, storage));
	check(take(reference, &found, &f) == ERR_OK, "%s", f.detail);
}

static void check_refused(const char *reference, const char *why)
{
	struct failure f = {0};

	assert_int_equal(take(reference, &found, &f), ERR_STORE);
	assert_int_equal(f.code, ERR_STORE);
	check_contains(f.detail, reference);
	check_contains(f.detail, why);
}

static bool is_text(struct bytes content, const char *text)
{
	return bytes_equal(content,
			   (struct bytes){(const uint8_t *)text, strlen(text)});
}

/* A file of LEN bytes that take no room. */
static void make_large(const char *path, off_t len)
{
	tree_write(path, "");
	assert_int_equal(truncate(path, len), 0);
}

static void nothing_there_is_an_empty_survey(void **state)
{
	(void)state;
	mkdir("other", 0755);
	tree_write("other/ca.crt", "x");
	survey("reg");
	assert_false(found.exists);
	assert_false(found.litter);
	assert_int_equal(found.shadows, 0);
	assert_int_equal(found.file_count, 0);
	mkdir("reg", 0755);
	survey("reg");
	assert_true(found.exists);
	assert_int_equal(found.file_count, 0);
}

static void the_directory_is_the_one_of_exactly_this_name(void **state)
{
	static const char *const names[] = {"reg", "reg:443", "Reg",
					    "[2001:db8::1]:5000"};

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		char path[64];

		mkdir(names[i], 0755);
		snprintf(path, sizeof(path), "%s/ca.crt", names[i]);
		tree_write(path, names[i]);
	}
	for (size_t i = 0; i < COUNT(names); i++) {
		survey(names[i]);
		assert_int_equal(found.file_count, 1);
		assert_true(is_text(found.files[0].content, names[i]));
	}
}

static void every_crt_is_read_in_the_order_of_names(void **state)
{
	static const char *const names[] = {"z.crt", "B.crt",  "ca.crt",
					    "a.crt", "10.crt", ".crt"};
	static const char *const sorted[] = {".crt",  "10.crt", "B.crt",
					     "a.crt", "ca.crt", "z.crt"};

	(void)state;
	mkdir("reg", 0755);
	for (size_t i = 0; i < COUNT(names); i++) {
		char path[64];

		snprintf(path, sizeof(path), "reg/%s", names[i]);
		tree_write(path, names[i]);
	}
	tree_write("reg/ca.crt.bak", "x");
	tree_write("reg/ca.CRT", "x");
	tree_write("reg/crt", "x");
	tree_write("reg/ca.pem", "x");
	survey("reg");
	assert_int_equal(found.file_count, COUNT(sorted));
	for (size_t i = 0; i < COUNT(sorted); i++) {
		assert_string_equal(found.files[i].name, sorted[i]);
		assert_true(is_text(found.files[i].content, sorted[i]));
	}
	assert_true(is_text(survey_find(&found, "ca.crt"), "ca.crt"));
	assert_int_equal(survey_find(&found, "gone.crt").len, 0);
	assert_int_equal(found.shadows, SURVEY_UNREAD_ENDING);
	assert_string_equal(survey_shadow_name(&found, SURVEY_UNREAD_ENDING),
			    "ca.pem");
}

static void litter_of_a_killed_run_is_seen(void **state)
{
	(void)state;
	mkdir("reg", 0755);
	tree_write("reg/.dtr-trust.new", "half");
	survey("reg");
	assert_true(found.litter);
	assert_int_equal(found.file_count, 0);
	unlink("reg/.dtr-trust.new");
	survey("reg");
	assert_false(found.litter);
	mkdir(".dtr-trust.new.d", 0755);
	survey("reg");
	assert_true(found.litter);
	survey("none");
	assert_true(found.litter);
}

static void each_shadow_is_seen_alone(void **state)
{
	static const struct {
		const char *path;
		unsigned shadow;
	} rows[] = {
		{"reg:5000/hosts.toml", SURVEY_HOSTS_TOML},
		{"reg:5000/client.cert", SURVEY_LONE_CERT},
		{"reg:5000/client.key", SURVEY_LONE_KEY},
		{"reg_5000_", SURVEY_PORT_ALIAS},
		{"_default", SURVEY_DEFAULT},
		{"reg:5000/ca.pem", SURVEY_UNREAD_ENDING},
		{"reg:5000/ca.cer", SURVEY_UNREAD_ENDING},
		{"reg:5000/reg.crt", SURVEY_OLD_TOOL},
		{"reg:5000/reg:5000.crt", SURVEY_OLD_TOOL},
		{"reg:5000/reg2.crt", 0},
		{"reg:443", 0},
		{"reg_5000", 0},
		{"reg:5000/.hosts.toml", 0},
		{"reg/hosts.toml", 0},
	};

	(void)state;
	mkdir("reg:5000", 0755);
	mkdir("reg", 0755);
	for (size_t i = 0; i < COUNT(rows); i++) {
		tree_write(rows[i].path, "x");
		survey("reg:5000");
		check(found.shadows == rows[i].shadow, "%s: %x", rows[i].path,
		      found.shadows);
		for (size_t k = 0; k < SURVEY_SHADOW_COUNT_; k++) {
			const char *name = found.shadow_names[k];
			const size_t len = strlen(name);

			/* Its name is the end of its path. */
			check(!*name == !(rows[i].shadow & 1U << k) &&
				      !strcmp(rows[i].path +
						      strlen(rows[i].path) -
						      len,
					      name),
			      "%s: %s", rows[i].path, name);
		}
		unlink(rows[i].path);
	}
	tree_write("reg:5000/client.cert", "x");
	tree_write("reg:5000/client.key", "x");
	survey("reg:5000");
	assert_int_equal(found.shadows, 0);
	tree_write("reg:5000/other.key", "x");
	survey("reg:5000");
	assert_int_equal(found.shadows, SURVEY_LONE_KEY);
}

static void the_port_of_an_ipv6_registry_is_not_in_its_brackets(void **state)
{
	(void)state;
	mkdir("[2001:db8::1]_5000_", 0755);
	mkdir("[2001:db8:_1]_", 0755);
	survey("[2001:db8::1]:5000");
	assert_int_equal(found.shadows, SURVEY_PORT_ALIAS);
	survey("[2001:db8::1]");
	assert_int_equal(found.shadows, 0);
}

static void another_spelling_is_another_directory(void **state)
{
	(void)state;
	mkdir("reg", 0755);
	mkdir("reg:443", 0755);
	survey("reg");
	assert_int_equal(found.shadows, SURVEY_OTHER_SPELLING);
	assert_string_equal(survey_shadow_name(&found, SURVEY_OTHER_SPELLING),
			    "reg:443");
	survey("reg:443");
	assert_string_equal(survey_shadow_name(&found, SURVEY_OTHER_SPELLING),
			    "reg");
	rmdir("reg:443");
	survey("reg");
	assert_int_equal(found.shadows, 0);
}

/* What stops a write to REFERENCE, whose survey is taken, is CAUSE. */
static void check_blocked(const char *reference, enum cause cause,
			  const char *why)
{
	const struct registry r = registry_of(reference);
	struct failure f = {0};

	assert_int_equal(found.blocked, cause);
	assert_int_equal(survey_check_writable(&found, &r, &f), ERR_STORE);
	assert_int_equal(f.cause, cause);
	check_contains(f.detail, reference);
	check_contains(f.detail, why);
}

static void a_linked_directory_is_read_and_not_written(void **state)
{
	(void)state;
	mkdir("real", 0755);
	tree_write("real/ca.crt", "theirs");
	assert_int_equal(symlink("real", "link"), 0);
	assert_int_equal(symlink("nowhere", "dangling"), 0);
	assert_int_equal(symlink("loop", "loop"), 0);
	survey("link");
	assert_true(found.exists);
	assert_true(is_text(survey_find(&found, "ca.crt"), "theirs"));
	assert_int_equal(found.shadows, SURVEY_LINK);
	check_blocked("link", CAUSE_LINK, "a symbolic link is in the way");
	survey("dangling");
	assert_false(found.exists);
	check_blocked("dangling", CAUSE_LINK, "a symbolic link is in the way");
	survey("loop");
	assert_true(found.shadows & SURVEY_NO_DIRECTORY);
	check_blocked("loop", CAUSE_LINK, "a symbolic link is in the way");
	survey("real");
	assert_int_equal(found.blocked, CAUSE_OTHER);
	assert_int_equal(survey_check_writable(&found, &(struct registry){0},
					       &(struct failure){0}),
			 ERR_OK);
}

static void a_file_in_place_of_the_directory_is_seen(void **state)
{
	static const char *const names[] = {"file", "fifo"};

	(void)state;
	tree_write("file", "x");
	assert_int_equal(mkfifo("fifo", 0600), 0);
	for (size_t i = 0; i < COUNT(names); i++) {
		survey(names[i]);
		assert_false(found.exists);
		assert_int_equal(found.shadows, SURVEY_NO_DIRECTORY);
		check_blocked(names[i], CAUSE_DIRECTORY_IS_FILE,
			      "a file is in the way");
	}
}

/* Put something that is no regular file at PATH. */
static void make_link(const char *path)
{
	tree_write("target", "secret");
	assert_int_equal(symlink("../target", path), 0);
}

static void make_fifo(const char *path)
{
	assert_int_equal(mkfifo(path, 0600), 0);
}

static void make_directory(const char *path)
{
	assert_int_equal(mkdir(path, 0755), 0);
}

static void make_dangling(const char *path)
{
	assert_int_equal(symlink("../nowhere", path), 0);
}

/* What a consumer cannot read stops it, and only as ca.crt what we write. */
static void what_is_no_file_is_seen_for_what_it_is(void **state)
{
	static const struct {
		void (*make)(const char *path);
		unsigned shadows;
		enum cause cause;
		const char *why;
	} rows[] = {
		{make_dangling, SURVEY_LINK | SURVEY_DANGLING_CRT, CAUSE_LINK,
		 "reg/ca.crt: a symbolic link is in the way"},
		{make_fifo, SURVEY_UNREAD_CRT, CAUSE_NO_FILE,
		 "reg/ca.crt: not a regular file"},
		{make_directory, SURVEY_FOLDER_CRT, CAUSE_FILE_IS_DIRECTORY,
		 "reg/ca.crt: a directory is in the way"},
	};

	(void)state;
	mkdir("reg", 0755);
	for (size_t i = 0; i < COUNT(rows); i++) {
		rows[i].make("reg/ca.crt");
		survey("reg");
		assert_int_equal(found.shadows, rows[i].shadows);
		assert_int_equal(found.file_count, 0);
		check_blocked("reg", rows[i].cause, rows[i].why);
		assert_int_equal(remove("reg/ca.crt"), 0);
		rows[i].make("reg/other.crt");
		tree_write("reg/ca.crt", "mine");
		survey("reg");
		assert_int_equal(found.shadows, rows[i].shadows);
		assert_int_equal(found.blocked, CAUSE_OTHER);
		assert_int_equal(found.file_count, 1);
		assert_true(is_text(found.files[0].content, "mine"));
		assert_int_equal(remove("reg/other.crt"), 0);
		assert_int_equal(remove("reg/ca.crt"), 0);
	}
}

/* Who masks a file with /dev/null has an empty one, to all who read it. */
static void the_null_device_is_an_empty_file(void **state)
{
	(void)state;
	mkdir("reg", 0755);
	assert_int_equal(symlink("/dev/null", "reg/b.crt"), 0);
	assert_int_equal(symlink("/dev/null", "reg/hosts.toml"), 0);
	tree_write("reg/ca.crt", "mine");
	survey("reg");
	assert_int_equal(found.shadows, SURVEY_LINK);
	assert_int_equal(found.file_count, 2);
	assert_string_equal(found.files[0].name, "b.crt");
	assert_int_equal(found.files[0].content.len, 0);
	tree_write("reg/d.crt", "");
	unlink("reg/hosts.toml");
	tree_write("reg/hosts.toml", "");
	survey("reg");
	assert_int_equal(found.shadows, SURVEY_LINK);
	unlink("reg/hosts.toml");
	assert_int_equal(symlink("/nonexistent", "reg/hosts.toml"), 0);
	survey("reg");
	assert_int_equal(found.shadows, SURVEY_LINK | SURVEY_HOSTS_TOML);
}

static void a_linked_file_is_read_as_the_consumers_read_it(void **state)
{
	(void)state;
	mkdir("reg", 0755);
	make_link("reg/ca.crt");
	assert_int_equal(symlink("../target", "reg/b.crt"), 0);
	survey("reg");
	assert_int_equal(found.file_count, 2);
	assert_true(is_text(survey_find(&found, "ca.crt"), "secret"));
	assert_true(is_text(survey_find(&found, "b.crt"), "secret"));
	assert_int_equal(found.shadows, SURVEY_LINK);
	assert_string_equal(survey_shadow_name(&found, SURVEY_LINK), "b.crt");
	check_blocked("reg", CAUSE_LINK, "a symbolic link is in the way");
}

/* Opening a device may do something, and a FIFO's wakes its writer. */
static void what_is_no_file_is_not_opened(void **state)
{
	static const char *const names[] = {"ca.crt", "b.crt", "c.crt"};
	char event[4096];
	int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	(void)state;
	mkdir("reg", 0755);
	assert_int_equal(mkfifo("reg/ca.crt", 0600), 0);
	assert_int_equal(mknod("reg/b.crt", S_IFSOCK | 0600, 0), 0);
	if (mknod("reg/c.crt", S_IFCHR | 0600, makedev(1, 3)))
		assert_int_equal(mkfifo("reg/c.crt", 0600), 0);
	for (size_t i = 0; i < COUNT(names); i++) {
		char path[64];

		snprintf(path, sizeof(path), "reg/%s", names[i]);
		assert_true(inotify_add_watch(watch, path, IN_OPEN) >= 0);
	}
	survey("reg");
	assert_int_equal(found.shadows, SURVEY_UNREAD_CRT);
	assert_int_equal(read(watch, event, sizeof(event)), -1);
	assert_int_equal(errno, EAGAIN);
	/* This test would see it. */
	close(open("reg/ca.crt", O_RDONLY | O_NONBLOCK));
	assert_true(read(watch, event, sizeof(event)) > 0);
	close(watch);
}

static void sizes_are_bounded(void **state)
{
	struct failure f = {0};
	char number[32];

	(void)state;
	mkdir("reg", 0755);
	make_large("reg/ca.crt", CRT_BYTES_MAX);
	survey("reg");
	assert_int_equal(found.files[0].content.len, CRT_BYTES_MAX);
	assert_int_equal(found.shadows, 0);
	/* Three of them are more than a directory may hold. */
	make_large("reg/a.crt", CRT_BYTES_MAX - 1);
	make_large("reg/b.crt", CRT_BYTES_MAX);
	if (take("reg", &found, &f) == ERR_OK)
		assert_true(found.shadows & SURVEY_LARGE_CRT);
	else
		assert_int_equal(f.cause, CAUSE_LIMIT);
	assert_in_range(found.used, 0, CRT_TOTAL_BYTES);
	/* Of our own we must know all. */
	unlink("reg/b.crt");
	unlink("reg/a.crt");
	make_large("reg/ca.crt", CRT_BYTES_MAX + 1);
	snprintf(number, sizeof(number), "%d bytes", CRT_BYTES_MAX);
	check_refused("reg", number);
	tree_write("reg/ca.crt", "mine");
	make_large("reg/z.crt", CRT_BYTES_MAX + 1);
	survey("reg");
	assert_int_equal(found.shadows, SURVEY_LARGE_CRT);
	assert_string_equal(survey_shadow_name(&found, SURVEY_LARGE_CRT),
			    "z.crt");
}

static void files_are_bounded_in_number(void **state)
{
	char path[64];

	(void)state;
	mkdir("reg", 0755);
	for (int i = 0; i < CRT_FILES_MAX; i++) {
		snprintf(path, sizeof(path), "reg/%02d.crt", i);
		tree_write(path, path);
	}
	survey("reg");
	assert_int_equal(found.file_count, CRT_FILES_MAX);
	assert_string_equal(found.files[CRT_FILES_MAX - 1].name, "31.crt");
	tree_write("reg/one-more.crt", "x");
	check_refused("reg", "33 .crt files, more than the 32");
}

static void a_name_is_shown_escaped(void **state)
{
	(void)state;
	mkdir("reg", 0755);
	mkdir("reg/\x1b[2J\n.crt", 0755);
	survey("reg");
	assert_string_equal(survey_shadow_name(&found, SURVEY_FOLDER_CRT),
			    "\\x1b[2J\\x0a.crt");
}

static void a_change_between_two_surveys_is_seen(void **state)
{
	(void)state;
	mkdir("reg", 0755);
	tree_write("reg/a.crt", "a");
	tree_write("reg/b.crt", "b");
	survey("reg");
	assert_int_equal(take("reg", &other, &(struct failure){0}), ERR_OK);
	assert_true(survey_equal(&found, &other));
	/* Same length, other bytes. */
	tree_write("reg/a.crt", "x");
	assert_int_equal(take("reg", &other, &(struct failure){0}), ERR_OK);
	assert_false(survey_equal(&found, &other));
	/* Same bytes, other name. */
	tree_write("reg/a.crt", "a");
	rename("reg/a.crt", "reg/aa.crt");
	assert_int_equal(take("reg", &other, &(struct failure){0}), ERR_OK);
	assert_false(survey_equal(&found, &other));
	rename("reg/aa.crt", "reg/a.crt");
	/* One more at the end, one more in the middle, one less. */
	tree_write("reg/c.crt", "c");
	assert_int_equal(take("reg", &other, &(struct failure){0}), ERR_OK);
	assert_false(survey_equal(&found, &other));
	assert_false(survey_equal(&other, &found));
	rename("reg/c.crt", "reg/aa.crt");
	assert_int_equal(take("reg", &other, &(struct failure){0}), ERR_OK);
	assert_false(survey_equal(&found, &other));
	unlink("reg/aa.crt");
	unlink("reg/b.crt");
	assert_int_equal(take("reg", &other, &(struct failure){0}), ERR_OK);
	assert_false(survey_equal(&found, &other));
}

#define tree_test(name)                                                        \
	cmocka_unit_test_setup_teardown(name, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(nothing_there_is_an_empty_survey),
		tree_test(the_directory_is_the_one_of_exactly_this_name),
		tree_test(every_crt_is_read_in_the_order_of_names),
		tree_test(litter_of_a_killed_run_is_seen),
		tree_test(each_shadow_is_seen_alone),
		tree_test(the_port_of_an_ipv6_registry_is_not_in_its_brackets),
		tree_test(another_spelling_is_another_directory),
		tree_test(a_linked_directory_is_read_and_not_written),
		tree_test(a_file_in_place_of_the_directory_is_seen),
		tree_test(what_is_no_file_is_seen_for_what_it_is),
		tree_test(the_null_device_is_an_empty_file),
		tree_test(a_linked_file_is_read_as_the_consumers_read_it),
		tree_test(what_is_no_file_is_not_opened),
		tree_test(sizes_are_bounded),
		tree_test(files_are_bounded_in_number),
		tree_test(a_name_is_shown_escaped),
		tree_test(a_change_between_two_surveys_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
