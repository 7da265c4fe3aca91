/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/connect/dial.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/clock.h"

/* One run over FROM. ERROR is 0 while an attempt is under way; poll(2) skips
 * an attempt that is over, since its fd is then -1. */
struct race {
	const struct addresses *from;
	size_t begun;
	size_t pending;
	struct pollfd attempt[ADDRESSES_MAX];
	int error[ADDRESSES_MAX];
};

static void give_up(struct race *race, size_t i, int error)
{
	if (race->attempt[i].fd >= 0)
		close(race->attempt[i].fd);
	race->attempt[i].fd = -1;
	race->error[i] = error;
}

/* Returns whether the attempt is under way or has won already. */
static bool begin(struct race *race)
{
	size_t i = race->begun++;
	const union address *to = &race->from->list[i];
	socklen_t size =
		to->any.sa_family == AF_INET6 ? sizeof(to->v6) : sizeof(to->v4);
	int on = 1;
	int fd = socket(to->any.sa_family,
			SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	race->attempt[i] = (struct pollfd){.fd = fd, .events = POLLOUT};
	race->error[i] = 0;
	if (fd < 0) {
		race->error[i] = errno;
		return false;
	}
	/* Without it a request waits for an ACK; that only costs time. */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (!connect(fd, &to->any, size) || errno == EINPROGRESS ||
	    errno == EINTR) {
		race->pending++;
		return true;
	}
	give_up(race, i, errno);
	return false;
}

/* The fd of an attempt that has connected, else -1. Failed ones are closed. */
static int winner(struct race *race, size_t *index)
{
	for (size_t i = 0; i < race->begun; i++) {
		struct pollfd *attempt = &race->attempt[i];
		int error = 0;
		socklen_t size = sizeof(error);

		if (attempt->fd < 0 || !attempt->revents)
			continue;
		if (getsockopt(attempt->fd, SOL_SOCKET, SO_ERROR, &error,
			       &size))
			error = errno;
		if (!error) {
			*index = i;
			return attempt->fd;
		}
		race->pending--;
		give_up(race, i, error);
	}
	return -1;
}

/* The connected fd, or -1 when all have failed or the deadline has passed. */
static int run(struct race *race, int64_t deadline_ms, size_t *index)
{
	int64_t next_ms = clock_ms();

	for (;;) {
		bool more = race->begun < race->from->count;
		int64_t until_ms = deadline_ms;
		size_t pending;
		int fd;

		while (more && (!race->pending || clock_ms() >= next_ms)) {
			if (begin(race))
				next_ms = clock_ms() + DIAL_STAGGER_MS;
			more = race->begun < race->from->count;
		}
		if (!race->pending)
			return -1;
		pending = race->pending;
		if (more && next_ms < until_ms)
			until_ms = next_ms;
		if (poll(race->attempt, (nfds_t)race->begun,
			 clock_wait_ms(until_ms)) < 0)
			for (size_t i = 0; i < race->begun; i++)
				race->attempt[i].revents = 0;
		fd = winner(race, index);
		if (fd >= 0 || clock_ms() >= deadline_ms)
			return fd;
		if (race->pending < pending)
			next_ms = clock_ms();
	}
}

static const char *reason(int error)
{
	switch (error) {
	case 0:
		return "no answer from";
	case ECONNREFUSED:
		return "refused by";
	case ENETUNREACH:
	case EHOSTUNREACH:
	case EADDRNOTAVAIL:
	case EAFNOSUPPORT:
		return "no route to";
	case ETIMEDOUT:
		return "timed out at";
	}
	return strerror(error);
}

/* Addresses that failed alike stand together, in the order of trying. */
static bool is_alike_before(const struct race *race, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (race->error[j] == race->error[i])
			return true;
	return false;
}

/* ", 198.51.100.10:443" for each that failed like FIRST, as far as it fits. */
static size_t name_alike(const struct race *race, size_t first, char *text,
			 size_t size)
{
	char address[ADDRESS_CHARS_MAX];
	size_t named = 0;

	for (size_t i = first; i < race->begun; i++) {
		size_t used = strlen(text);

		if (race->error[i] != race->error[first])
			continue;
		resolve_address_text(&race->from->list[i], address);
		if (used + strlen(address) + 3 > size)
			break;
		snprintf(text + used, size - used, "%s%s",
			 i > first ? ", " : " ", address);
		named++;
	}
	return named;
}

static enum err explain(const struct race *race, const char *host, bool late,
			struct failure *f)
{
	char text[FAILURE_CHARS_MAX / 2] = "";
	char rest[32] = "";
	size_t named = 0;

	for (size_t i = 0; i < race->begun; i++) {
		const char *why = reason(race->error[i]);
		size_t used = strlen(text);

		if (is_alike_before(race, i) ||
		    used + strlen(why) + 3 > sizeof(text))
			continue;
		snprintf(text + used, sizeof(text) - used, "%s%s",
			 i ? "; " : "", why);
		named += name_alike(race, i, text, sizeof(text));
	}
	if (named < race->from->total)
		snprintf(rest, sizeof(rest), "; and %zu more",
			 race->from->total - named);
	return failure_set(f, late ? ERR_TIMEOUT : ERR_CONNECT, "%s: %s%s",
			   host, text, rest);
}

/* see dial.h */
enum err dial_addresses(const struct addresses *from, const char *host,
			int64_t deadline_ms, struct connection *out,
			struct failure *f)
{
	struct race race = {.from = from};
	size_t won = 0;
	bool late;

	out->fd = run(&race, deadline_ms, &won);
	late = race.pending > 0;
	for (size_t i = 0; i < race.begun; i++)
		if (race.attempt[i].fd != out->fd)
			give_up(&race, i, race.error[i]);
	if (out->fd < 0)
		return explain(&race, host, late, f);
	resolve_address_text(&from->list[won], out->peer);
	out->has_loopback = resolve_finds_loopback(from);
	return ERR_OK;
}

/* see dial.h */
enum err dial_address(const union address *address, int64_t deadline_ms,
		      struct connection *out, struct failure *f)
{
	const struct addresses one = {1, 1, {*address}};
	char text[ADDRESS_CHARS_MAX];

	resolve_address_text(address, text);
	return dial_addresses(&one, text, deadline_ms, out, f);
}

/* see dial.h */
enum err dial_open(const char *host, uint16_t port, int64_t deadline_ms,
		   struct connection *out, struct failure *f)
{
	struct addresses found;
	enum err err;

	out->fd = -1;
	err = resolve_host(host, port, deadline_ms, &found, f);
	if (err)
		return err;
	return dial_addresses(&found, host, deadline_ms, out, f);
}
