/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reports that come in another order than they were asked for.
 */
#include "support/tree.h"

#include <stdio.h>
#include <stdlib.h>

#include "installer/report/teller.h"

/* wrap: open_memstream */

static bool is_memory_short;

FILE *__real_open_memstream(char **text, size_t *len);
FILE *__wrap_open_memstream(char **text, size_t *len);

FILE *__wrap_open_memstream(char **text, size_t *len)
{
	return is_memory_short ? NULL : __real_open_memstream(text, len);
}

static struct options options;
static struct outcome outcome;
static struct teller teller;
static int keep;

/* What is printed goes to the file "out". */
static int setup(void **state)
{
	int out;

	if (tree_setup(state))
		return -1;
	options = (struct options){.json = true, .certs_dir_count = 1};
	teller = (struct teller){.options = &options};
	is_memory_short = false;
	fflush(stdout);
	keep = dup(1);
	out = open("out", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	dup2(out, 1);
	return close(out);
}

static void restore(void)
{
	fflush(stdout);
	dup2(keep, 1);
	close(keep);
}

static void tell(size_t order, const char *name)
{
	struct registry registry = {.port = 443};
	const struct report r = {.registry = &registry,
				 .options = &options,
				 .certs_dir = "certs.d",
				 .state = REPORT_SHOWN,
				 .outcome = &outcome};

	snprintf(registry.reference, sizeof(registry.reference), "%s", name);
	teller_tell(&teller, order, &r);
}

/* The registries of what is printed so far. */
static const char *said(void)
{
	static const char key[] = "\"registry\":\"";
	static char text[256];
	const char *at = tree_read("out");

	text[0] = '\0';
	while ((at = strstr(at, key))) {
		at += strlen(key);
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 "%.*s ", (int)strcspn(at, "\""), at);
	}
	return text;
}

static void each_waits_for_those_before_it(void **state)
{
	char seen[4][64];

	(void)state;
	tell(2, "c");
	tell(1, "b");
	snprintf(seen[0], sizeof(seen[0]), "%s", said());
	teller_release(&teller, 1);
	snprintf(seen[1], sizeof(seen[1]), "%s", said());
	tell(0, "a");
	teller_release(&teller, 2);
	snprintf(seen[2], sizeof(seen[2]), "%s", said());
	tell(3, "d");
	teller_end(&teller, false);
	snprintf(seen[3], sizeof(seen[3]), "%s", said());
	restore();
	assert_string_equal(seen[0], "");
	assert_string_equal(seen[1], "");
	assert_string_equal(seen[2], "a b ");
	assert_string_equal(seen[3], "a b c d ");
	assert_null(teller.held);
	assert_int_equal(teller.held_bytes, 0);
}

static void without_memory_it_is_said_at_once(void **state)
{
	char seen[64];

	(void)state;
	tell(2, "c");
	is_memory_short = true;
	tell(1, "b");
	snprintf(seen, sizeof(seen), "%s", said());
	teller_end(&teller, false);
	restore();
	assert_string_equal(seen, "c b ");
}

static void no_more_is_held_than_there_is_room_for(void **state)
{
	size_t count = 0;
	bool any = false;

	(void)state;
	for (; !any && count < HELD_BYTES_MAX / 100; count++) {
		tell(count, "r");
		any = tree_read("out")[0];
	}
	teller_end(&teller, false);
	restore();
	assert_true(any);
	assert_true(count > 16);
	assert_int_equal(teller.held_bytes, 0);
}

/* With --prune the others are known only when it has begun. */
static void who_is_stopped_says_so_with_a_list_to_prune(void **state)
{
	static const char stopped[] = "; stopped by a signal";
	bool said_so[3];

	(void)state;
	options.json = false;
	teller.registry_count = 2;
	for (int i = 0; i < 3; i++) {
		options.prune = i == 2;
		teller.tally = (struct tally){.total = 2};
		teller.said = 1;
		assert_int_equal(ftruncate(1, 0) | lseek(1, 0, SEEK_SET), 0);
		teller_end(&teller, i > 0);
		said_so[i] = strstr(tree_read("out"), stopped);
	}
	restore();
	assert_true(!said_so[0] && !said_so[1] && said_so[2]);
}

#define tree_test(name)                                                        \
	cmocka_unit_test_setup_teardown(name, setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(each_waits_for_those_before_it),
		tree_test(without_memory_it_is_said_at_once),
		tree_test(no_more_is_held_than_there_is_room_for),
		tree_test(who_is_stopped_says_so_with_a_list_to_prune),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
