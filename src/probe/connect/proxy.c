/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The talk with an HTTP proxy; see proxy.h.
 */
#include "probe/connect/proxy.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "common/clock.h"

/* Twice the target, the credentials, and 200 for the words around. */
#define REQUEST_SIZE (2 * PROXY_TARGET_SIZE + ROUTE_AUTHORIZATION_SIZE + 200)

static size_t request_encode(const struct route *route, struct proxy_target to,
			     char out[REQUEST_SIZE])
{
	char name[PROXY_TARGET_SIZE];
	const char *credentials = route->authorization;

	proxy_target_print(to, name);
	return (size_t)snprintf(
		out, REQUEST_SIZE,
		"CONNECT %s HTTP/1.1\r\n"
		"Host: %s\r\n"
		"User-Agent: dtr-trust\r\n"
		"%s%s%s\r\n",
		name, name, *credentials ? "Proxy-Authorization: Basic " : "",
		credentials, *credentials ? "\r\n" : "");
}

static enum err await(int fd, short events, const struct route *route,
		      int64_t deadline_ms, struct failure *f)
{
	struct pollfd wait = {.fd = fd, .events = events};

	for (;;) {
		int ready = poll(&wait, 1, clock_wait_ms(deadline_ms));

		if (ready > 0)
			return ERR_OK;
		if (ready < 0 && errno != EINTR)
			return failure_set(f, ERR_PROXY, "poll: %s",
					   strerror(errno));
		if (clock_ms() >= deadline_ms)
			return failure_set(f, ERR_TIMEOUT,
					   "%s:%u did not answer to CONNECT",
					   route->host, route->port);
	}
}

static bool is_passing(int error)
{
	return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

static enum err broken(const struct route *route, const char *why,
		       struct failure *f)
{
	return failure_set(
		f, ERR_PROXY,
		"%s:%u ended the connection before its reply was whole: %s",
		route->host, route->port, why);
}

static enum err send_all(int fd, const char *data, size_t len,
			 const struct route *route, int64_t deadline_ms,
			 struct failure *f)
{
	while (len) {
		ssize_t n = send(fd, data, len, MSG_NOSIGNAL);
		enum err err;

		if (n >= 0) {
			data += n;
			len -= (size_t)n;
			continue;
		}
		if (!is_passing(errno))
			return broken(route, strerror(errno), f);
		err = await(fd, POLLOUT, route, deadline_ms, f);
		if (err)
			return err;
	}
	return ERR_OK;
}

/* see proxy.h */
enum err proxy_open(int fd, const struct route *route,
		    struct proxy_target target, int64_t deadline_ms,
		    struct failure *f)
{
	char request[REQUEST_SIZE];
	uint8_t reply[PROXY_REPLY_MAX];
	struct bytes got = {reply, 0};
	bool done = false;
	enum err err =
		send_all(fd, request, request_encode(route, target, request),
			 route, deadline_ms, f);

	while (!err && !done) {
		ssize_t n =
			recv(fd, reply + got.len, sizeof(reply) - got.len, 0);

		if (n > 0) {
			got.len += (size_t)n;
			err = proxy_judge(got, route, target, &done, f);
		} else if (!n) {
			err = broken(route, "it closed", f);
		} else if (is_passing(errno)) {
			err = await(fd, POLLIN, route, deadline_ms, f);
		} else {
			err = broken(route, strerror(errno), f);
		}
	}
	return err;
}
