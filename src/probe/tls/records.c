/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading records as Go's readRecordOrCCS does, in its order; see records.h.
 */
#include "probe/tls/records.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "common/limits.h"
#include "probe/tls/explain.h"

/* RFC 2246: no version above 3.x has ever been; Go takes it for another
 * protocol. */
#define VERSION_ABSURD 0x1000
#define TYPE_SSL2      0x80

static bool fault(struct records *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static bool fault(struct records *r, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(r->fault, sizeof(r->fault), format, arguments);
	va_end(arguments);
	return false;
}

static bool unexpected(struct records *r)
{
	return fault(r, "local error: tls: unexpected message");
}

/* see records.h */
void records_open(struct records *r, struct stream *stream,
		  struct go_release go)
{
	memset(r, 0, offsetof(struct records, body));
	r->stream = stream;
	r->go = go;
	r->alert = EXPLAIN_NO_ALERT;
	r->out_len = 0;
}

/* see records.h */
void records_close(struct records *r)
{
	protect_end(&r->reading);
	protect_end(&r->writing);
}

/* Go's words for a connection that ends, AT so many bytes of a record. */
static bool lose(struct records *r, size_t at)
{
	if (r->stream->timed_out || r->stream->exhausted)
		return false;
	if (r->stream->cause == ECONNRESET)
		return fault(r, "read: connection reset by peer");
	if (r->stream->cause)
		return false;
	return fault(r, at ? "unexpected EOF" : "EOF");
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
		return fault(r, "tls: unsupported SSLv2 handshake received");
	/* Go looked at it in TLS 1.2 alone before 1.21. */
	if (r->version && version != TLS12 &&
	    (r->version == TLS12 || r->go.version >= GO_VERSION(21, 0)))
		return fault(r,
			     "tls: received record with version %x when "
			     "expecting version %x",
			     version, TLS12);
	if (!r->version &&
	    ((header[0] != RECORD_ALERT && header[0] != RECORD_HANDSHAKE) ||
	     version >= VERSION_ABSURD))
		return fault(r, "tls: first record does not look like a TLS "
				"handshake");
	return len <= PROTECT_PLAIN_MAX + growth ||
	       fault(r, "tls: oversized record received with length %zu", len);
}

/* TLS 1.3: the type is the last octet that is not zero. */
static bool find_type(struct records *r, uint8_t *type)
{
	if (*type != RECORD_DATA)
		return unexpected(r);
	if (r->len > PROTECT_PLAIN_MAX + 1)
		return fault(r, "local error: tls: record overflow");
	while (r->len > 0 && r->content[r->len - 1] == 0)
		r->len--;
	if (r->len == 0)
		return unexpected(r);
	*type = r->content[--r->len];
	return true;
}

static bool read_record(struct records *r, uint8_t *type)
{
	uint8_t header[RECORD_HEADER_BYTES];

	r->at = r->len = 0;
	if (!read_full(r, header, sizeof(header), 0))
		return false;
	*type = header[0];
	r->content = r->body;
	if (!check_header(r, header, (size_t)header[3] << 8 | header[4]) ||
	    !read_full(r, r->body, (size_t)header[3] << 8 | header[4],
		       sizeof(header)))
		return false;
	r->len = (size_t)header[3] << 8 | header[4];
	if (r->reading.suite && (r->version == TLS12 || *type != RECORD_CCS)) {
		if (!protect_open(&r->reading, header, &r->content, &r->len))
			return fault(r, "local error: tls: bad record MAC");
		if (r->version == TLS13 && !find_type(r, type))
			return false;
	}
	return r->len <= PROTECT_PLAIN_MAX ||
	       fault(r, "local error: tls: record overflow");
}

static bool pass_over(struct records *r)
{
	r->len = 0;
	return ++r->useless <= USELESS_RECORDS_MAX ||
	       fault(r, "tls: too many ignored records");
}

static bool heed_alert(struct records *r)
{
	uint8_t level = r->content[0], what = r->content[1];

	if (r->len != ALERT_BYTES)
		return unexpected(r);
	if (what == ALERT_CLOSE_NOTIFY)
		return fault(r, "EOF");
	if (r->version == TLS13 ? what == ALERT_USER_CANCELED &&
					  r->go.version >= GO_VERSION(25, 0)
				: level == ALERT_WARNING)
		return pass_over(r);
	if (r->version != TLS13 && level != ALERT_FATAL)
		return unexpected(r);
	r->alert = what;
	refusal_of_alert(what, r->fault);
	return false;
}

static bool heed_change(struct records *r, bool expected)
{
	if (r->len != 1 || r->content[0] != 1)
		return fault(r, "local error: tls: error decoding message");
	if (r->partial)
		return unexpected(r);
	if (r->version == TLS13)
		return pass_over(r);
	r->len = 0;
	return expected || unexpected(r);
}

/* Read one record; true when it was of use or may be passed over. *CHANGED
 * where a change of keys is expected, and came. */
static bool advance(struct records *r, bool *changed)
{
	uint8_t type;

	if (!read_record(r, &type))
		return false;
	if (!r->reading.suite && type == RECORD_DATA)
		return unexpected(r);
	if (r->len > 0 &&
	    (type == RECORD_DATA || (type == RECORD_HANDSHAKE && !r->complete)))
		r->useless = 0;
	if (r->version == TLS13 && type != RECORD_HANDSHAKE && r->partial)
		return unexpected(r);
	r->data = type == RECORD_DATA;
	switch (type) {
	case RECORD_ALERT:
		return heed_alert(r);
	case RECORD_CCS:
		if (!heed_change(r, changed != NULL))
			return false;
		if (changed && r->version == TLS12)
			*changed = true;
		return true;
	case RECORD_DATA:
		if (!r->complete || changed)
			return unexpected(r);
		return r->len > 0 || pass_over(r);
	case RECORD_HANDSHAKE:
		return (r->len > 0 && !changed) || unexpected(r);
	default:
		return unexpected(r);
	}
}

/* see records.h */
bool records_take(struct records *r, size_t most, struct bytes *taken)
{
	r->fault[0] = '\0';
	while (r->at == r->len)
		if (!advance(r, NULL))
			return false;
	if (r->data)
		return unexpected(r);
	taken->data = r->content + r->at;
	taken->len = most < r->len - r->at ? most : r->len - r->at;
	r->at += taken->len;
	return true;
}

/* see records.h */
bool records_data(struct records *r, struct bytes *taken)
{
	r->fault[0] = '\0';
	while (r->at == r->len)
		if (!advance(r, NULL))
			return false;
	if (!r->data)
		return false;
	taken->data = r->content + r->at;
	taken->len = r->len - r->at;
	r->at = r->len;
	return true;
}

/* see records.h */
bool records_change(struct records *r)
{
	bool changed = false;

	r->fault[0] = '\0';
	/* What is left over is noticed once the record is there. */
	if (r->at != r->len)
		r->partial = true;
	while (!changed)
		if (!advance(r, &changed))
			return false;
	return true;
}

/* see records.h */
bool records_end_of_key(struct records *r)
{
	bool refuses = r->go.version >= GO_VERSION(25, 6) ||
		       (r->go.version >= GO_VERSION(24, 12) &&
			r->go.version < GO_VERSION(25, 0));

	r->fault[0] = '\0';
	if (r->at == r->len)
		return true;
	return refuses ? fault(r, "tls: handshake buffer not empty before "
				  "setting read traffic secret")
		       : false;
}
