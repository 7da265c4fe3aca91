/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Encoder of a probe's report; in the probe. A change here is a change in
 * wire_decode.c. Pure bytes.
 */
#include <string.h>

#include "common/octets.h"
#include "common/wire.h"
#include "common/wire_record.h"

/* Begin a record; octets_close ends it, with what this returns. */
static size_t open_record(struct octets_out *w, enum record type)
{
	octets_put_number(w, type, 1);
	return octets_open(w, RECORD_LENGTH_BYTES);
}

static void close_record(struct octets_out *w, size_t at)
{
	octets_close(w, at, RECORD_LENGTH_BYTES);
}

/* TEXT without blanks at its ends and with one for each run of them, as much
 * of it as LEN_MAX characters hold. */
static void put_clean(struct octets_out *w, struct bytes text, size_t len_max)
{
	bool is_blank = false;
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		size_t more = len && is_blank ? 2 : 1;

		if (text.data[i] == ' ') {
			is_blank = true;
			continue;
		}
		if (len + more > len_max)
			break;
		octets_put(w, " ", more - 1);
		octets_put(w, &text.data[i], 1);
		len += more;
		is_blank = false;
	}
}

static void put_text(struct octets_out *w, struct bytes text)
{
	size_t at = octets_open(w, 2);

	put_clean(w, text, TEXT_CHARS_MAX);
	octets_close(w, at, 2);
}

static void put_string(struct octets_out *w, const char *text)
{
	put_clean(w, bytes_of(text), strlen(text));
}

static void put_certificate(struct octets_out *w,
			    const struct wire_certificate *c)
{
	size_t record = open_record(w, RECORD_CERTIFICATE);
	size_t at;

	octets_put_number(w, c->flags, 2);
	octets_put_number(w, (uint64_t)c->not_before, 8);
	octets_put_number(w, (uint64_t)c->not_after, 8);
	octets_put(w, c->key_pin.sha256, sizeof(c->key_pin.sha256));
	at = octets_open(w, 4);
	octets_put(w, c->der.data, c->der.len);
	octets_close(w, at, 4);
	put_text(w, c->subject);
	put_text(w, c->issuer);
	put_text(w, c->sans);
	put_text(w, c->key);
	close_record(w, record);
}

static void put_verdict(struct octets_out *w, const struct outcome *o,
			enum wire_act act)
{
	const struct wire_verdict *v = &o->verdict[act];
	size_t record = open_record(w, RECORD_VERDICT);

	octets_put_number(w, act, 1);
	octets_put_number(w, v->code, 1);
	octets_put_number(w, v->remark, 1);
	put_text(w, v->text);
	put_text(w, v->others);
	close_record(w, record);
}

/* Only where there is something to say, as of the service. */
static void put_settings(struct octets_out *w, const struct settings *s)
{
	size_t record;

	if (s->flags) {
		record = open_record(w, RECORD_SETTINGS);
		octets_put_number(w, s->flags, 1);
		close_record(w, record);
	}
	for (size_t i = 0; i < s->name_count; i++) {
		record = open_record(w, RECORD_NAME);
		octets_put_number(w, s->names[i].list, 1);
		octets_put(w, s->names[i].text.data, s->names[i].text.len);
		close_record(w, record);
	}
}

/* see wire.h */
void wire_encode_phase(uint8_t out[WIRE_PHASE_BYTES], enum wire_phase phase)
{
	struct octets_out w = {out, WIRE_PHASE_BYTES, 0, false};
	size_t record = open_record(&w, RECORD_PHASE);

	octets_put_number(&w, phase, 1);
	close_record(&w, record);
}

/* see wire.h */
enum err wire_encode(const struct outcome *o, uint8_t *out, size_t size,
		     size_t *len)
{
	struct octets_out w = {out, size, 0, false};
	size_t record = open_record(&w, RECORD_FAILURE);

	octets_put_number(&w, o->failure.code, 1);
	put_string(&w, o->failure.detail);
	close_record(&w, record);
	record = open_record(&w, RECORD_CONNECTION);
	octets_put_number(&w, o->tls_version, 2);
	octets_put_number(&w, o->flags, 2);
	octets_put_number(&w, o->reply, 1);
	octets_put_number(&w, o->status, 2);
	put_string(&w, o->address);
	close_record(&w, record);
	if (o->service.len) {
		record = open_record(&w, RECORD_SERVICE);
		octets_put(&w, o->service.data, o->service.len);
		close_record(&w, record);
	}
	put_settings(&w, &o->settings);
	for (int act = 0; act < WIRE_ACTS_; act++)
		if (o->verdict[act].reached)
			put_verdict(&w, o, (enum wire_act)act);
	for (size_t i = 0; i < o->cert_count; i++)
		put_certificate(&w, &o->certs[i]);
	close_record(&w, open_record(&w, RECORD_END));
	*len = w.overflow ? 0 : w.len;
	return w.overflow ? ERR_LIMIT : ERR_OK;
}
