/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The start of a TLS 1.2 server's first flight: ServerHello and Certificate
 * depend on nothing that the client says, so that any bytes can be presented
 * as certificates without a TLS library and without a key.
 */
#ifndef SUPPORT_TLS_FLIGHT_H
#define SUPPORT_TLS_FLIGHT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/bytes.h"

#define FLIGHT_BYTES_MAX  (400 * 1024)
#define FLIGHT_RECORD_MAX 16384

struct flight {
	size_t len;
	uint8_t data[FLIGHT_BYTES_MAX];
};

static inline void flight_put(struct flight *f, const void *data, size_t len)
{
	memcpy(f->data + f->len, data, len);
	f->len += len;
}

static inline void flight_put_number(struct flight *f, size_t value, int octets)
{
	while (octets-- > 0)
		f->data[f->len++] = (uint8_t)(value >> (8 * octets));
}

/* LEN bytes of handshake messages, in records of at most RECORD bytes. */
static inline void flight_put_handshake(struct flight *f, const uint8_t *data,
					size_t len, size_t record)
{
	while (len) {
		size_t n = len < record ? len : record;

		flight_put(f, "\x16\x03\x03", 3);
		flight_put_number(f, n, 2);
		flight_put(f, data, n);
		data += n;
		len -= n;
	}
}

/* Append both messages, with COUNT certificates, to F. */
static inline void flight_put_chain(struct flight *f, const struct bytes *certs,
				    size_t count, size_t record)
{
	static struct flight messages;
	size_t total = 0;

	for (size_t i = 0; i < count; i++)
		total += 3 + certs[i].len;
	messages.len = 0;
	/* No session, ECDHE-RSA-AES128-GCM-SHA256, no compression, and the
	 * extension of RFC 5746. */
	flight_put(&messages, "\x02\x00\x00\x2d\x03\x03", 6);
	flight_put(&messages, "0123456789abcdef0123456789abcdef", 32);
	flight_put(&messages, "\x00\xc0\x2f\x00\x00\x05\xff\x01\x00\x01\x00",
		   11);
	flight_put(&messages, "\x0b", 1);
	flight_put_number(&messages, total + 3, 3);
	flight_put_number(&messages, total, 3);
	for (size_t i = 0; i < count; i++) {
		flight_put_number(&messages, certs[i].len, 3);
		flight_put(&messages, certs[i].data, certs[i].len);
	}
	flight_put_handshake(f, messages.data, messages.len, record);
}

#endif
