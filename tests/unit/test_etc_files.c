/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lines of resolv.conf and hosts, as musl reads them.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "probe/connect/etc_files.h"
#include "support/unit.h"

/* All nameservers of TEXT, or all addresses of NAME, with ";" after each. */
static void collect(const char *text, const char *name, char out[static 256])
{
	struct bytes rest = bytes_of(text);
	char one[ADDRESS_CHARS_MAX];

	*out = '\0';
	while (name ? etc_files_host(&rest, name, one)
		    : etc_files_nameserver(&rest, one))
		strcat(strcat(out, one), ";");
}

static void assert_servers(const char *text, const char *want)
{
	char got[256];

	collect(text, NULL, got);
	assert_string_equal(got, want);
}

static void nameservers_are_found(void **state)
{
	(void)state;
	assert_servers("", "");
	assert_servers("nameserver 198.51.100.2", "198.51.100.2;");
	assert_servers("search a b\nnameserver 198.51.100.2\r\n"
		       "options ndots:0\nnameserver\t2001:db8::1 # x\n",
		       "198.51.100.2;2001:db8::1;");
	assert_servers("nameserver fe80::1%eth0\n", "fe80::1%eth0;");
	assert_servers("nameserver 127.0.0.53\n", "127.0.0.53;");
}

/* What libc would not take for a server must not count as one here. */
static void what_libc_skips_is_skipped(void **state)
{
	char line[600];

	(void)state;
	assert_servers(" nameserver 198.51.100.2\n", "");
	assert_servers("#nameserver 198.51.100.2\n", "");
	assert_servers("Nameserver 198.51.100.2\n", "");
	assert_servers("nameservers 198.51.100.2\n", "");
	assert_servers("nameserver\n", "");
	assert_servers("nameserver", "");
	assert_servers("nameserver \n198.51.100.2\n", "");
	for (int pad = 241; pad <= 242; pad++) {
		snprintf(line, sizeof(line), "nameserver%*s\n", pad + 3, "::1");
		assert_servers(line, pad == 241 ? "::1;" : "");
	}
}

static void assert_host(const char *name, const char *want)
{
	static const char hosts[] = "127.0.0.1\tlocalhost\n"
				    "198.51.100.1 reg.example reg # other\n"
				    "2001:db8::1 \t REG.Example\n"
				    "#198.51.100.9 reg.example\n"
				    "198.51.100.3 xreg.example reg.examplex\n"
				    "reg.example\n"
				    "\n \n"
				    "198.51.100.4 last";
	char got[256];

	collect(hosts, name, got);
	assert_string_equal(got, want);
}

static void hosts_are_found_by_whole_names(void **state)
{
	(void)state;
	assert_host("reg.example", "198.51.100.1;2001:db8::1;");
	assert_host("reg", "198.51.100.1;");
	assert_host("last", "198.51.100.4;");
	assert_host("other", "");
	assert_host("example", "");
	assert_host("198.51.100.1", "");
}

/* The dots that TEXT asks for, and its domains with ";" after each. */
static void assert_search(const char *text, unsigned dots, const char *want)
{
	char one[HOST_CHARS_MAX + 1], got[600] = "";
	struct etc_search search;

	etc_files_search(bytes_of(text), &search);
	while (etc_files_domain(&search.domains, one))
		strcat(strcat(got, one), ";");
	assert_string_equal(got, want);
	assert_int_equal(search.dots, dots);
}

