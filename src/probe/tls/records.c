/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading records as Go's readRecordOrCCS does, in its order; see records.h.
 */
#include "probe/tls/records.h"

#include "common/limits.h"
#include "probe/tls/explain.h"
#include "probe/tls/record_one.h"

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

static bool pass_over(struct records *r)
{
	r->len = 0;
	return ++r->useless <= USELESS_RECORDS_MAX ||
	       record_fault(r, "tls: too many ignored records");
}

static bool heed_alert(struct records *r)
{
	uint8_t level, what;

	if (r->len != ALERT_BYTES)
		return record_unexpected(r);
	level = r->content[0];
	what = r->content[1];
	if (what == ALERT_CLOSE_NOTIFY) {
		r->over = true;
		return record_fault(r, "EOF");
	}
	if (r->version == TLS13 ? what == ALERT_USER_CANCELED &&
					  r->go.version >= GO_VERSION(25, 0)
				: level == ALERT_WARNING)
		return pass_over(r);
	if (r->version != TLS13 && level != ALERT_FATAL)
		return record_unexpected(r);
	r->alert = what;
	refusal_of_alert(what, r->fault);
	return false;
}

static bool heed_change(struct records *r, bool expected)
{
	if (r->len != 1 || r->content[0] != 1)
		return record_fault(r,
				    "local error: tls: error decoding message");
	if (r->partial)
		return record_unexpected(r);
	if (r->version == TLS13)
		return pass_over(r);
	r->len = 0;
	return expected || record_unexpected(r);
}

/* Read one record; true when it was of use or may be passed over. *CHANGED
 * where a change of keys is expected, and came. */
static bool advance(struct records *r, bool *changed)
{
	uint8_t type;

	if (!record_read(r, &type))
		return false;
	if (!r->reading.suite && type == RECORD_DATA)
		return record_unexpected(r);
	/* Behind the handshake each record of one led on, before Go 1.26. */
	if (r->len > 0 &&
	    (type == RECORD_DATA ||
	     (type == RECORD_HANDSHAKE &&
	      (!r->complete || r->go.version < GO_VERSION(26, 0)))))
		r->useless = 0;
	if (r->version == TLS13 && type != RECORD_HANDSHAKE && r->partial)
		return record_unexpected(r);
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
			return record_unexpected(r);
		return r->len > 0 || pass_over(r);
	case RECORD_HANDSHAKE:
		return (r->len > 0 && !changed) || record_unexpected(r);
	default:
		return record_unexpected(r);
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
		return r->version == TLS12
			       ? record_fault(r,
					      "tls: internal error: attempted "
					      "to read record with pending "
					      "application data")
			       : record_unexpected(r);
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
	return refuses ? record_fault(r,
				      "tls: handshake buffer not empty before "
				      "setting read traffic secret")
		       : false;
}
