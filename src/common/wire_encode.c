/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Encoder of a probe's report; in the probe. A change here is a change in
 * wire_decode.c. Pure bytes.
 */
#include <string.h>

#include "common/wire.h"
#include "common/wire_record.h"

/* Sticky: after the first overflow nothing more is written, and one look at
 * the end tells. */
struct writer {
	uint8_t *data;
	size_t size;
	size_t len;
	bool overflow;
};

static void put(struct writer *w, const void *data, size_t len)
{
	if (w->overflow || len > w->size - w->len) {
		w->overflow = true;
		return;
	}
	if (len)
		memcpy(w->data + w->len, data, len);
	w->len += len;
}

static void put_number(struct writer *w, uint64_t value, size_t octets)
{
	while (octets-- > 0) {
		uint8_t octet = (uint8_t)(value >> (8 * octets));

		put(w, &octet, 1);
	}
}

static void put_header(struct writer *w, enum record type, size_t len)
{
	put_number(w, type, 1);
	put_number(w, len, 4);
}

static void put_text(struct writer *w, struct bytes text)
{
	size_t len = text.len < TEXT_CHARS_MAX ? text.len : TEXT_CHARS_MAX;

	put_number(w, len, 2);
	put(w, text.data, len);
}

/* The record whose header is at HEADER ends here: write its length there. */
static void close_record(struct writer *w, size_t header, enum record type)
{
	struct writer back = {w->data + header, HEADER_BYTES, 0, false};

	if (!w->overflow)
		put_header(&back, type, w->len - header - HEADER_BYTES);
}

static void put_certificate(struct writer *w, const struct wire_certificate *c)
{
	size_t header = w->len;

	put_header(w, RECORD_CERTIFICATE, 0);
	put_number(w, c->flags, 2);
	put_number(w, (uint64_t)c->not_before, 8);
	put_number(w, (uint64_t)c->not_after, 8);
	put_number(w, c->der.len, 4);
	put(w, c->der.data, c->der.len);
	put_text(w, c->subject);
	put_text(w, c->issuer);
	put_text(w, c->sans);
	put_text(w, c->key);
	close_record(w, header, RECORD_CERTIFICATE);
}

static void put_verdict(struct writer *w, const struct wire_verdict *v)
{
	size_t header = w->len;

	put_header(w, RECORD_VERDICT, 0);
	put_number(w, v->accepted, 1);
	put_text(w, v->text);
	put_text(w, v->others);
	put_text(w, v->cause);
	put_text(w, v->remedy);
	put_text(w, v->who);
	close_record(w, header, RECORD_VERDICT);
}

/* see wire.h */
void wire_encode_phase(uint8_t out[WIRE_PHASE_BYTES], enum wire_phase phase)
{
	struct writer w = {out, WIRE_PHASE_BYTES, 0, false};

	put_header(&w, RECORD_PHASE, 1);
	put_number(&w, phase, 1);
}

/* see wire.h */
enum err wire_encode(const struct outcome *o, uint8_t *out, size_t size,
		     size_t *len)
{
	struct writer w = {out, size, 0, false};
	size_t detail = strlen(o->failure.detail);
	size_t address = strlen(o->address);

	put_header(&w, RECORD_FAILURE, 1 + detail);
	put_number(&w, o->failure.code, 1);
	put(&w, o->failure.detail, detail);
	put_header(&w, RECORD_CONNECTION, 4 + address);
	put_number(&w, o->tls_version, 2);
	put_number(&w, o->flags, 2);
	put(&w, o->address, address);
	if (o->service.len) {
		put_header(&w, RECORD_SERVICE, o->service.len);
		put(&w, o->service.data, o->service.len);
	}
	if (o->verdict.reached)
		put_verdict(&w, &o->verdict);
	for (size_t i = 0; i < o->cert_count; i++)
		put_certificate(&w, &o->certs[i]);
	put_header(&w, RECORD_END, 0);
	*len = w.overflow ? 0 : w.len;
	return w.overflow ? ERR_LIMIT : ERR_OK;
}
