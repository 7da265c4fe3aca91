/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The socket under TLS: no peer makes it read more or wait longer than it
 * was told to.
 */
/* wrap: poll */
#include "support/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/clock.h"
#include "probe/tls/stream.h"

static int poll_errno; /* poll(2) fails with it */

int __real_poll(struct pollfd *fds, nfds_t count, int wait_ms);
int __wrap_poll(struct pollfd *fds, nfds_t count, int wait_ms);

int __wrap_poll(struct pollfd *fds, nfds_t count, int wait_ms)
{
	if (!poll_errno)
		return __real_poll(fds, count, wait_ms);
	errno = poll_errno;
	return -1;
}

struct ends {
	struct stream s;
	int ours;
	int peer;
};

static void open_ends(struct ends *e, int64_t timeout_ms, size_t bytes_max)
{
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	e->ours = pair[0];
	e->peer = pair[1];
	assert_int_equal(fcntl(e->ours, F_SETFL, O_NONBLOCK), 0);
	stream_begin(&e->s, e->ours, clock_ms() + timeout_ms, bytes_max);
}

static void close_ends(struct ends *e)
{
	close(e->ours);
	if (e->peer >= 0)
		close(e->peer);
}

static void say(struct ends *e, const char *text)
{
	assert_int_equal(write(e->peer, text, strlen(text)), strlen(text));
}

static int receive(struct ends *e, size_t len)
{
	unsigned char data[64];

	assert_in_range(len, 0, sizeof(data));
	return stream_receive(&e->s, data, len);
}

static void bytes_arrive_and_the_first_are_kept(void **state)
{
	unsigned char data[64];
	struct ends e;

	(void)state;
	open_ends(&e, 1000, 100);
	say(&e, "HTTP/1.1 400 Bad Request");
	assert_int_equal(stream_receive(&e.s, data, 6), 6);
	assert_memory_equal(data, "HTTP/1", 6);
	assert_int_equal(e.s.head_len, 6);
	assert_int_equal(stream_receive(&e.s, data, sizeof(data)), 18);
	assert_memory_equal(data, ".1 400 Bad Request", 18);
	assert_int_equal(e.s.head_len, STREAM_HEAD_BYTES);
	assert_memory_equal(e.s.head, "HTTP/1.1 400 Bad", STREAM_HEAD_BYTES);
	assert_int_equal(e.s.bytes_left, 100 - 24);
	close_ends(&e);
}

static void no_more_is_read_than_allowed(void **state)
{
	struct ends e;

	(void)state;
	open_ends(&e, 1000, 10);
	say(&e, "0123456789abcdef");
	assert_int_equal(receive(&e, 8), 8);
	assert_int_equal(receive(&e, 8), 2);
	assert_false(e.s.exhausted);
	assert_int_equal(receive(&e, 8), -1);
	assert_true(e.s.exhausted);
	assert_false(e.s.timed_out);
	close_ends(&e);
}

static void the_deadline_ends_silence(void **state)
{
	struct ends e;
	int64_t start_ms = clock_ms();

	(void)state;
	open_ends(&e, 100, 100);
	assert_int_equal(receive(&e, 8), -1);
	assert_true(e.s.timed_out);
	assert_in_range(clock_ms() - start_ms, 100, 5000);
	close_ends(&e);
}

static void the_deadline_ends_a_talk_that_goes_on(void **state)
{
	struct ends e;
	int rounds = 0;
	int ret;

	(void)state;
	open_ends(&e, 300, SIZE_MAX);
	do {
		say(&e, "x");
		usleep(1000);
		ret = receive(&e, 8);
	} while (ret == 1 && ++rounds < 5000);
	assert_int_equal(ret, -1);
	assert_true(e.s.timed_out);
	/* A busy machine has fewer. */
	assert_in_range(rounds, 1, 300);
	close_ends(&e);
}

static void an_end_is_told_from_silence(void **state)
{
	struct ends e;

	(void)state;
	open_ends(&e, 1000, 100);
	say(&e, "x");
	close(e.peer);
	e.peer = -1;
	assert_int_equal(receive(&e, 8), 1);
	assert_false(e.s.ended);
	assert_int_equal(receive(&e, 8), 0);
	assert_true(e.s.ended);
	assert_int_equal(e.s.cause, 0);
	close_ends(&e);
}

static void a_broken_connection_is_named_and_no_signal(void **state)
{
	const unsigned char data[] = "x";
	struct ends e;

	(void)state;
	open_ends(&e, 1000, 100);
	close(e.peer);
	e.peer = -1;
	assert_int_equal(stream_send(&e.s, data, 1), -1);
	assert_int_equal(e.s.cause, EPIPE);
	close(e.ours);
	assert_int_equal(receive(&e, 8), -1);
	assert_int_equal(e.s.cause, EBADF);
}

static void a_peer_that_does_not_read_is_not_waited_for(void **state)
{
	static const unsigned char data[65536];
	struct ends e;
	int64_t start_ms = clock_ms();
	int ret;

	(void)state;
	open_ends(&e, 100, 100);
	do {
		ret = stream_send(&e.s, data, sizeof(data));
	} while (ret > 0);
	assert_int_equal(ret, -1);
	assert_true(e.s.timed_out);
	assert_in_range(clock_ms() - start_ms, 100, 5000);
	close_ends(&e);
}

static void a_wait_that_fails_is_no_end(void **state)
{
	struct ends e;

	(void)state;
	open_ends(&e, 1000, 100);
	poll_errno = EINVAL;
	assert_int_equal(receive(&e, 8), -1);
	poll_errno = 0;
	assert_false(e.s.timed_out);
	assert_int_equal(e.s.cause, EINVAL);
	close_ends(&e);
}

static void do_nothing(int number)
{
	(void)number;
}

static void signals_are_gone_through(void **state)
{
	const struct sigaction handler = {.sa_handler = do_nothing};
	int64_t start_ms = clock_ms();
	struct ends e;

	(void)state;
	sigaction(SIGALRM, &handler, NULL);
	ualarm(10000, 10000);
	open_ends(&e, 100, 100);
	assert_int_equal(receive(&e, 8), -1);
	ualarm(0, 0);
	assert_in_range(clock_ms() - start_ms, 100, 5000);
	close_ends(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_arrive_and_the_first_are_kept),
		cmocka_unit_test(no_more_is_read_than_allowed),
		cmocka_unit_test(the_deadline_ends_silence),
		cmocka_unit_test(the_deadline_ends_a_talk_that_goes_on),
		cmocka_unit_test(an_end_is_told_from_silence),
		cmocka_unit_test(a_broken_connection_is_named_and_no_signal),
		cmocka_unit_test(a_peer_that_does_not_read_is_not_waited_for),
		cmocka_unit_test(a_wait_that_fails_is_no_end),
		cmocka_unit_test(signals_are_gone_through),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
