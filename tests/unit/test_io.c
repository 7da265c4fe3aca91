/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole write, whatever write(2) makes of it.
 */
/* wrap: write */
#include "support/unit.h"

#include <errno.h>
#include <unistd.h>

#include "common/io.h"

#define TEXT "0123456789"

/* What the next calls of write return: a count, or a negative errno. */
static struct {
	const int *answers;
	size_t calls;
	char written[16];
	size_t len;
} kernel;

ssize_t __wrap_write(int fd, const void *data, size_t len);

ssize_t __wrap_write(int fd, const void *data, size_t len)
{
	int answer = kernel.answers[kernel.calls++];

	assert_int_equal(fd, 42);
	if (answer < 0) {
		errno = -answer;
		return -1;
	}
	assert_in_range(answer, 1, len);
	memcpy(kernel.written + kernel.len, data, (size_t)answer);
	kernel.len += (size_t)answer;
	return answer;
}

static bool write_text(const int *answers, size_t len)
{
	memset(&kernel, 0, sizeof(kernel));
	kernel.answers = answers;
	return io_write_full(42, TEXT, len);
}

static void short_writes_and_interrupts_are_gone_through(void **state)
{
	static const int tables[][6] = {
		{10}, {1, 9}, {-EINTR, 10}, {3, -EINTR, -EINTR, 3, 4}};
	static const size_t calls[] = {1, 2, 2, 5};

	(void)state;
	for (size_t i = 0; i < COUNT(tables); i++) {
		assert_true(write_text(tables[i], 10));
		assert_int_equal(kernel.calls, calls[i]);
		assert_int_equal(kernel.len, 10);
		assert_memory_equal(kernel.written, TEXT, 10);
	}
}

static void another_error_ends_it_and_is_kept(void **state)
{
	static const int tables[][3] = {{-ENOSPC}, {4, -EPIPE}, {4, -EAGAIN}};
	static const int causes[] = {ENOSPC, EPIPE, EAGAIN};

	(void)state;
	for (size_t i = 0; i < COUNT(tables); i++) {
		assert_false(write_text(tables[i], 10));
		assert_int_equal(errno, causes[i]);
		assert_int_equal(kernel.calls, i == 0 ? 1 : 2);
	}
}

static void nothing_is_written_without_a_call(void **state)
{
	(void)state;
	assert_true(write_text(NULL, 0));
	assert_int_equal(kernel.calls, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(short_writes_and_interrupts_are_gone_through),
		cmocka_unit_test(another_error_ends_it_and_is_kept),
		cmocka_unit_test(nothing_is_written_without_a_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
