/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A handshake with servers that break it off, lie or never stop. What a whole
 * handshake gives is tested with real servers, see tests/integration.
 */
#include "support/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/io.h"
#include "probe/tls/capture.h"
#include "support/tls_flight.h"

/* The deadline where it is what ends the handshake, and where it is not. */
#define SOON_MS 200
#define LATE_MS 5000

static const struct registry name = {"reg.example", "reg.example", 443,
				     REGISTRY_NAME};
static const struct registry ipv4 = {"198.51.100.7", "198.51.100.7", 443,
				     REGISTRY_IPV4};

/* Too large for a stack. */
static struct capture got;
static struct flight flight;
static uint8_t der[CHAIN_BYTES_MAX + 1];

enum after { CLOSE, STAY, HANG, REPEAT };

/* What the client said first, as the peer saw it. */
struct hello {
	ssize_t len;
	char data[4096];
};

static struct hello *hello; /* memory that both processes see */

/* Where in FLIGHT the client's session ID is to stand; 0: nowhere. */
static size_t session_at;

/* Of a ClientHello, behind its record's header, version and random octets. */
#define SESSION_AT 44

/* The peer, in a process of its own: it reads what the client says, writes the
 * first LEN bytes of FLIGHT, and then closes, stays (or hangs: it is not
 * expected to go on), or writes them again until nobody reads. */
static pid_t serve(int fd, size_t len, enum after after)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	signal(SIGPIPE, SIG_IGN);
	hello->len = read(fd, hello->data, sizeof(hello->data));
	if (session_at)
		memcpy(flight.data + session_at, hello->data + SESSION_AT, 32);
	do {
		if (!io_write_full(fd, flight.data, len))
			_exit(0);
	} while (after == REPEAT);
	if (after != CLOSE)
		usleep(LATE_MS * 1000);
	_exit(0);
}

static enum err capture(const struct registry *registry, size_t len,
			enum after after, struct failure *f)
{
	bool late = after == CLOSE || after == STAY;
	int64_t start_ms = clock_ms();
	int64_t deadline_ms = start_ms + (late ? LATE_MS : SOON_MS);
	const struct capture_query query = {.registry = registry};
	int pair[2];
	enum err err;
	pid_t pid;

	memset(&got, 0xa5, offsetof(struct capture, presented.storage));
	memset(f, 0, sizeof(*f));
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_int_equal(fcntl(pair[0], F_SETFL, O_NONBLOCK), 0);
	pid = serve(pair[1], len, after);
	close(pair[1]);
	err = capture_chain(pair[0], &query, deadline_ms, &got, f);
	assert_in_range(clock_ms(), start_ms, deadline_ms + 10000);
	close(pair[0]);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	return err;
}

static size_t make_flight(const struct bytes *certs, size_t count,
			  size_t record)
{
	flight.len = 0;
	flight_put_chain(&flight, certs, count, record);
	return flight.len;
}

static void check_presented(const struct bytes *certs, size_t count)
{
	assert_int_equal(got.presented.count, count);
	for (size_t i = 0; i < count; i++)
		assert_true(bytes_equal(got.presented.certs[i], certs[i]));
}

static void any_bytes_are_kept_as_they_were_sent(void **state)
{
	/* mbedTLS takes nothing below 128 bytes for a certificate. */
	const struct bytes certs[] = {{der, 128}, {der + 9, 1500}, {der, 129}};
	static const size_t records[] = {FLIGHT_RECORD_MAX, 1000, 61, 7};
	struct failure f;

	(void)state;
	for (size_t i = 0; i < COUNT(records); i++) {
		size_t len = make_flight(certs, COUNT(certs), records[i]);

		check(capture(&name, len, CLOSE, &f) == ERR_OK,
		      "records of %zu: %s", records[i], f.detail);
		check_presented(certs, COUNT(certs));
		assert_int_equal(got.tls_version, 0x0303);
		assert_false(got.possession);
		assert_false(got.client_cert);
		assert_int_equal(got.reply_len, 0);
	}
}