static void domains_are_found_as_go_finds_them(void **state)
{
	char line[600];

	(void)state;
	assert_search("", 1, "");
	assert_search("nameserver 198.51.100.2\n", 1, "");
	assert_search("search a.test b.test.\t. c\r\n", 1, "a.test;b.test;c;");
	assert_search("search a\ndomain b c\n", 1, "b;");
	assert_search("domain b\nsearch a c", 1, "a;c;");
	assert_search("search a\ndomain\n", 1, "a;");
	assert_search("search a\nsearch\n", 1, "");
	assert_search("#search a\n;domain b\nsearches c\n", 1, "");
	assert_search("  search a\n", 1, "a;");
	assert_search("options ndots:5 timeout:1\n", 5, "");
	assert_search("options edns0 ndots:0\nsearch a\n", 0, "a;");
	assert_search("options ndots:2\noptions ndots:99\n", 15, "");
	assert_search("options ndots:x\n", 0, "");
	assert_search("options ndots:4294967297\n", 15, "");
	snprintf(line, sizeof(line), "search %0*d %0*d z", HOST_CHARS_MAX, 7,
		 HOST_CHARS_MAX + 1, 8);
	{
		char want[600];

		snprintf(want, sizeof(want), "%0*d;z;", HOST_CHARS_MAX, 7);
		assert_search(line, 1, want);
	}
}

static void a_word_too_long_for_an_address_is_none(void **state)
{
	char line[128] = "nameserver ";

	(void)state;
	memset(line + 11, '1', ADDRESS_CHARS_MAX - 1);
	line[11 + ADDRESS_CHARS_MAX - 1] = '\0';
	{
		struct bytes rest = bytes_of(line);
		char text[ADDRESS_CHARS_MAX];

		assert_true(etc_files_nameserver(&rest, text));
		strcat(line, "1");
		rest = bytes_of(line);
		assert_false(etc_files_nameserver(&rest, text));
	}
}

static int read_fd(int fd, uint8_t *buffer, struct bytes *got)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return etc_files_read(path, buffer, got);
}

static void a_file_is_read_up_to_the_limit(void **state)
{
	int fd = memfd_create("resolv.conf", MFD_CLOEXEC);
	uint8_t *buffer = malloc(NETFILE_BYTES_MAX);
	struct bytes got;

	(void)state;
	assert_non_null(buffer);
	assert_int_equal(write(fd, "abc", 3), 3);
	assert_int_equal(read_fd(fd, buffer, &got), 0);
	assert_true(bytes_equal(got, bytes_of("abc")));
	/* A word that reaches beyond it is none. */
	assert_int_equal(pwrite(fd, " 10.0.0.12", 10, NETFILE_BYTES_MAX - 1),
			 10);
	assert_int_equal(read_fd(fd, buffer, &got), 0);
	assert_int_equal(got.len, NETFILE_BYTES_MAX);
	assert_int_equal(pwrite(fd, " 10.0.0.12", 10, NETFILE_BYTES_MAX - 9),
			 10);
	assert_int_equal(read_fd(fd, buffer, &got), 0);
	assert_int_equal(got.len, NETFILE_BYTES_MAX - 8);
	close(fd);
	free(buffer);
}

static void what_is_no_file_is_an_error_or_empty(void **state)
{
	uint8_t *buffer = malloc(NETFILE_BYTES_MAX);
	struct bytes got;
	int ends[2];

	(void)state;
	assert_non_null(buffer);
	assert_int_equal(etc_files_read("/proc/self/none", buffer, &got),
			 ENOENT);
	assert_int_equal(got.len, 0);
	assert_int_equal(etc_files_read("/", buffer, &got), EISDIR);
	assert_int_equal(got.len, 0);
	/* Nobody writes into it: a reader that waits would hang here. */
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(read_fd(ends[0], buffer, &got), EAGAIN);
	assert_int_equal(got.len, 0);
	close(ends[0]);
	close(ends[1]);
	free(buffer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nameservers_are_found),
		cmocka_unit_test(what_libc_skips_is_skipped),
		cmocka_unit_test(hosts_are_found_by_whole_names),
		cmocka_unit_test(domains_are_found_as_go_finds_them),
		cmocka_unit_test(a_word_too_long_for_an_address_is_none),
		cmocka_unit_test(a_file_is_read_up_to_the_limit),
		cmocka_unit_test(what_is_no_file_is_an_error_or_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
