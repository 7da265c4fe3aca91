/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operator's CA file: certificates go on, keys end here.
 */
/* wrap: explicit_bzero */
#include "support/tree.h"

#include "installer/inputs/operator_file.h"

#define CERT(text)                                                             \
	"-----BEGIN CERTIFICATE-----\n" text "\n-----END CERTIFICATE-----\n"
#define KEY(kind) "-----BEGIN " kind "-----\nc2VjcmV0\n-----END " kind "-----\n"
#define SECRET	  "c2VjcmV0"

static struct operator_file file; /* too large for a stack */
static size_t wiped_bytes;

void __wrap_explicit_bzero(void *memory, size_t len);

void __wrap_explicit_bzero(void *memory, size_t len)
{
	memset(memory, 0, len);
	wiped_bytes += len;
}

static enum err read_text(const char *text, struct failure *f)
{
	size_t fds = tree_open_fds();
	enum err err;

	memset(&file, 0xa5, sizeof(file));
	tree_write("ca.pem", text);
	err = operator_file_read("ca.pem", false, 0, &file, f);
	assert_int_equal(tree_open_fds(), fds);
	return err;
}

static void check_content(const char *text)
{
	assert_int_equal(file.content.len, strlen(text));
	assert_memory_equal(file.content.data, text, strlen(text));
}

