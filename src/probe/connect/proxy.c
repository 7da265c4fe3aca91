/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way through an HTTP proxy: one CONNECT and its reply. Probe process,
 * after the seal: sends, receives and polls on the connected socket, and does
 * nothing else.
 */
#include "probe/connect/proxy.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "common/clock.h"
#include "common/escape.h"

/* Twice the target, the credentials, and 200 for the words around. */
#define REQUEST_SIZE                                                           \
	(2 * (HOST_CHARS_MAX + sizeof("[]:65535")) +                           \
	 ROUTE_AUTHORIZATION_SIZE + 200)

static const char *bracket(const char *host, const char *b)
{
	return strchr(host, ':') ? b : "";
}

static size_t request_encode(const struct route *route, struct proxy_target to,
			     char out[REQUEST_SIZE])
{
	char name[HOST_CHARS_MAX + sizeof("[]:65535")];
	const char *credentials = route->authorization;

	snprintf(name, sizeof(name), "%s%s%s:%u", bracket(to.host, "["),
		 to.host, bracket(to.host, "]"), to.port);
	return (size_t)snprintf(
		out, REQUEST_SIZE,
		"CONNECT %s HTTP/1.1\r\n"
		"Host: %s\r\n"
		"User-Agent: dtr-trust\r\n"
		"%s%s%s\r\n",
		name, name, *credentials ? "Proxy-Authorization: Basic " : "",
		credentials, *credentials ? "\r\n" : "");
}

/* The length of the header with its blank line, 0 where it is not whole. A
 * bare LF ends a line too (RFC 9112 2.2). */
static size_t header_length(struct bytes reply)
{
	const uint8_t *at = reply.data;
	const uint8_t *end = reply.data + reply.len;

	while (at < end && (at = memchr(at, '\n', (size_t)(end - at)))) {
		at++;
		if (at < end && *at == '\n')
			return (size_t)(at + 1 - reply.data);
		if (end - at > 1 && at[0] == '\r' && at[1] == '\n')
			return (size_t)(at + 2 - reply.data);
	}
	return 0;
}

/* Whether REPLY begins, as far as it goes, like "HTTP/1.1 200 OK". A reply
 * that is longer than this therefore holds a status before any blank line. */
static bool is_http(struct bytes reply)
{
	static const uint8_t form[] = "HTTP/1.0 000";
	static const size_t len = sizeof(form) - 1;

	for (size_t i = 0; i < reply.len && i < len; i++) {
		bool digit = reply.data[i] >= '0' && reply.data[i] <= '9';

		if (form[i] == '0' ? !digit : reply.data[i] != form[i])
			return false;
	}
	return reply.len <= len || reply.data[len] == ' ' ||
	       reply.data[len] == '\r' || reply.data[len] == '\n';
}

/* The first line of REPLY, for a message. */
static void status_line(struct bytes reply,
			char out[static PROXY_STATUS_CHARS_MAX + 1])
{
	size_t len = 0;

	while (len < reply.len && reply.data[len] != '\r' &&
	       reply.data[len] != '\n')
		len++;
	escape_text(out, PROXY_STATUS_CHARS_MAX + 1, reply.data, len);
}

static const char *advice(int status, const struct route *route)
{
	switch (status) {
	case 403:
		return "does not allow it";
	case 401: /* tinyproxy says so to a wrong password */
	case 407:
		return *route->authorization
			       ? "refuses the user name and password in "
				 "HTTPS_PROXY"
			       : "wants a user name and password (HTTPS_PROXY="
				 "http://<user>:<password>@host:port)";
	case 502:
	case 503:
	case 504:
		return "cannot reach it from where the proxy is";
	}
	return "would not connect";
}

static enum err refuse(struct bytes reply, int status,
		       const struct route *route, struct proxy_target to,
		       struct failure *f)
{
	char line[PROXY_STATUS_CHARS_MAX + 1];

	status_line(reply, line);
	return failure_set(
		f, ERR_PROXY, "%s:%u, asked for %s%s%s:%u, %s: \"%s\"",
		route->host, route->port, bracket(to.host, "["), to.host,
		bracket(to.host, "]"), to.port, advice(status, route), line);
}

static enum err not_http(struct bytes reply, const struct route *route,
			 struct failure *f)
{
	char line[PROXY_STATUS_CHARS_MAX + 1];

	status_line(reply, line);
	return failure_set(f, ERR_PROXY,
			   "what answers at %s:%u is no HTTP proxy: \"%s\"",
			   route->host, route->port, line);
}

/* see proxy.h */
enum err proxy_judge(struct bytes reply, const struct route *route,
		     struct proxy_target target, bool *done, struct failure *f)
{
	size_t header = header_length(reply);
	int status;

	*done = true;
	if (!is_http(reply))
		return not_http(reply, route, f);
	if (!header && reply.len >= PROXY_REPLY_MAX)
		return failure_set(f, ERR_LIMIT,
				   "the reply of the proxy %s:%u is longer "
				   "than %d bytes",
				   route->host, route->port, PROXY_REPLY_MAX);
	*done = header > 0;
	if (!header)
		return ERR_OK;
	status = (reply.data[9] - '0') * 100 + (reply.data[10] - '0') * 10 +
		 reply.data[11] - '0';
	if (status < 200 || status > 299)
		return refuse(reply, status, route, target, f);
	if (reply.len > header)
		return failure_set(f, ERR_PROXY,
				   "%s:%u sent %zu bytes of its own "
				   "after its reply",
				   route->host, route->port,
				   reply.len - header);
	return ERR_OK;
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
