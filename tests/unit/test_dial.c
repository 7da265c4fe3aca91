/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connecting, against listeners on the loopback of a network namespace of the
 * test's own, where everything else is unreachable. A SYN that nobody answers
 * is a listener whose backlog is full.
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>

#include "common/clock.h"
#include "probe/connect/dial.h"
#include "support/tree.h"

#define QUEUE_FILLERS 4

struct listener {
	int fd;
	int filler[QUEUE_FILLERS];
	union address at;
};

static void make_address(const char *ip, uint16_t port, union address *out)
{
	memset(out, 0, sizeof(*out));
	if (inet_pton(AF_INET6, ip, &out->v6.sin6_addr) == 1) {
		out->v6.sin6_family = AF_INET6;
		out->v6.sin6_port = htons(port);
	} else {
		assert_int_equal(inet_pton(AF_INET, ip, &out->v4.sin_addr), 1);
		out->v4.sin_family = AF_INET;
		out->v4.sin_port = htons(port);
	}
}

static socklen_t address_size(const union address *at)
{
	return at->any.sa_family == AF_INET6 ? sizeof(at->v6) : sizeof(at->v4);
}

static uint16_t listener_open(const char *ip, int backlog, struct listener *l)
{
	socklen_t size;

	memset(l->filler, -1, sizeof(l->filler));
	make_address(ip, 0, &l->at);
	size = address_size(&l->at);
	l->fd = socket(l->at.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(l->fd, &l->at.any, size), 0);
	assert_int_equal(listen(l->fd, backlog), 0);
	assert_int_equal(getsockname(l->fd, &l->at.any, &size), 0);
	return ntohs(l->at.v4.sin_port);
}

/* From now on the kernel drops every SYN to the listener. */
static void listener_stall(struct listener *l)
{
	for (size_t i = 0; i < QUEUE_FILLERS; i++) {
		l->filler[i] = socket(l->at.any.sa_family,
				      SOCK_STREAM | SOCK_NONBLOCK, 0);
		(void)connect(l->filler[i], &l->at.any, address_size(&l->at));
	}
	usleep(20000);
}

static void listener_close(struct listener *l)
{
	for (size_t i = 0; i < QUEUE_FILLERS; i++)
		if (l->filler[i] >= 0)
			close(l->filler[i]);
	close(l->fd);
}

/* A port of IP that nobody listens on. */
static uint16_t closed_port(const char *ip)
{
	struct listener l;
	uint16_t port = listener_open(ip, 1, &l);

	listener_close(&l);
	return port;
}

static void connects_and_names_the_peer(void **state)
{
	static const char *const ips[] = {"127.0.0.9", "::1"};
	static const char *const shown[] = {"127.0.0.9", "[::1]"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct listener l;
		struct connection c;
		struct failure f;
		char peer[ADDRESS_CHARS_MAX];
		uint16_t port = listener_open(ips[i], 1, &l);
		int on = 0;
		socklen_t size = sizeof(on);

		assert_int_equal(dial_open(ips[i], port,
					   clock_ms() + PATIENCE_MS, &c, &f),
				 ERR_OK);
		snprintf(peer, sizeof(peer), "%s:%u", shown[i], port);
		assert_string_equal(c.peer, peer);
		assert_true(fcntl(c.fd, F_GETFL) & O_NONBLOCK);
		assert_true(fcntl(c.fd, F_GETFD) & FD_CLOEXEC);
		getsockopt(c.fd, IPPROTO_TCP, TCP_NODELAY, &on, &size);
		assert_true(on);
		close(c.fd);
		listener_close(&l);
	}
}

static void refused_names_the_address(void **state)
{
	uint16_t port = closed_port("127.0.0.1");
	size_t fds = tree_open_fds();
	struct connection c;
	struct failure f;
	char text[128];

	(void)state;
	assert_int_equal(
		dial_open("127.0.0.1", port, clock_ms() + PATIENCE_MS, &c, &f),
		ERR_CONNECT);
	snprintf(text, sizeof(text), "127.0.0.1: refused by 127.0.0.1:%u",
		 port);
	assert_string_equal(f.detail, text);
	assert_int_equal(c.fd, -1);
	assert_int_equal(tree_open_fds(), fds);
}

