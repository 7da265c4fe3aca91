/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/tls/record_one.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "common/limits.h"
#include "probe/tls/explain.h"

/* RFC 2246: no version above 3.x has ever been; Go takes it for another
 * protocol. */
#define VERSION_ABSURD 0x1000
#define TYPE_SSL2      0x80

/* see record_one.h */
bool record_fault(struct records *r, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(r->fault, sizeof(r->fault), format, arguments);
	va_end(arguments);
	return false;
}

/* see record_one.h */
bool record_unexpected(struct records *r)
{
	return record_fault(r, "local error: tls: unexpected message");
}

/* Go's words for a connection that ends, AT so many bytes of a record. */
static bool lose(struct records *r, size_t at)
{
	if (r->stream->timed_out || r->stream->exhausted)
		return false;
	r->over = true;
	if (r->stream->cause == ECONNRESET)
		return record_fault(r, "read: connection reset by peer");
	if (r->stream->cause)
		return false;
	return record_fault(r, at ? "unexpected EOF" : "EOF");
}

static bool read_full(struct records *r, uint8_t *out, size_t len,
		      size_t before)
{
	for (size_t at = 0; at < len;) {
		int n = stream_receive(r->stream, out + at, len - at);

		if (n <= 0)
			return lose(r, before + at);
		at += (size_t)n;
	}
	return true;
}

/* What the header alone tells. */
static bool check_header(struct records *r, const uint8_t *header, size_t len)
{
	unsigned version = (unsigned)header[1] << 8 | header[2];
	size_t growth =
		r->version == TLS13 ? PROTECT_GROWTH_13 : PROTECT_GROWTH_12;

	if (header[0] == TYPE_SSL2 && !r->complete)
		return record_fault(
			r, "tls: unsupported SSLv2 handshake received");
	/* Go looked at it in TLS 1.2 alone before 1.21. */
	if (r->version && version != TLS12 &&
	    (r->version == TLS12 || r->go.version >= GO_VERSION(21, 0)))
		return record_fault(r,
				    "tls: received record with version %x when "
				    "expecting version %x",
				    version, TLS12);
	if (!r->version &&
	    ((header[0] != RECORD_ALERT && header[0] != RECORD_HANDSHAKE) ||
	     version >= VERSION_ABSURD))
		return record_fault(
			r, "tls: first record does not look like a TLS "
			   "handshake");
	return len <= PROTECT_PLAIN_MAX + growth ||
	       record_fault(r, "tls: oversized record received with length %zu",
			    len);
}

/* TLS 1.3: the type is the last octet that is not zero. */
static bool find_type(struct records *r, uint8_t *type)
{
	if (*type != RECORD_DATA)
		return record_unexpected(r);
	if (r->len > PROTECT_PLAIN_MAX + 1)
		return record_fault(r, "local error: tls: record overflow");
	/* Go's loop does not look into what is empty: data, of no length. */
	if (r->len == 0)
		return true;
	while (r->len > 0 && r->content[r->len - 1] == 0)
		r->len--;
	if (r->len == 0)
		return record_unexpected(r);
	*type = r->content[--r->len];
	return true;
}

/* see record_one.h */
bool record_read(struct records *r, uint8_t *type)
{
	uint8_t header[RECORD_HEADER_BYTES];

	r->at = r->len = 0;
	if (!read_full(r, header, sizeof(header), 0))
		return false;
	*type = header[0];
	r->content = r->body;
	if (!check_header(r, header, (size_t)header[3] << 8 | header[4]))
		return memcmp(header, "HTTP/", sizeof(header)) == 0
			       ? record_fault(r, "http: server gave HTTP "
						 "response to HTTPS client")
			       : false;
	if (!read_full(r, r->body, (size_t)header[3] << 8 | header[4],
		       sizeof(header)))
		return false;
	r->len = (size_t)header[3] << 8 | header[4];
	if (r->reading.suite && (r->version == TLS12 || *type != RECORD_CCS)) {
		if (!protect_open(&r->reading, header, &r->content, &r->len))
			return record_fault(r,
					    "local error: tls: bad record MAC");
		if (r->version == TLS13 && !find_type(r, type))
			return false;
	}
	return r->len <= PROTECT_PLAIN_MAX ||
	       record_fault(r, "local error: tls: record overflow");
}