static void a_handshake_that_breaks_later_costs_no_certificate(void **state)
{
	const struct bytes cert = {der, 200};
	size_t len = make_flight(&cert, 1, FLIGHT_RECORD_MAX);
	struct failure f;

	(void)state;
	assert_int_equal(capture(&name, len, HANG, &f), ERR_OK);
	check_presented(&cert, 1);
	/* handshake_failure */
	flight_put(&flight, "\x15\x03\x03\x00\x02\x02\x28", 7);
	assert_int_equal(capture(&name, len + 7, CLOSE, &f), ERR_OK);
	flight.len = len;
	flight_put(&flight, "garbage", 7);
	assert_int_equal(capture(&name, len + 7, CLOSE, &f), ERR_OK);
	check_presented(&cert, 1);
}

static void a_cut_flight_gives_nothing(void **state)
{
	const struct bytes certs[] = {{der, 128}, {der, 128}};
	size_t len = make_flight(certs, COUNT(certs), FLIGHT_RECORD_MAX);
	struct failure f;

	(void)state;
	for (size_t cut = 1; cut < len; cut += 7) {
		check(capture(&name, cut, CLOSE, &f) == ERR_TLS,
		      "%zu bytes: %s", cut, f.detail);
		assert_int_equal(got.presented.count, 0);
		assert_int_not_equal(strlen(f.detail), 0);
	}
}

/* The most that mbedTLS reads of one handshake message is 16384 bytes; a real
 * chain of twelve is more than the first record of a server that sends 8 KiB
 * at a time. */
static void the_largest_chain_that_can_be_read_is_read(void **state)
{
	static const size_t records[] = {FLIGHT_RECORD_MAX, 8192, 1400};
	struct failure f;

	(void)state;
	for (size_t i = 0; i < COUNT(records); i++) {
		struct bytes certs[12];
		size_t len;

		for (size_t k = 0; k < COUNT(certs); k++)
			certs[k] = (struct bytes){der + k, 1361};
		len = make_flight(certs, COUNT(certs), records[i]);
		check(capture(&name, len, CLOSE, &f) == ERR_OK,
		      "records of %zu: %s", records[i], f.detail);
		check_presented(certs, COUNT(certs));
	}
}

static void servers_of_other_protocols_are_named(void **state)
{
	static const struct {
		const char *text;
		const char *why;
	} rows[] = {
		{"HTTP/1.0 400 Bad Request\r\n\r\n", "plain HTTP, not TLS"},
		{"HTTP/1.1 200 OK\r\n", "server gave HTTP response to HTTPS"},
		{"SSH-2.0-OpenSSH_9.2\r\n", "speaks SSH, not TLS"},
		{"220 mail ESMTP\r\n", "it sent \"220 m\""},
		{"\x1b]0;owned\x07", "it sent \"\\x1b]0;o\""},
	};
	struct failure f;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		flight.len = 0;
		flight_put(&flight, rows[i].text, strlen(rows[i].text));
		assert_int_equal(capture(&name, flight.len, STAY, &f), ERR_TLS);
		check_contains(f.detail, rows[i].why);
	}
}

static void silence_is_told_from_a_handshake_that_hangs(void **state)
{
	const struct bytes cert = {der, 200};
	struct failure f;

	(void)state;
	make_flight(&cert, 1, FLIGHT_RECORD_MAX);
	assert_int_equal(capture(&name, 0, HANG, &f), ERR_TIMEOUT);
	check_contains(f.detail, "said nothing");
	assert_int_equal(capture(&name, 40, HANG, &f), ERR_TIMEOUT);
	check_contains(f.detail, "did not finish");
}

static void an_end_without_a_word_is_told_from_one_in_the_middle(void **state)
{
	const struct bytes cert = {der, 200};
	struct failure f;

	(void)state;
	make_flight(&cert, 1, FLIGHT_RECORD_MAX);
	assert_int_equal(capture(&name, 0, CLOSE, &f), ERR_TLS);
	check_contains(f.detail, "without a word");
	assert_int_equal(capture(&name, 40, CLOSE, &f), ERR_TLS);
	check_contains(f.detail, "in the middle");
}

static void alerts_are_put_in_words(void **state)
{
	static const struct {
		uint8_t alert;
		const char *why;
	} rows[] = {
		{40, "handshake failure"},  {70, "protocol version"},
		{112, "unrecognized name"}, {80, "internal error"},
		{49, "access denied"},	    {10, "a fatal alert"},
	};
	struct failure f;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		flight.len = 0;
		flight_put(&flight, "\x15\x03\x03\x00\x02\x02", 6);
		flight_put(&flight, &rows[i].alert, 1);
		assert_int_equal(capture(&name, flight.len, STAY, &f), ERR_TLS);
		check_contains(f.detail, "refused the TLS handshake");
		check_contains(f.detail, rows[i].why);
	}
}