static void silence_ends_at_the_deadline(void **state)
{
	struct listener l;
	struct connection c;
	struct failure f;
	int64_t start_ms;
	int64_t took_ms;
	char text[128];

	(void)state;
	listener_open("127.0.0.1", 0, &l);
	listener_stall(&l);
	start_ms = clock_ms();
	assert_int_equal(dial_address(&l.at, start_ms + 300, &c, &f),
			 ERR_TIMEOUT);
	took_ms = clock_ms() - start_ms;
	assert_in_range(took_ms, 300, 5000);
	snprintf(text, sizeof(text),
		 "127.0.0.1:%u: no answer from 127.0.0.1:%u",
		 ntohs(l.at.v4.sin_port), ntohs(l.at.v4.sin_port));
	assert_string_equal(f.detail, text);
	listener_close(&l);
}

static void unreachable_is_not_refused(void **state)
{
	union address at;
	struct connection c;
	struct failure f;

	(void)state;
	make_address("198.51.100.1", 443, &at);
	assert_int_equal(dial_address(&at, clock_ms() + PATIENCE_MS, &c, &f),
			 ERR_CONNECT);
	assert_string_equal(f.detail, "198.51.100.1:443: "
				      "no route to 198.51.100.1:443");
}

/* How long FROM takes, the quickest of some tries: a busy machine may be late,
 * but not each time. C is connected by the last. */
static int64_t quickest_ms(const struct addresses *from, int64_t enough_ms,
			   struct connection *c)
{
	int64_t best_ms = INT64_MAX;

	for (int tries = 0; tries < 40 && best_ms > enough_ms; tries++) {
		int64_t start_ms = clock_ms();
		int64_t took_ms;
		struct failure f;

		if (tries)
			close(c->fd);
		assert_int_equal(
			dial_addresses(from, "reg", start_ms + 20000, c, &f),
			ERR_OK);
		took_ms = clock_ms() - start_ms;
		best_ms = took_ms < best_ms ? took_ms : best_ms;
	}
	return best_ms;
}

static void a_silent_first_address_costs_one_stagger(void **state)
{
	struct listener silent;
	struct listener good;
	struct addresses from = {.count = 2, .total = 2};
	size_t fds;
	struct connection c;

	(void)state;
	listener_open("::1", 0, &silent);
	listener_open("127.0.0.1", 1, &good);
	listener_stall(&silent);
	from.list[0] = silent.at;
	from.list[1] = good.at;
	fds = tree_open_fds();
	assert_in_range(quickest_ms(&from, DIAL_STAGGER_MS + 50, &c),
			DIAL_STAGGER_MS, DIAL_STAGGER_MS + 50);
	assert_memory_equal(c.peer, "127.0.0.1:", 10);
	assert_int_equal(tree_open_fds(), fds + 1);
	close(c.fd);
	listener_close(&silent);
	listener_close(&good);
}

static void a_failed_address_costs_nothing(void **state)
{
	struct listener good;
	struct addresses from = {.count = 4, .total = 4};
	uint16_t port = closed_port("127.0.0.1");
	struct connection c;

	(void)state;
	listener_open("127.0.0.1", 1, &good);
	make_address("2001:db8::1", 443, &from.list[0]);
	make_address("127.0.0.1", port, &from.list[1]);
	make_address("127.0.0.2", port, &from.list[2]);
	from.list[3] = good.at;
	assert_in_range(quickest_ms(&from, 50, &c), 0, 50);
	close(c.fd);
	listener_close(&good);
}