static void certificates_are_kept_and_all_else_is_left_out(void **state)
{
	static const struct {
		const char *text;
		const char *content;
		size_t blocks;
		bool has_key;
	} rows[] = {
		{CERT("YQ=="), CERT("YQ=="), 1, false},
		{CERT("YQ==") CERT("Yg=="), CERT("YQ==") CERT("Yg=="), 2,
		 false},
		{"subject=CN=a\n" CERT("YQ==") "\ntrailing\n", CERT("YQ=="), 1,
		 false},
		{"-----BEGIN CERTIFICATE-----\r\nYQ==\r\n"
		 "-----END CERTIFICATE-----\r\n",
		 CERT("YQ=="), 1, false},
		{"  -----BEGIN CERTIFICATE-----\n  \tYQ==\n"
		 "  -----END CERTIFICATE-----\n",
		 CERT("YQ=="), 1, false},
		{"-----BEGIN CERTIFICATE-----\nYQ==\n-----END CERTIFICATE-----",
		 CERT("YQ=="), 1, false},
		{KEY("PRIVATE KEY") CERT("YQ=="), CERT("YQ=="), 1, true},
		{CERT("YQ==") KEY("RSA PRIVATE KEY"), CERT("YQ=="), 1, true},
		{CERT("YQ==") KEY("ENCRYPTED PRIVATE KEY") CERT("Yg=="),
		 CERT("YQ==") CERT("Yg=="), 2, true},
		{KEY("EC PARAMETERS") KEY("EC PRIVATE KEY") CERT("YQ=="),
		 CERT("YQ=="), 1, true},
		{KEY("DH PARAMETERS") CERT("YQ=="), CERT("YQ=="), 1, false},
		{KEY("TRUSTED CERTIFICATE") CERT("YQ=="), CERT("YQ=="), 1,
		 false},
		{"0\x05"
		 "0\x03\x02\x01\x01",
		 "0\x05"
		 "0\x03\x02\x01\x01",
		 0, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct failure f = {0};

		check(read_text(rows[i].text, &f) == ERR_OK, "row %zu: %s", i,
		      f.detail);
		check_content(rows[i].content);
		assert_int_equal(file.block_count, rows[i].blocks);
		assert_int_equal(file.has_key, rows[i].has_key);
	}
}

static void what_holds_no_certificate_is_refused(void **state)
{
	static const struct {
		const char *text;
		const char *why;
	} rows[] = {
		{"", "empty"},
		{"\n", "no certificate"},
		{"YQ==\n", "no certificate"},
		{KEY("PRIVATE KEY"), "private key and no certificate"},
		/* Base64 may spell a label. */
		{"-----BEGIN PRIVATE KEY-----\nYCMS\n-----END PRIVATE "
		 "KEY-----\n",
		 "private key and no certificate"},
		{KEY("NEW CERTIFICATE REQUEST"), "a request"},
		{KEY("CMS"), "PKCS#7"},
		{KEY("X509 CRL"), "revoked certificates"},
		{KEY("TRUSTED CERTIFICATE"), "not labelled CERTIFICATE"},
		{"-----BEGIN CERTIFICATE-----\nYQ==\n", "no END"},
		{"-----BEGIN CERTIFICATE-----\nYQ==\n-----END ", "no END"},
		{"-----BEGIN CERTIFICATE-----\nYQ==\n"
		 "-----END PRIVATE KEY-----\n",
		 "no END"},
		{CERT("YQ==") "-----BEGIN PRIVATE KEY-----\n" SECRET, "no END"},
		{"-----BEGIN ", "no END"},
		/* A boundary once its return is left out. */
		{"-----BEGIN CERTIFICATE-----\n--\r---BEGIN PRIVATE KEY-----\n"
		 "-----END CERTIFICATE-----\n",
		 "no END"},
		/* PKCS #8 and PKCS #1 begin with their version. */
		{"0\x03\x02\x01\x01", "it is a private key, and a CA file"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct failure f = {0};

		check(read_text(rows[i].text, &f) == ERR_USAGE,
		      "row %zu is taken", i);
		assert_int_equal(f.code, ERR_USAGE);
		check_contains(f.detail, "--ca-file ca.pem: ");
		check_contains(f.detail, rows[i].why);
		assert_null(strstr(f.detail, SECRET));
	}
}

/* Neither in what goes on, nor in what a probe would inherit beside it. */
static void no_byte_of_a_key_stays(void **state)
{
	static const struct {
		const char *text;
		enum err err;
	} rows[] = {
		{KEY("PRIVATE KEY") CERT("YQ==") KEY("RSA PRIVATE KEY"),
		 ERR_OK},
		{KEY("PRIVATE KEY"), ERR_USAGE},
		{CERT("YQ==") "-----BEGIN PRIVATE KEY-----\n" SECRET,
		 ERR_USAGE},
		{"0\x0b\x02\x01\x01" SECRET, ERR_USAGE},
	};
	struct failure f;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		wiped_bytes = 0;
		assert_int_equal(read_text(rows[i].text, &f), rows[i].err);
		check(!memmem(&file, sizeof(file), SECRET, strlen(SECRET)),
		      "row %zu", i);
		assert_in_range(wiped_bytes, CRT_BYTES_MAX, 2 * CRT_BYTES_MAX);
	}
}

static void a_file_that_cannot_be_read_says_why(void **state)
{
	struct failure f;

	(void)state;
	assert_int_equal(operator_file_read("gone.pem", false, 0, &file, &f),
			 ERR_USAGE);
	check_contains(f.detail, "--ca-file gone.pem: No such file");
	assert_int_equal(operator_file_read(".", false, 0, &file, &f),
			 ERR_USAGE);
	check_contains(f.detail, "directory");
}

static void a_file_is_bounded_in_size(void **state)
{
	static char text[CRT_BYTES_MAX + 2];
	size_t blocks = 0;
	struct failure f;

	(void)state;
	memset(text, '\n', sizeof(text) - 1);
	assert_int_equal(read_text(text, &f), ERR_USAGE);
	check_contains(f.detail, "too large");
	check_contains(f.next, "512 KiB are the most");
	text[CRT_BYTES_MAX] = '\0';
	assert_int_equal(read_text(text, &f), ERR_USAGE);
	check_contains(f.detail, "it holds no certificate");
	/* The shortest blocks side by side, without line ends: the copy is
	 * longer than the file. */
	for (char *at = text; at + 53 < text + CRT_BYTES_MAX; at += 52) {
		memcpy(at,
		       "-----BEGIN CERTIFICATE----------END CERTIFICATE-----",
		       52);
		at[52] = '\0';
		blocks++;
	}
	assert_int_equal(read_text(text, &f), ERR_OK);
	assert_int_equal(file.block_count, blocks);
	assert_int_equal(file.content.len, 53 * blocks);
}

static void a_hyphen_is_standard_input(void **state)
{
	int keep = dup(STDIN_FILENO);
	struct failure f;
	int fd;

	(void)state;
	tree_write("input", CERT("YQ=="));
	fd = open("input", O_RDONLY);
	dup2(fd, STDIN_FILENO);
	close(fd);
	assert_int_equal(operator_file_read("-", false, 0, &file, &f), ERR_OK);
	check_content(CERT("YQ=="));
	/* At its end now. */
	assert_int_equal(operator_file_read("-", false, 0, &file, &f),
			 ERR_USAGE);
	check_contains(f.detail, "(standard input): it is empty");
	dup2(keep, STDIN_FILENO);
	close(keep);
}

#define tree_test(name)                                                        \
	cmocka_unit_test_setup_teardown(name, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(certificates_are_kept_and_all_else_is_left_out),
		tree_test(what_holds_no_certificate_is_refused),
		tree_test(no_byte_of_a_key_stays),
		tree_test(a_file_that_cannot_be_read_says_why),
		tree_test(a_file_is_bounded_in_size),
		tree_test(a_hyphen_is_standard_input),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
