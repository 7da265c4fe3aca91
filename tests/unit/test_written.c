/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which directories of certs.d are ours to prune: those that hold what we
 * wrote, are nobody else's, and belong to no registry of the list.
 */
#include "support/tree.h"

#include "installer/certs_d/cause.h"
#include "installer/certs_d/written.h"

#define HEX "ab12cd34ab12cd34ab12cd34ab12cd34ab12cd34ab12cd34ab12cd34ab12cd34"
#define OURS                                                                   \
	"# written by dtr-trust\n"                                             \
	"# subject: CN=Root\n"                                                 \
	"# fingerprint: sha256:" HEX "\n"                                      \
	"# valid: 2020-01-01T00:00:00Z to 2100-01-01T00:00:00Z\n"              \
	"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
#define THEIRS "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"

static char room[CRT_BYTES_MAX];

static struct registry reg(const char *text)
{
	struct registry r;
	struct failure f;

	assert_int_equal(registry_parse(text, strlen(text), &r, &f), ERR_OK);
	return r;
}

static void put(const char *directory, const char *text)
{
	char path[512];

	mkdir(directory, 0755);
	snprintf(path, sizeof(path), "%s/ca.crt", directory);
	tree_write(path, text);
}

/* The names that are found where LISTED is all there is in the list. */
static const char *found(const char *listed)
{
	static char text[1024];
	struct registry one = reg(listed);
	const struct written_query query = {&one, 1, room};
	size_t fds = tree_open_fds();
	int root = tree_open_root();
	struct written w;
	struct failure f;
	size_t len = 0;

	text[0] = '\0';
	assert_int_equal(written_find(root, &query, &w, &f), ERR_OK);
	for (size_t i = 0; i < w.count; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s ",
					w.list[i].reference);
	written_free(&w);
	close(root);
	assert_int_equal(tree_open_fds(), fds);
	return text;
}

static void what_we_wrote_is_found_by_name(void **state)
{
	(void)state;
	assert_string_equal(found("listed"), "");
	put("b.test", OURS);
	put("a.test:5000", THEIRS "\n" OURS);
	put("[2001:db8::1]:5000", OURS);
	put("listed", OURS);
	assert_string_equal(found("listed"),
			    "[2001:db8::1]:5000 a.test:5000 b.test ");
}

static void what_other_hands_wrote_is_not(void **state)
{
	(void)state;
	put("theirs", THEIRS);
	put("empty-file", "");
	/* The mark alone, as somebody may have copied it. */
	put("marked", "# written by dtr-trust\n" THEIRS);
	put("_default", OURS);
	put("host_443_", OURS);
	put(".dtr-trust.new.d", OURS);
	mkdir("empty", 0755);
	tree_write("file", OURS);
	mkdir("folder", 0755);
	put("folder/ca.crt", OURS);
	mkdir("fifo", 0755);
	assert_int_equal(mkfifo("fifo/ca.crt", 0644), 0);
	assert_string_equal(found("listed"), "");
}

static void a_link_is_somebody_elses(void **state)
{
	(void)state;
	put("listed", OURS);
	assert_int_equal(symlink("listed", "alias"), 0);
	assert_int_equal(symlink("nowhere", "dangling"), 0);
	mkdir("inner", 0755);
	assert_int_equal(symlink("../listed/ca.crt", "inner/ca.crt"), 0);
	mkdir("inner2", 0755);
	assert_int_equal(symlink("nowhere", "inner2/ca.crt"), 0);
	assert_string_equal(found("listed"), "");
}

static void a_listed_registry_has_several_spellings(void **state)
{
	(void)state;
	put("reg.test", OURS);
	put("reg.test:443", OURS);
	put("REG.test", OURS);
	put("reg.test:5000", OURS);
	assert_string_equal(found("reg.test"), "reg.test:5000 ");
	assert_string_equal(found("reg.test:443"), "reg.test:5000 ");
	assert_string_equal(found("other"),
			    "REG.test reg.test reg.test:443 reg.test:5000 ");
}

static void what_cannot_be_looked_at_makes_no_shorter_list(void **state)
{
	struct registry one = reg("listed");
	const struct written_query query = {&one, 1, room};
	struct written w;
	struct failure f;
	int root;

	(void)state;
	put("a.test", OURS);
	put("b.test", OURS);
	if (!geteuid()) {
		assert_int_equal(chmod(".", 0755), 0);
		assert_int_equal(seteuid(65534), 0);
	}
	root = tree_open_root();
	if (!getuid())
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(chmod("b.test/ca.crt", 0), 0);
	if (!geteuid())
		assert_int_equal(seteuid(65534), 0);
	assert_int_equal(written_find(root, &query, &w, &f), ERR_STORE);
	if (!getuid())
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(w.count, 0);
	assert_null(w.list);
	check_contains(f.detail, "b.test/ca.crt: Permission denied");
	assert_int_equal(f.cause, CAUSE_NOT_ROOT);
	close(root);
}

static void certs_d_that_cannot_be_listed_is_a_failure(void **state)
{
	const struct written_query query = {NULL, 0, room};
	struct written w;
	struct failure f;

	(void)state;
	tree_write("file", "");
	assert_int_equal(written_find(-1, &query, &w, &f), ERR_STORE);
	check_contains(f.detail, "cannot list certs.d: ");
	assert_int_equal(w.count, 0);
}

#define tree_test(name)                                                        \
	cmocka_unit_test_setup_teardown(name, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(what_we_wrote_is_found_by_name),
		tree_test(what_other_hands_wrote_is_not),
		tree_test(a_link_is_somebody_elses),
		tree_test(a_listed_registry_has_several_spellings),
		tree_test(what_cannot_be_looked_at_makes_no_shorter_list),
		tree_test(certs_d_that_cannot_be_listed_is_a_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
