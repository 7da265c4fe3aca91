/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CONNECT over a socket pair: the test is the proxy at the other end. What
 * has to come late or in pieces is sent by a child of the test.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/clock.h"
#include "probe/connect/proxy.h"
#include "support/unit.h"

#define ESTABLISHED "HTTP/1.1 200 Connection established\r\n\r\n"

static const struct route plain = {
	.proxied = true, .host = "proxy", .port = 3128};
static const struct route with_user = {.proxied = true,
				       .host = "proxy",
				       .port = 3128,
				       .authorization = "dXNlcjpzZWNyZXQ="};
static const struct proxy_target target = {"dtr.example.com", 5000};

struct pair {
	int ours;
	int proxys;
};

static void pair_open(struct pair *p)
{
	int fd[2];

	assert_int_equal(
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fd), 0);
	*p = (struct pair){fd[0], fd[1]};
}

static void pair_close(struct pair *p)
{
	close(p->ours);
	if (p->proxys >= 0)
		close(p->proxys);
}

/* What proxy_open says when the proxy has sent REPLY, and closed if CLOSED. */
static enum err ask(const struct route *route, const void *reply, size_t len,
		    bool closed, struct failure *f)
{
	struct pair p;
	enum err err;

	pair_open(&p);
	if (len)
		assert_int_equal(send(p.proxys, reply, len, 0), len);
	if (closed)
		shutdown(p.proxys, SHUT_WR);
	err = proxy_open(p.ours, route, target, clock_ms() + PATIENCE_MS, f);
	pair_close(&p);
	return err;
}

static void assert_refused(const struct route *route, const char *reply,
			   enum err class, const char *detail)
{
	struct failure f = {0};

	assert_int_equal(ask(route, reply, strlen(reply), true, &f), class);
	assert_string_equal(f.detail, detail);
}

static void assert_request(const struct route *route, struct proxy_target to,
			   const char *want)
{
	struct pair p;
	struct failure f;
	char got[4096] = "";

	pair_open(&p);
	assert_int_equal(send(p.proxys, ESTABLISHED, strlen(ESTABLISHED), 0),
			 strlen(ESTABLISHED));
	assert_int_equal(
		proxy_open(p.ours, route, to, clock_ms() + PATIENCE_MS, &f),
		ERR_OK);
	assert_true(recv(p.proxys, got, sizeof(got) - 1, 0) > 0);
	assert_string_equal(got, want);
	pair_close(&p);
}

static void the_request_names_the_target_twice(void **state)
{
	(void)state;
	assert_request(&plain, target,
		       "CONNECT dtr.example.com:5000 HTTP/1.1\r\n"
		       "Host: dtr.example.com:5000\r\n"
		       "User-Agent: dtr-trust\r\n"
		       "\r\n");
	assert_request(&plain, (struct proxy_target){"2001:db8::1", 443},
		       "CONNECT [2001:db8::1]:443 HTTP/1.1\r\n"
		       "Host: [2001:db8::1]:443\r\n"
		       "User-Agent: dtr-trust\r\n"
		       "\r\n");
}

static void credentials_go_into_their_header(void **state)
{
	(void)state;
	assert_request(&with_user, target,
		       "CONNECT dtr.example.com:5000 HTTP/1.1\r\n"
		       "Host: dtr.example.com:5000\r\n"
		       "User-Agent: dtr-trust\r\n"
		       "Proxy-Authorization: Basic dXNlcjpzZWNyZXQ=\r\n"
		       "\r\n");
}

static void the_longest_request_is_whole(void **state)
{
	struct route route = plain;
	char host[HOST_CHARS_MAX + 1] = "";
	struct pair p;
	struct failure f;
	char got[4096] = "";

	(void)state;
	memset(route.authorization, 'A', sizeof(route.authorization) - 1);
	memset(host, 'h', sizeof(host) - 1);
	pair_open(&p);
	send(p.proxys, ESTABLISHED, strlen(ESTABLISHED), 0);
	assert_int_equal(proxy_open(p.ours, &route,
				    (struct proxy_target){host, 65535},
				    clock_ms() + PATIENCE_MS, &f),
			 ERR_OK);
	assert_true(recv(p.proxys, got, sizeof(got) - 1, 0) > 0);
	assert_string_equal(got + strlen(got) - 5, "A\r\n\r\n");
	pair_close(&p);
}

