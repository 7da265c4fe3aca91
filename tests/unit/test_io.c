/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole write, whatever write(2) makes of it; a whole read as well.
 */
/* wrap: write */
/* wrap: read */
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

ssize_t __wrap_read(int fd, void *data, size_t len);

/* Gives of TEXT as much as the next answer says. */
ssize_t __wrap_read(int fd, void *data, size_t len)
{
	int answer = kernel.answers[kernel.calls++];

	assert_int_equal(fd, 42);
	if (answer < 0) {
		errno = -answer;
		return -1;
	}
	assert_in_range(answer, 0, len);
	memcpy(data, TEXT + kernel.len, (size_t)answer);
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

static bool read_text(const int *answers, size_t size, char *out, size_t *len)
{
	memset(&kernel, 0, sizeof(kernel));
	kernel.answers = answers;
	return io_read_all(42, out, size, len);
}

static void a_file_is_read_to_its_end(void **state)
{
	static const int tables[][6] = {
		{10, 0}, {1, 9, 0}, {-EINTR, 10, 0}, {3, -EINTR, 3, 4, -EINTR}};
	char out[11];
	size_t len;

	(void)state;
	for (size_t i = 0; i < COUNT(tables); i++) {
		assert_true(read_text(tables[i], sizeof(out), out, &len));
		assert_int_equal(len, 10);
		assert_memory_equal(out, TEXT, 10);
	}
	assert_true(read_text((const int[]){0}, sizeof(out), out, &len));
	assert_int_equal(len, 0);
}

/* Whether there is more is not asked once the room is full. */
static void what_fills_the_room_is_too_large(void **state)
{
	char out[10];
	size_t len;

	(void)state;
	assert_false(read_text((const int[]){4, 6}, sizeof(out), out, &len));
	assert_int_equal(errno, EFBIG);
	assert_int_equal(len, 10);
	assert_int_equal(kernel.calls, 2);
	assert_memory_equal(out, TEXT, 10);
}

static void a_read_that_fails_keeps_its_cause_and_what_came(void **state)
{
	char out[11];
	size_t len;

	(void)state;
	assert_false(read_text((const int[]){4, -EIO}, sizeof(out), out, &len));
	assert_int_equal(errno, EIO);
	assert_int_equal(len, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(short_writes_and_interrupts_are_gone_through),
		cmocka_unit_test(another_error_ends_it_and_is_kept),
		cmocka_unit_test(nothing_is_written_without_a_call),
		cmocka_unit_test(a_file_is_read_to_its_end),
		cmocka_unit_test(what_fills_the_room_is_too_large),
		cmocka_unit_test(
			a_read_that_fails_keeps_its_cause_and_what_came),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
