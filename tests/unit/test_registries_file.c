/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fleet's list: what each line is read as, and what is said of one that is
 * none.
 */
/* wrap: realloc */
#include "support/tree.h"

#include <stdio.h>
#include <stdlib.h>

#include "installer/inputs/registries_file.h"

#define HEX_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HEX_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define PIN_A "sha256:" HEX_A
#define PIN_B "sha256:" HEX_B

static bool is_memory_short;

void *__wrap_realloc(void *old, size_t size);
void *__real_realloc(void *old, size_t size);

void *__wrap_realloc(void *old, size_t size)
{
	return is_memory_short ? NULL : __real_realloc(old, size);
}

static char path[] = "list";
static struct options options;

static int set_up(void **state)
{
	options = (struct options){.registries_file = path};
	options.registries =
		calloc(REGISTRIES_MAX, sizeof(*options.registries));
	return options.registries ? tree_setup(state) : -1;
}

static int tear_down(void **state)
{
	free(options.registries);
	free(options.pins);
	return tree_teardown(state);
}

static enum err read_text(const char *text, struct failure *f)
{
	size_t fds = tree_open_fds();
	enum err err;

	tree_write(path, text);
	err = registries_file_read(&options, 0, f);
	assert_int_equal(tree_open_fds(), fds);
	return err;
}

/* "reg other pin=reg:aa": what OPTIONS hold now. */
static const char *words(void)
{
	static char text[1024];
	size_t len = 0;

	text[0] = '\0';
	for (size_t i = 0; i < options.registry_count; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s ",
					options.registries[i].reference);
	for (size_t i = 0; i < options.pin_count; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
					"%s=%02x ", options.pins[i].reference,
					options.pins[i].fingerprint.sha256[0]);
	return text;
}

static void lines_are_registries_with_their_pins(void **state)
{
	static const char *const rows[][2] = {
		{"reg", "reg "},
		{"reg\n", "reg "},
		{"reg\r\nother:5000\r\n", "reg other:5000 "},
		{"\xef\xbb\xbfreg\n", "reg "},
		{"# all of them\n\n  reg  # the one\n\t\nother#1\n"
		 "# end",
		 NULL},
		{"# all of them\n\n  reg  # the one\n\t\nother\n# end",
		 "reg other "},
		{"reg " PIN_A, "reg reg=aa "},
		{"reg " PIN_A " " PIN_B " # both\n", "reg reg=aa reg=bb "},
		{"reg " PIN_A "," PIN_B "\n", "reg reg=aa reg=bb "},
		{"reg " PIN_A "\nother\nreg " PIN_B "\n",
		 "reg other reg=aa reg=bb "},
		{"reg sha256 Fingerprint=" HEX_A "\n", "reg reg=aa "},
		{"- reg " PIN_A "\n- \"other\"\n", "reg other reg=aa "},
		{"https://reg:5000/v2/ " HEX_A "\n", "reg:5000 reg:5000=aa "},
		{"[2001:db8::1]:5000\n", "[2001:db8::1]:5000 "},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct failure f = {0};
		enum err err = read_text(rows[i][0], &f);

		check(err == (rows[i][1] ? ERR_OK : ERR_USAGE), "row %zu: %s",
		      i, f.detail);
		if (rows[i][1])
			assert_string_equal(words(), rows[i][1]);
	}
}

static void a_bad_line_is_named_and_nothing_is_left(void **state)
{
	static const struct {
		const char *text;
		const char *parts[2];
	} rows[] = {
		{"reg\nre_g\nother\n", {"--registries list: line 2: \"re_g\""}},
		{"a_\nb\nc_\nd_\n", {"line 1: \"a_\"", "(and 2 more)"}},
		{"reg\r\n\r\nreg/app:1\r\n", {"line 3: \"reg/app:1\" is an"}},
		{"reg other\n", {"line 1: \"other\" is not a pin"}},
		{"reg sha256:abc\n", {"line 1: \"sha256:abc\" is not a pin"}},
		{"reg " PIN_A " x\n", {"line 1: \"x\" is not a pin"}},
		{"user:secret@reg\n", {"line 1: \"***@reg\""}},
		{"", {"--registries list: it is empty"}},
		{"# nothing\n\n", {"names no registry"}},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct failure f = {0};

		check(read_text(rows[i].text, &f) == ERR_USAGE, "row %zu", i);
		check_contains(f.detail, rows[i].parts[0]);
		if (rows[i].parts[1])
			check_contains(f.detail, rows[i].parts[1]);
		assert_string_not_equal(f.next, "");
		assert_int_equal(options.registry_count, 0);
	}
}

static void without_memory_no_line_is_at_fault(void **state)
{
	struct failure f = {0};

	(void)state;
	is_memory_short = true;
	assert_int_equal(read_text("reg " PIN_A "\n", &f), ERR_MEMORY);
	is_memory_short = false;
	assert_string_equal(f.detail, "out of memory");
	assert_string_equal(f.next, "");
	assert_int_equal(options.registry_count, 0);
}

static void what_options_named_stays_when_the_file_is_read_again(void **state)
{
	static struct pin named = {.reference = "own"};
	struct failure f = {0};

	(void)state;
	options.pins = calloc(16, sizeof(named));
	options.pin_room = 16;
	options.pins[0] = named;
	options.pin_count = options.named_pin_count = 1;
	assert_int_equal(read_text("reg " PIN_A "\n", &f), ERR_OK);
	assert_string_equal(words(), "reg own=00 reg=aa ");
	assert_int_equal(read_text("other " PIN_B "\n", &f), ERR_OK);
	assert_string_equal(words(), "other own=00 other=bb ");
}

static void a_list_is_bounded(void **state)
{
	static char text[REGISTRIES_FILE_BYTES_MAX + 2];
	struct failure f = {0};

	(void)state;
	for (size_t i = 0; i < REGISTRIES_MAX + 1; i++)
		sprintf(text + 8 * i, "r%06zu\n", i);
	assert_int_equal(read_text(text, &f), ERR_USAGE);
	check_contains(f.detail, "line 4097: more than 4096 registries");
	text[8 * REGISTRIES_MAX] = '\0';
	assert_int_equal(read_text(text, &f), ERR_OK);
	assert_int_equal(options.registry_count, REGISTRIES_MAX);
	memset(text, '\n', sizeof(text) - 1);
	assert_int_equal(read_text(text, &f), ERR_USAGE);
	check_contains(f.detail, "too large");
	check_contains(f.next, "2048 KiB are the most");
	text[REGISTRIES_FILE_BYTES_MAX] = '\0';
	assert_int_equal(read_text(text, &f), ERR_USAGE);
	check_contains(f.detail, "it names no registry");
}

#define list_test(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		list_test(lines_are_registries_with_their_pins),
		list_test(a_bad_line_is_named_and_nothing_is_left),
		list_test(without_memory_no_line_is_at_fault),
		list_test(what_options_named_stays_when_the_file_is_read_again),
		list_test(a_list_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
