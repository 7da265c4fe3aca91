/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deadlines as poll(2) wants them.
 */
#include "support/unit.h"

#include "common/clock.h"

static void a_deadline_that_passed_waits_for_nothing(void **state)
{
	(void)state;
	assert_int_equal(clock_wait_ms(clock_ms()), 0);
	assert_int_equal(clock_wait_ms(clock_ms() - 1), 0);
	assert_int_equal(clock_wait_ms(INT64_MIN / 2), 0);
}

static void a_wait_fits_in_an_int_and_never_becomes_endless(void **state)
{
	(void)state;
	assert_int_equal(clock_wait_ms(INT64_MAX), INT_MAX);
	assert_int_equal(clock_wait_ms(clock_ms() + INT_MAX + 1000LL), INT_MAX);
	assert_in_range(clock_wait_ms(clock_ms() + 5000), 4000, 5000);
}

static void time_goes_on_in_milliseconds(void **state)
{
	const struct timespec pause = {0, 30 * 1000000L};
	int64_t start_ms = clock_ms();

	(void)state;
	nanosleep(&pause, NULL);
	assert_in_range(clock_ms() - start_ms, 29, 20000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_deadline_that_passed_waits_for_nothing),
		cmocka_unit_test(
			a_wait_fits_in_an_int_and_never_becomes_endless),
		cmocka_unit_test(time_goes_on_in_milliseconds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