static void a_200_opens(void **state)
{
	static const char *const replies[] = {
		ESTABLISHED,
		"HTTP/1.0 200 OK\r\n\r\n",
		"HTTP/1.1 200\r\n\r\n",
		"HTTP/1.1 200 OK\n\n",
		"HTTP/1.1 200 OK\nVia: x\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n"
		"Transfer-Encoding: chunked\r\n\r\n",
		"HTTP/1.1 200 \r\nX: HTTP/1.1 407 no\r\n\r\n",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(replies); i++) {
		struct failure f;

		assert_int_equal(
			ask(&plain, replies[i], strlen(replies[i]), false, &f),
			ERR_OK);
	}
}

static void refusals_are_told_apart(void **state)
{
	(void)state;
	assert_refused(&plain, "HTTP/1.1 403 Filtered\r\n\r\n<html>no",
		       ERR_PROXY,
		       "proxy:3128, asked for dtr.example.com:5000, "
		       "does not allow it: \"HTTP/1.1 403 Filtered\"");
	assert_refused(
		&plain, "HTTP/1.1 407 Auth\r\n\r\n", ERR_PROXY,
		"proxy:3128, asked for dtr.example.com:5000, "
		"wants a user name and password (HTTPS_PROXY="
		"http://<user>:<password>@host:port): \"HTTP/1.1 407 Auth\"");
	assert_refused(&with_user, "HTTP/1.1 407 Auth\r\n\r\n", ERR_PROXY,
		       "proxy:3128, asked for dtr.example.com:5000, "
		       "refuses the user name and password in HTTPS_PROXY: "
		       "\"HTTP/1.1 407 Auth\"");
	assert_refused(&with_user, "HTTP/1.0 401 No\r\n\r\n", ERR_PROXY,
		       "proxy:3128, asked for dtr.example.com:5000, "
		       "refuses the user name and password in HTTPS_PROXY: "
		       "\"HTTP/1.0 401 No\"");
	assert_refused(&plain, "HTTP/1.1 502 \033[31mBad\r\n\r\n", ERR_PROXY,
		       "proxy:3128, asked for dtr.example.com:5000, "
		       "cannot reach it from where the proxy is: "
		       "\"HTTP/1.1 502 \\x1b[31mBad\"");
	assert_refused(&plain, "HTTP/1.1 100 Continue\r\n\r\n", ERR_PROXY,
		       "proxy:3128, asked for dtr.example.com:5000, "
		       "would not connect: \"HTTP/1.1 100 Continue\"");
	/* Go takes no other 2xx: skopeo 1.9 ends with "No Content". */
	assert_refused(&plain, "HTTP/1.1 204 No Content\r\n\r\n", ERR_PROXY,
		       "proxy:3128, asked for dtr.example.com:5000, "
		       "would not connect: \"HTTP/1.1 204 No Content\"");
}

static void what_is_not_http_is_known_by_its_first_bytes(void **state)
{
	static const char *const replies[] = {
		"SSH-2.0-x\r\n", "\x15\x03\x01", "HTTP/2",   "HTTP/1.1 2x0 OK",
		"HTTP/1.1 2000", "http/1.1 200", "\r\n\r\n", "I",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(replies); i++) {
		struct failure f;

		assert_int_equal(
			ask(&plain, replies[i], strlen(replies[i]), false, &f),
			ERR_PROXY);
		assert_memory_equal(f.detail,
				    "what answers at proxy:3128 is "
				    "no HTTP proxy: \"",
				    46);
	}
}

static void the_status_line_is_cut(void **state)
{
	char reply[2000];
	struct failure f;
	const char *quote;

	(void)state;
	memset(reply, 0xff, sizeof(reply));
	memcpy(reply, "HTTP/1.1 500 ", 13);
	memcpy(reply + 1996, "\r\n\r\n", 4);
	assert_int_equal(ask(&plain, reply, sizeof(reply), false, &f),
			 ERR_PROXY);
	quote = strchr(f.detail, '"');
	assert_in_range(strlen(quote), 100, PROXY_STATUS_CHARS_MAX + 2);
}

static void bytes_after_the_reply_are_refused(void **state)
{
	(void)state;
	assert_refused(&plain, ESTABLISHED "\x16\x03\x03", ERR_PROXY,
		       "proxy:3128 sent 3 bytes of its own after "
		       "its reply");
}

static void a_reply_of_the_limit_opens_and_one_more_byte_does_not(void **state)
{
	char reply[PROXY_REPLY_MAX + 1];
	struct failure f;

	(void)state;
	memset(reply, 'x', sizeof(reply));
	memcpy(reply, "HTTP/1.1 200 ", 13);
	memcpy(reply + PROXY_REPLY_MAX - 4, "\r\n\r\n", 4);
	assert_int_equal(ask(&plain, reply, PROXY_REPLY_MAX, false, &f),
			 ERR_OK);
	reply[PROXY_REPLY_MAX - 4] = 'x';
	reply[PROXY_REPLY_MAX - 2] = 'x';
	memcpy(reply + PROXY_REPLY_MAX - 3, "\r\n\r\n", 4);
	assert_int_equal(ask(&plain, reply, sizeof(reply), false, &f),
			 ERR_LIMIT);
	assert_string_equal(f.detail, "the reply of the proxy proxy:3128 is "
				      "longer than 16384 bytes");
}

