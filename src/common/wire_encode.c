/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Encoder of a probe's report; in the probe. A change here is a change in
 * wire_decode.c. Pure bytes.
 */
#include <string.h>

#include "common/octets.h"
#include "common/wire.h"
#include "common/wire_record.h"

static void put_header(struct octets_out *w, enum record type, size_t len)
{
	octets_put_number(w, type, 1);
	octets_put_number(w, len, 4);
}

/* TEXT without blanks at its ends and with one for each run of them, as much
 * of it as LEN_MAX characters hold. Returns how many were put. */
static size_t put_clean(struct octets_out *w, struct bytes text, size_t len_max)
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
	return len;
}

static void put_text(struct octets_out *w, struct bytes text)
{
	size_t at = w->len;
	struct octets_out back = {w->data + at, 2, 0, false};
	size_t len;

	octets_put_number(w, 0, 2);
	len = put_clean(w, text, TEXT_CHARS_MAX);
	if (!w->overflow)
		octets_put_number(&back, len, 2);
}

static void put_string(struct octets_out *w, const char *text)
{
	size_t len = strlen(text);

	put_clean(w, (struct bytes){(const uint8_t *)text, len}, len);
}

/* The record whose header is at HEADER ends here: write its length there. */
static void close_record(struct octets_out *w, size_t header, enum record type)
{
	struct octets_out back = {w->data + header, HEADER_BYTES, 0, false};

	if (!w->overflow)
		put_header(&back, type, w->len - header - HEADER_BYTES);
}

static void put_certificate(struct octets_out *w,
			    const struct wire_certificate *c)
{
	size_t header = w->len;

	put_header(w, RECORD_CERTIFICATE, 0);
	octets_put_number(w, c->flags, 2);
	octets_put_number(w, (uint64_t)c->not_before, 8);
	octets_put_number(w, (uint64_t)c->not_after, 8);
	octets_put(w, c->key_pin.sha256, sizeof(c->key_pin.sha256));
	octets_put_number(w, c->der.len, 4);
	octets_put(w, c->der.data, c->der.len);
	put_text(w, c->subject);
	put_text(w, c->issuer);
	put_text(w, c->sans);
	put_text(w, c->key);
	close_record(w, header, RECORD_CERTIFICATE);
}

static void put_verdict(struct octets_out *w, const struct outcome *o,
			enum wire_act act)
{
	const struct wire_verdict *v = &o->verdict[act];
	size_t header = w->len;

	put_header(w, RECORD_VERDICT, 0);
	octets_put_number(w, act, 1);
	octets_put_number(w, v->code, 1);
	octets_put_number(w, v->remark, 1);
	put_text(w, v->text);
	put_text(w, v->others);
	close_record(w, header, RECORD_VERDICT);
}

/* Only where there is something to say, as of the service. */
static void put_settings(struct octets_out *w, const struct settings *s)
{
	if (s->flags) {
		put_header(w, RECORD_SETTINGS, 1);
		octets_put_number(w, s->flags, 1);
	}
	for (size_t i = 0; i < s->name_count; i++) {
		struct bytes text = s->names[i].text;

		put_header(w, RECORD_NAME, 1 + text.len);
		octets_put_number(w, s->names[i].list, 1);
		octets_put(w, text.data, text.len);
	}
}

/* see wire.h */
void wire_encode_phase(uint8_t out[WIRE_PHASE_BYTES], enum wire_phase phase)
{
	struct octets_out w = {out, WIRE_PHASE_BYTES, 0, false};

	put_header(&w, RECORD_PHASE, 1);
	octets_put_number(&w, phase, 1);
}

/* see wire.h */
enum err wire_encode(const struct outcome *o, uint8_t *out, size_t size,
		     size_t *len)
{
	struct octets_out w = {out, size, 0, false};
	size_t header = 0;

	put_header(&w, RECORD_FAILURE, 0);
	octets_put_number(&w, o->failure.code, 1);
	put_string(&w, o->failure.detail);
	close_record(&w, header, RECORD_FAILURE);
	header = w.len;
	put_header(&w, RECORD_CONNECTION, 0);
	octets_put_number(&w, o->tls_version, 2);
	octets_put_number(&w, o->flags, 2);
	octets_put_number(&w, o->reply, 1);
	octets_put_number(&w, o->status, 2);
	put_string(&w, o->address);
	close_record(&w, header, RECORD_CONNECTION);
	if (o->service.len) {
		put_header(&w, RECORD_SERVICE, o->service.len);
		octets_put(&w, o->service.data, o->service.len);
	}
	put_settings(&w, &o->settings);
	for (int act = 0; act < WIRE_ACTS_; act++)
		if (o->verdict[act].reached)
			put_verdict(&w, o, (enum wire_act)act);
	for (size_t i = 0; i < o->cert_count; i++)
		put_certificate(&w, &o->certs[i]);
	put_header(&w, RECORD_END, 0);
	*len = w.overflow ? 0 : w.len;
	return w.overflow ? ERR_LIMIT : ERR_OK;
}
