/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signals that end a wait, sent to the test program itself.
 */
#include "support/unit.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/clock.h"
#include "installer/signals.h"

static struct signals signals; /* opened once: the process keeps them */

static void a_wait_ends_when_it_should(void **state)
{
	int64_t start_ms = clock_ms();

	(void)state;
	assert_int_equal(signals_wait(&signals, 0), SIGNALS_TIMEOUT);
	assert_int_equal(signals_wait(&signals, 50), SIGNALS_TIMEOUT);
	assert_in_range(clock_ms() - start_ms, 50, 5000);
	assert_int_equal(signals_stop_status(&signals), 0);
}

static void a_hangup_ends_one_wait(void **state)
{
	int64_t start_ms = clock_ms();

	(void)state;
	kill(getpid(), SIGHUP);
	kill(getpid(), SIGHUP);
	assert_int_equal(signals_wait(&signals, 60000), SIGNALS_REPEAT);
	assert_in_range(clock_ms() - start_ms, 0, 5000);
	assert_int_equal(signals_wait(&signals, 20), SIGNALS_TIMEOUT);
	assert_int_equal(signals_stop_status(&signals), 0);
}

static void a_stop_stays_until_its_status_is_taken(void **state)
{
	static const int numbers[] = {SIGTERM, SIGINT};

	(void)state;
	for (size_t i = 0; i < COUNT(numbers); i++) {
		kill(getpid(), SIGHUP);
		kill(getpid(), numbers[i]);
		assert_int_equal(signals_wait(&signals, 60000), SIGNALS_STOP);
		assert_int_equal(signals_wait(&signals, 60000), SIGNALS_STOP);
		assert_int_equal(signals_stop_status(&signals),
				 128 + numbers[i]);
		assert_int_equal(signals_stop_status(&signals), 0);
		assert_int_equal(signals_wait(&signals, 20), SIGNALS_REPEAT);
	}
}

static void do_nothing(int number)
{
	(void)number;
}

static void other_signals_do_not_end_a_wait(void **state)
{
	const struct sigaction handler = {.sa_handler = do_nothing};
	int64_t start_ms = clock_ms();

	(void)state;
	sigaction(SIGALRM, &handler, NULL);
	ualarm(5000, 5000);
	assert_int_equal(signals_wait(&signals, 100), SIGNALS_TIMEOUT);
	ualarm(0, 0);
	assert_in_range(clock_ms() - start_ms, 100, 5000);
}

/* prlimit(1) can lower it while a run stays. */
static void no_descriptor_may_be_open_any_more(void **state)
{
	int64_t start_ms = clock_ms();
	clock_t start = clock();
	struct rlimit before, none;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = (struct rlimit){0, before.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_int_equal(signals_wait(&signals, 1000), SIGNALS_TIMEOUT);
	assert_in_range(clock_ms() - start_ms, 1000, 10000);
	assert_in_range(clock() - start, 0, CLOCKS_PER_SEC / 5);
	kill(getpid(), SIGHUP);
	assert_int_equal(signals_wait(&signals, 60000), SIGNALS_REPEAT);
	kill(getpid(), SIGTERM);
	assert_int_equal(signals_wait(&signals, 60000), SIGNALS_STOP);
	assert_int_equal(signals_stop_status(&signals), 128 + SIGTERM);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
}

/* Where SIGCHLD was ignored by whoever started us. */
static void a_child_that_ended_is_kept_for_its_status(void **state)
{
	int status = 0;
	pid_t pid = fork();

	(void)state;
	if (pid == 0)
		_exit(7);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wait_ends_when_it_should),
		cmocka_unit_test(a_hangup_ends_one_wait),
		cmocka_unit_test(a_stop_stays_until_its_status_is_taken),
		cmocka_unit_test(other_signals_do_not_end_a_wait),
		cmocka_unit_test(no_descriptor_may_be_open_any_more),
		cmocka_unit_test(a_child_that_ended_is_kept_for_its_status),
	};
	struct failure f;

	signal(SIGCHLD, SIG_IGN);
	if (signals_open(&signals, &f) != ERR_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
