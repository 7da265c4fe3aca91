/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a proxy's reply to CONNECT means. Pure: bytes in, a decision out.
 */
#include <stdio.h>
#include <string.h>

#include "common/escape.h"
#include "probe/connect/proxy.h"

/* see proxy.h */
void proxy_target_print(struct proxy_target to,
			char out[static PROXY_TARGET_SIZE])
{
	bool is_ipv6 = strchr(to.host, ':') != NULL;

	snprintf(out, PROXY_TARGET_SIZE, is_ipv6 ? "[%s]:%u" : "%s:%u", to.host,
		 to.port);
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
	char name[PROXY_TARGET_SIZE];

	status_line(reply, line);
	proxy_target_print(to, name);
	return failure_set(f, ERR_PROXY, "%s:%u, asked for %s, %s: \"%s\"",
			   route->host, route->port, name,
			   advice(status, route), line);
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
	size_t header = bytes_header(reply);
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
	if (status != 200)
		return refuse(reply, status, route, target, f);
	if (reply.len > header)
		return failure_set(f, ERR_PROXY,
				   "%s:%u sent %zu bytes of its own "
				   "after its reply",
				   route->host, route->port,
				   reply.len - header);
	return ERR_OK;
}
