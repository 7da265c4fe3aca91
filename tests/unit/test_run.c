/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A clock that cannot be right: nothing is asked and nothing is written.
 */
/* wrap: time */
#include "support/tree.h"

#include <string.h>
#include <time.h>

#include "installer/report/report.h"
#include "installer/run.h"

static time_t today;

time_t __wrap_time(time_t *out);
time_t __wrap_time(time_t *out)
{
	if (out)
		*out = today;
	return today;
}

static void no_probe(const struct job *job, int pipe_fd)
{
	(void)job;
	(void)pipe_fd;
	_exit(7);
}

/* The exit code of a round over one registry when it is NOW. */
static int run_at(time_t now)
{
	static char path[] = "certs.d";
	static struct registry registry = {.reference = "reg.clock.test",
					   .host = "reg.clock.test"};
	struct options options = {.registries = &registry,
				  .registry_count = 1,
				  .timeout_ms = 1000,
				  .certs_dirs = {path},
				  .certs_dir_count = 1};
	struct signals signals;
	struct failure f;
	int code = -1;

	assert_int_equal(signals_open(&signals, &f), ERR_OK);
	today = now;
	assert_int_equal(run_round(&options, no_probe, &signals,
				   &(struct teller){.options = &options},
				   &code) == ERR_CLOCK,
			 now < CLOCK_FIRST || now > CLOCK_LAST);
	return code;
}

static void a_clock_without_a_battery_stops_the_round(void **state)
{
	(void)state;
	assert_int_equal(run_at(0), REPORT_EXIT_UNREACHED);
	assert_int_equal(run_at(CLOCK_FIRST - 1), REPORT_EXIT_UNREACHED);
	assert_int_equal(run_at(CLOCK_LAST + 1LL), REPORT_EXIT_UNREACHED);
	assert_false(tree_has("certs.d"));
}

static void a_clock_that_may_be_right_does_not(void **state)
{
	(void)state;
	run_at(CLOCK_FIRST);
	assert_true(tree_has("certs.d"));
	run_at(CLOCK_LAST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_clock_without_a_battery_stops_the_round, tree_setup,
			tree_teardown),
		cmocka_unit_test_setup_teardown(
			a_clock_that_may_be_right_does_not, tree_setup,
			tree_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