/* Go 1.26 names the group, and has no share of it; we have neither. */
static void a_group_that_we_lack_is_named(void **state)
{
	static const char head[] =
		"\x16\x03\x03\x00\x58\x02\x00\x00\x54\x03\x03"
		"\xcf\x21\xad\x74\xe5\x9a\x61\x11"
		"\xbe\x1d\x8c\x02\x1e\x65\xb8\x91"
		"\xc2\xa2\x11\x16\x7a\xbb\x8c\x5e"
		"\x07\x9e\x09\xe2\xc8\xa8\x33\x9c\x20";
	static const char rest[] = "\x13\x01\x00\x00\x0c"
				   "\x00\x2b\x00\x02\x03\x04"
				   "\x00\x33\x00\x02\x11\xeb";
	struct failure f;

	(void)state;
	flight.len = 0;
	flight_put(&flight, head, sizeof(head) - 1);
	session_at = flight.len;
	flight.len += 32;
	flight_put(&flight, rest, sizeof(rest) - 1);
	assert_int_equal(capture(&name, flight.len, CLOSE, &f), ERR_TLS);
	session_at = 0;
	assert_non_null(strstr(f.detail, "key exchange with ML-KEM"));
	assert_int_equal(got.end, CAPTURE_UNKNOWN);
}

/* Warnings, records without content, hello requests: what a client has to pass
 * over, without end. */
static void what_never_ends_is_ended(void **state)
{
	static const struct {
		const char *record;
		size_t len;
	} rows[] = {
		{"\x15\x03\x03\x00\x02\x01\x5a", 7},
		{"\x16\x03\x03\x00\x00", 5},
		{"\x16\x03\x03\x00\x04\x00\x00\x00\x00", 9},
		{"\x14\x03\x03\x00\x01\x01", 6},
		{"\x17\x03\x03\x00\x01x", 6},
		{"\x16\x03\x03\x40\x00\x02\x00\xff\xff", 9},
		{"\x16\x03\x03\xff\xff", 5},
		{"\0", 1},
	};
	struct failure f;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		enum err err;

		flight.len = 0;
		while (flight.len < 16384)
			flight_put(&flight, rows[i].record, rows[i].len);
		err = capture(&name, flight.len, REPEAT, &f);
		check(err == ERR_TLS || err == ERR_LIMIT || err == ERR_TIMEOUT,
		      "row %zu: %d", i, (int)err);
		assert_int_equal(got.presented.count, 0);
	}
}

static void a_name_is_sent_and_an_address_is_not(void **state)
{
	struct failure f;

	(void)state;
	assert_int_equal(capture(&name, 0, CLOSE, &f), ERR_TLS);
	/* A record of a handshake, and in it a ClientHello. */
	assert_in_range(hello->len, 100, sizeof(hello->data) - 1);
	assert_int_equal(hello->data[0], 22);
	assert_int_equal(hello->data[5], 1);
	assert_non_null(
		memmem(hello->data, (size_t)hello->len, "reg.example", 11));
	assert_int_equal(capture(&ipv4, 0, CLOSE, &f), ERR_TLS);
	assert_in_range(hello->len, 100, sizeof(hello->data) - 1);
	assert_null(memmem(hello->data, (size_t)hello->len, "198.51", 6));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_bytes_are_kept_as_they_were_sent),
		cmocka_unit_test(
			a_handshake_that_breaks_later_costs_no_certificate),
		cmocka_unit_test(a_cut_flight_gives_nothing),
		cmocka_unit_test(the_largest_chain_that_can_be_read_is_read),
		cmocka_unit_test(servers_of_other_protocols_are_named),
		cmocka_unit_test(silence_is_told_from_a_handshake_that_hangs),
		cmocka_unit_test(
			an_end_without_a_word_is_told_from_one_in_the_middle),
		cmocka_unit_test(alerts_are_put_in_words),
		cmocka_unit_test(a_group_that_we_lack_is_named),
		cmocka_unit_test(what_never_ends_is_ended),
		cmocka_unit_test(a_name_is_sent_and_an_address_is_not),
	};

	hello = mmap(NULL, sizeof(*hello), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (size_t i = 0; i < sizeof(der); i++)
		der[i] = (uint8_t)(i * 131 >> 3);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