static void an_end_before_the_blank_line_is_refused(void **state)
{
	(void)state;
	assert_refused(&plain, "", ERR_PROXY,
		       "proxy:3128 ended the connection before its "
		       "reply was whole: it closed");
	assert_refused(&plain, "HTTP/1.1 200 OK\r\n", ERR_PROXY,
		       "proxy:3128 ended the connection before its "
		       "reply was whole: it closed");
}

static void silence_ends_at_the_deadline(void **state)
{
	struct pair p;
	struct failure f;
	int64_t start_ms = clock_ms();

	(void)state;
	pair_open(&p);
	assert_int_equal(send(p.proxys, "HTTP", 4, 0), 4);
	assert_int_equal(proxy_open(p.ours, &plain, target, start_ms + 50, &f),
			 ERR_TIMEOUT);
	assert_in_range(clock_ms() - start_ms, 50, 5000);
	assert_string_equal(f.detail, "proxy:3128 did not answer to CONNECT");
	pair_close(&p);
}

static void a_proxy_that_is_gone_is_no_signal(void **state)
{
	struct pair p;
	struct failure f;

	(void)state;
	pair_open(&p);
	close(p.proxys);
	p.proxys = -1;
	assert_int_equal(proxy_open(p.ours, &plain, target,
				    clock_ms() + PATIENCE_MS, &f),
			 ERR_PROXY);
	assert_string_equal(f.detail, "proxy:3128 ended the "
				      "connection before its reply was whole: "
				      "Broken pipe");
	pair_close(&p);
}

static void a_reply_in_single_bytes_leaves_the_next_unread(void **state)
{
	struct pair p;
	struct failure f;
	char next[4];
	int go_on[2];
	pid_t child;

	(void)state;
	pair_open(&p);
	assert_int_equal(pipe(go_on), 0);
	child = fork();
	if (!child) {
		for (const char *at = ESTABLISHED; *at; at++) {
			usleep(500);
			if (send(p.proxys, at, 1, 0) != 1)
				_exit(1);
		}
		_exit(read(go_on[0], next, 1) != 1 ||
		      send(p.proxys, "TLS!", 4, 0) != 4);
	}
	assert_int_equal(proxy_open(p.ours, &plain, target,
				    clock_ms() + PATIENCE_MS, &f),
			 ERR_OK);
	assert_int_equal(recv(p.ours, next, 4, MSG_DONTWAIT), -1);
	assert_int_equal(errno, EAGAIN);
	assert_int_equal(write(go_on[1], "", 1), 1);
	waitpid(child, NULL, 0);
	assert_int_equal(recv(p.ours, next, 4, 0), 4);
	close(go_on[0]);
	close(go_on[1]);
	pair_close(&p);
}

/* A proxy that reads nothing until the socket's buffer is full. */
static void a_full_socket_is_waited_for(void **state)
{
	struct pair p;
	struct failure f;
	char block[4096] = {0};

	(void)state;
	pair_open(&p);
	while (send(p.ours, block, sizeof(block), MSG_DONTWAIT) > 0)
		;
	while (send(p.ours, block, 1, MSG_DONTWAIT) > 0)
		;
	assert_int_equal(
		proxy_open(p.ours, &plain, target, clock_ms() + 50, &f),
		ERR_TIMEOUT);
	pair_close(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_request_names_the_target_twice),
		cmocka_unit_test(credentials_go_into_their_header),
		cmocka_unit_test(the_longest_request_is_whole),
		cmocka_unit_test(a_200_opens),
		cmocka_unit_test(refusals_are_told_apart),
		cmocka_unit_test(what_is_not_http_is_known_by_its_first_bytes),
		cmocka_unit_test(the_status_line_is_cut),
		cmocka_unit_test(bytes_after_the_reply_are_refused),
		cmocka_unit_test(
			a_reply_of_the_limit_opens_and_one_more_byte_does_not),
		cmocka_unit_test(an_end_before_the_blank_line_is_refused),
		cmocka_unit_test(silence_ends_at_the_deadline),
		cmocka_unit_test(a_proxy_that_is_gone_is_no_signal),
		cmocka_unit_test(
			a_reply_in_single_bytes_leaves_the_next_unread),
		cmocka_unit_test(a_full_socket_is_waited_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
