/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/connect/dns_cause.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/clock.h"

#define HEAD_BYTES 12

/* RFC 1035 4.1.1: the third and fourth byte of the head. */
#define FLAG_ANSWER    0x80
#define FLAG_TRUNCATED 0x02
#define RCODE_MASK     0x0f

enum rcode {
	RCODE_OK = 0,
	RCODE_FAILURE = 2,
	RCODE_NAME = 3,
	RCODE_REFUSED = 5
};

/* What became of one server: nothing yet, ERROR, or ANSWERED with HEAD. */
struct server {
	bool answered;
	int error;
	uint8_t head[HEAD_BYTES];
};

/* The length of a query for HOST's A record; 0: no DNS name. */
static size_t query_encode(const char *host, uint16_t id,
			   uint8_t out[static HEAD_BYTES + HOST_CHARS_MAX + 6])
{
	const uint8_t head[HEAD_BYTES] = {(uint8_t)(id >> 8),
					  (uint8_t)id, [2] = 1, [5] = 1};
	static const uint8_t tail[] = {0, 0, 1, 0, 1};
	size_t at = HEAD_BYTES;

	memcpy(out, head, sizeof(head));
	if (strlen(host) > HOST_CHARS_MAX)
		return 0;
	while (*host) {
		size_t len = strcspn(host, ".");

		if (!len || len > LABEL_CHARS_MAX)
			return 0;
		out[at++] = (uint8_t)len;
		memcpy(out + at, host, len);
		at += len;
		host += len + (host[len] == '.');
	}
	memcpy(out + at, tail, sizeof(tail));
	return at + sizeof(tail);
}

/* An open socket that has sent the query, or -1 with ERROR set. */
static int ask(const union address *to, const uint8_t *query, size_t len,
	       int *error)
{
	int fd = socket(to->any.sa_family,
			SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	socklen_t size =
		to->any.sa_family == AF_INET6 ? sizeof(to->v6) : sizeof(to->v4);

	if (fd >= 0 && !connect(fd, &to->any, size) &&
	    send(fd, query, len, 0) >= 0)
		return fd;
	*error = errno;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Take one datagram; what is no answer to the query changes nothing. */
static bool take(int fd, const uint8_t *query, struct server *from)
{
	ssize_t n = recv(fd, from->head, HEAD_BYTES, 0);

	if (n < 0 && errno != EAGAIN && errno != EINTR)
		from->error = errno;
	from->answered = n == HEAD_BYTES && !memcmp(from->head, query, 2) &&
			 from->head[2] & FLAG_ANSWER;
	return from->answered || from->error;
}

/* Ask all, and wait until each has answered or failed, or the time is up. */
static void ask_all(const union address *list, size_t count,
		    const uint8_t *query, size_t len, int64_t deadline_ms,
		    struct server *server)
{
	struct pollfd wait[NAMESERVERS_MAX];
	size_t waiting = 0;

	for (size_t i = 0; i < count; i++) {
		wait[i] = (struct pollfd){
			.fd = ask(&list[i], query, len, &server[i].error),
			.events = POLLIN};
		waiting += wait[i].fd >= 0;
	}
	while (waiting && clock_ms() < deadline_ms) {
		if (poll(wait, (nfds_t)count, clock_wait_ms(deadline_ms)) <= 0)
			continue;
		for (size_t i = 0; i < count; i++) {
			if (wait[i].fd < 0 || !wait[i].revents ||
			    !take(wait[i].fd, query, &server[i]))
				continue;
			close(wait[i].fd);
			wait[i].fd = -1;
			waiting--;
		}
	}
	for (size_t i = 0; i < count; i++)
		if (wait[i].fd >= 0)
			close(wait[i].fd);
}

/* Records that are whole: of addresses, or of an alias. */
static bool has_records(const struct server *server)
{
	const uint8_t *head = server->head;

	return server->answered && (head[3] & RCODE_MASK) == RCODE_OK &&
	       !(head[2] & FLAG_TRUNCATED) && (head[6] || head[7]);
}

static const char *answer_text(const uint8_t head[static HEAD_BYTES])
{
	switch (head[3] & RCODE_MASK) {
	case RCODE_OK:
		break;
	case RCODE_FAILURE:
		return "failed to find out (SERVFAIL)";
	case RCODE_NAME:
		return "knows no such name (NXDOMAIN)";
	case RCODE_REFUSED:
		return "refuses to say (REFUSED)";
	default:
		return "answers with an error";
	}
	if (head[2] & FLAG_TRUNCATED)
		return "has a longer answer than UDP carries, and over TCP "
		       "came none that libc can take";
	if (!head[6] && !head[7])
		return "knows the name but has no address for it";
	return "has only an alias that leads to no address";
}

static const char *server_text(const struct server *server)
{
	if (server->answered)
		return answer_text(server->head);
	if (server->error == ECONNREFUSED)
		return "runs no DNS server";
	return server->error ? strerror(server->error) : "does not answer";
}

/* see dns_cause.h */
enum err dns_cause_explain(const char *host, const union address *list,
			   size_t count, int64_t deadline_ms, struct failure *f)
{
	uint8_t query[HEAD_BYTES + HOST_CHARS_MAX + 6];
	size_t len = query_encode(host, (uint16_t)clock_ms(), query);
	int64_t until_ms = clock_ms() + DNS_CAUSE_MS;
	int64_t last_ms = deadline_ms + TIMEOUT_GRACE_MS / 2;
	struct server server[NAMESERVERS_MAX] = {0};
	char text[FAILURE_CHARS_MAX / 2] = "";
	bool is_there = false;

	if (!len)
		return failure_set(f, ERR_RESOLVE, "%s: this is no DNS name",
				   host);
	if (count > NAMESERVERS_MAX)
		count = NAMESERVERS_MAX;
	ask_all(list, count, query, len,
		until_ms < last_ms ? until_ms : last_ms, server);
	for (size_t i = 0; i < count; i++) {
		char address[ADDRESS_CHARS_MAX];
		size_t used = strlen(text);

		resolve_address_text(&list[i], address);
		snprintf(text + used, sizeof(text) - used, "%s%s %s",
			 i ? "; " : "", address, server_text(&server[i]));
		is_there = is_there || has_records(&server[i]);
	}
	failure_set(f, ERR_RESOLVE, "%s: %s", host, text);
	return is_there ? ERR_OK : ERR_RESOLVE;
}
