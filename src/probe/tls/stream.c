/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bounded socket under TLS; see stream.h.
 */
#include "probe/tls/stream.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "common/clock.h"

/* see stream.h */
void stream_begin(struct stream *s, int fd, int64_t deadline_ms,
		  size_t bytes_max)
{
	*s = (struct stream){
		.fd = fd, .deadline_ms = deadline_ms, .bytes_left = bytes_max};
}

/* True when FD is ready or broken: the next call tells which. */
static bool wait_for(struct stream *s, short events)
{
	struct pollfd fd = {s->fd, events, 0};
	int ready;

	do {
		ready = poll(&fd, 1, clock_wait_ms(s->deadline_ms));
	} while (ready < 0 && errno == EINTR);
	s->timed_out = ready == 0;
	if (ready < 0)
		s->cause = errno;
	return ready > 0;
}

static bool is_transient(int cause)
{
	return cause == EAGAIN || cause == EWOULDBLOCK || cause == EINTR;
}

/* see stream.h */
int stream_send(struct stream *s, const unsigned char *data, size_t len)
{
	for (;;) {
		ssize_t n = send(s->fd, data, len, MSG_NOSIGNAL);

		if (n >= 0)
			return (int)n;
		if (!is_transient(errno)) {
			s->cause = errno;
			return -1;
		}
		if (!wait_for(s, POLLOUT))
			return -1;
	}
}

static void keep_head(struct stream *s, const unsigned char *data, size_t len)
{
	size_t room = sizeof(s->head) - s->head_len;

	if (len > room)
		len = room;
	if (len)
		memcpy(s->head + s->head_len, data, len);
	s->head_len += len;
}

/* see stream.h */
int stream_receive(struct stream *s, unsigned char *data, size_t len)
{
	if (s->bytes_left == 0) {
		s->exhausted = true;
		return -1;
	}
	if (len > s->bytes_left)
		len = s->bytes_left;
	for (;;) {
		ssize_t n;

		/* Also between bytes that keep coming. */
		if (clock_ms() >= s->deadline_ms) {
			s->timed_out = true;
			return -1;
		}
		n = recv(s->fd, data, len, 0);
		if (n >= 0) {
			s->ended = n == 0;
			s->bytes_left -= (size_t)n;
			keep_head(s, data, (size_t)n);
			return (int)n;
		}
		if (!is_transient(errno)) {
			s->cause = errno;
			return -1;
		}
		if (!wait_for(s, POLLIN))
			return -1;
	}
}
