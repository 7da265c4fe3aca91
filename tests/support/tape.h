/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A peer that has said everything beforehand: takes the place of the socket
 * under the TLS client for a test that names stream_receive and
 * stream_send as wrapped. After its last byte it has closed.
 */
#ifndef SUPPORT_TAPE_H
#define SUPPORT_TAPE_H

#include "common/bytes.h"
#include "probe/tls/stream.h"

struct tape {
	struct bytes left; /* still to be received */
	size_t piece;	   /* bytes at a time; 0: all */
	size_t sent_len;   /* what was sent, as far as there is room */
	uint8_t sent[16384];
};

/* Each program has one. */
static struct tape tape;

int __wrap_stream_receive(struct stream *s, unsigned char *data, size_t len);
int __wrap_stream_send(struct stream *s, const unsigned char *data, size_t len);

int __wrap_stream_receive(struct stream *s, unsigned char *data, size_t len)
{
	if (len > tape.left.len)
		len = tape.left.len;
	if (tape.piece && len > tape.piece)
		len = tape.piece;
	if (len)
		memcpy(data, tape.left.data, len);
	if (!s->head_len && len)
		s->head[s->head_len++] = data[0];
	tape.left.data += len;
	tape.left.len -= len;
	s->ended = len == 0;
	return (int)len;
}

int __wrap_stream_send(struct stream *s, const unsigned char *data, size_t len)
{
	size_t room = sizeof(tape.sent) - tape.sent_len;
	size_t kept = len < room ? len : room;

	(void)s;
	if (kept)
		memcpy(tape.sent + tape.sent_len, data, kept);
	tape.sent_len += kept;
	return (int)len;
}

#endif
