/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What we send; see records.h.
 */
#include "probe/tls/records.h"

/* see records.h */
bool records_put(struct records *r, uint8_t type, const void *data, size_t len)
{
	uint8_t *record = r->out + r->out_len;
	size_t room = sizeof(r->out) - r->out_len;

	r->fault[0] = '\0';
	if (len + RECORD_HEADER_BYTES + PROTECT_OVERHEAD_MAX > room)
		return false;
	if (r->writing.suite) {
		len = protect_seal(&r->writing, type, data, len,
				   record + RECORD_HEADER_BYTES, record);
		if (!len)
			return false;
	} else {
		record[0] = type;
		/* As Go: the first has TLS 1.0's version. */
		record[1] = TLS12 >> 8;
		record[2] = r->version ? TLS12 & 0xff : 1;
		memcpy(record + RECORD_HEADER_BYTES, data, len);
	}
	record[3] = (uint8_t)(len >> 8);
	record[4] = (uint8_t)len;
	r->out_len += RECORD_HEADER_BYTES + len;
	return true;
}

/* see records.h */
bool records_flush(struct records *r)
{
	r->fault[0] = '\0';
	for (size_t at = 0; at < r->out_len;) {
		int n = stream_send(r->stream, r->out + at, r->out_len - at);

		if (n < 0)
			return false;
		at += (size_t)n;
	}
	r->out_len = 0;
	return true;
}

/* see records.h */
void records_end(struct records *r)
{
	static const uint8_t alert[] = {ALERT_WARNING, ALERT_CLOSE_NOTIFY};

	r->out_len = 0;
	(void)(records_put(r, RECORD_ALERT, alert, sizeof(alert)) &&
	       records_flush(r));
}