static void addresses_that_fail_alike_are_named_together(void **state)
{
	struct listener silent;
	struct addresses from = {.count = 5, .total = 5};
	struct connection c;
	struct failure f;
	char text[256];

	(void)state;
	listener_open("127.0.0.1", 0, &silent);
	listener_stall(&silent);
	make_address("127.0.0.1", 1, &from.list[0]);
	make_address("198.51.100.1", 443, &from.list[1]);
	from.list[2] = silent.at;
	make_address("127.0.0.2", 1, &from.list[3]);
	from.list[4] = silent.at;
	/* Time for all of them to begin, on a busy machine too. */
	assert_int_equal(
		dial_addresses(&from, "reg", clock_ms() + 2000, &c, &f),
		ERR_TIMEOUT);
	snprintf(text, sizeof(text),
		 "reg: refused by 127.0.0.1:1, 127.0.0.2:1; "
		 "no route to 198.51.100.1:443; no answer from 127.0.0.1:%u, "
		 "127.0.0.1:%u",
		 ntohs(silent.at.v4.sin_port), ntohs(silent.at.v4.sin_port));
	assert_string_equal(f.detail, text);
	listener_close(&silent);
}

static void a_message_about_many_addresses_is_cut_and_counted(void **state)
{
	struct addresses from = {.count = ADDRESSES_MAX,
				 .total = ADDRESSES_MAX};
	struct connection c;
	struct failure f;
	size_t named = 0;
	char rest[32];

	(void)state;
	for (size_t i = 0; i < ADDRESSES_MAX; i++)
		make_address("2001:db8:1234:5678:9abc:def0:1234:5678", 65535,
			     &from.list[i]);
	assert_int_equal(
		dial_addresses(&from, "reg", clock_ms() + PATIENCE_MS, &c, &f),
		ERR_CONNECT);
	for (const char *at = f.detail; (at = strstr(at, "]:65535")); at++)
		named++;
	assert_in_range(named, 5, ADDRESSES_MAX - 1);
	snprintf(rest, sizeof(rest), "; and %zu more", ADDRESSES_MAX - named);
	assert_string_equal(f.detail + strlen(f.detail) - strlen(rest), rest);
}

/* The resolver gave more than are kept. */
static void addresses_not_kept_are_counted(void **state)
{
	struct addresses from = {.count = 1, .total = 48};
	struct connection c;
	struct failure f;

	(void)state;
	make_address("127.0.0.1", 1, &from.list[0]);
	assert_int_equal(
		dial_addresses(&from, "reg", clock_ms() + PATIENCE_MS, &c, &f),
		ERR_CONNECT);
	assert_string_equal(f.detail,
			    "reg: refused by 127.0.0.1:1; and 47 more");
}

static void addresses_not_begun_by_the_deadline_are_counted(void **state)
{
	struct listener silent;
	struct addresses from = {.count = 3, .total = 3};
	struct connection c;
	struct failure f;

	(void)state;
	listener_open("127.0.0.1", 0, &silent);
	listener_stall(&silent);
	for (size_t i = 0; i < from.count; i++)
		from.list[i] = silent.at;
	assert_int_equal(dial_addresses(&from, "reg", clock_ms() + 100, &c, &f),
			 ERR_TIMEOUT);
	assert_non_null(strstr(f.detail, "; and 2 more"));
	listener_close(&silent);
}

/* Of a fresh namespace only loopback is used; it starts down. */
static void enter_namespace(void)
{
	struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	int fd;

	if (unshare(CLONE_NEWNET) && unshare(CLONE_NEWUSER | CLONE_NEWNET)) {
		perror("test_dial: no network namespace");
		exit(1);
	}
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &lo)) {
		perror("test_dial: lo");
		exit(1);
	}
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(connects_and_names_the_peer),
		cmocka_unit_test(refused_names_the_address),
		cmocka_unit_test(silence_ends_at_the_deadline),
		cmocka_unit_test(unreachable_is_not_refused),
		cmocka_unit_test(a_silent_first_address_costs_one_stagger),
		cmocka_unit_test(a_failed_address_costs_nothing),
		cmocka_unit_test(addresses_that_fail_alike_are_named_together),
		cmocka_unit_test(
			a_message_about_many_addresses_is_cut_and_counted),
		cmocka_unit_test(addresses_not_kept_are_counted),
		cmocka_unit_test(
			addresses_not_begun_by_the_deadline_are_counted),
	};

	enter_namespace();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
