/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Encoder (probe) and decoder (installer) of a probe's report, side by side so
 * that a change to one is seen in the other. Pure bytes.
 */
#include "common/wire.h"

#include <string.h>

enum record {
	RECORD_PHASE = 1,
	RECORD_FAILURE,
	RECORD_CONNECTION,
	RECORD_SERVICE,
	RECORD_VERDICT,
	RECORD_CERTIFICATE,
	RECORD_END
};

#define HEADER_BYTES 5

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

/* Sticky like the writer: a read past the end yields zeros and is seen once,
 * when the record is closed. */
struct reader {
	struct bytes left;
	bool bad;
};

static struct bytes take(struct reader *r, size_t len)
{
	struct bytes taken = {r->left.data, len};

	if (r->bad || len > r->left.len) {
		r->bad = true;
		return (struct bytes){NULL, 0};
	}
	r->left.data += len;
	r->left.len -= len;
	return taken;
}

static uint64_t take_number(struct reader *r, size_t octets)
{
	struct bytes b = take(r, octets);
	uint64_t value = 0;

	for (size_t i = 0; i < b.len; i++)
		value = value << 8 | b.data[i];
	return value;
}

static bool is_printable(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] < 0x20 || text.data[i] > 0x7e)
			return false;
	return true;
}

static struct bytes take_text(struct reader *r, size_t len, size_t len_max)
{
	struct bytes text = take(r, len);

	if (len > len_max || !is_printable(text))
		r->bad = true;
	return text;
}

static void take_string(struct reader *r, char *out, size_t size)
{
	struct bytes text = take_text(r, r->left.len, size - 1);

	if (r->bad)
		return;
	if (text.len)
		memcpy(out, text.data, text.len);
	out[text.len] = '\0';
}

static void take_certificate(struct reader *r, struct outcome *out)
{
	struct wire_certificate *c = &out->certs[out->cert_count];

	if (out->cert_count == CHAIN_CERTS_MAX) {
		r->bad = true;
		return;
	}
	c->flags = (unsigned)take_number(r, 2);
	c->not_before = (int64_t)take_number(r, 8);
	c->not_after = (int64_t)take_number(r, 8);
	c->der = take(r, (size_t)take_number(r, 4));
	c->subject = take_text(r, (size_t)take_number(r, 2), TEXT_CHARS_MAX);
	c->issuer = take_text(r, (size_t)take_number(r, 2), TEXT_CHARS_MAX);
	c->sans = take_text(r, (size_t)take_number(r, 2), TEXT_CHARS_MAX);
	c->key = take_text(r, (size_t)take_number(r, 2), TEXT_CHARS_MAX);
	if (c->flags & ~(unsigned)WIRE_CERT_FLAGS_ || c->der.len == 0 ||
	    c->der.len > CHAIN_BYTES_MAX)
		r->bad = true;
	out->cert_count++;
}

static void take_failure(struct reader *r, struct outcome *out)
{
	uint64_t code = take_number(r, 1);

	if (code >= ERR_COUNT_)
		r->bad = true;
	else
		out->failure.code = (enum err)code;
	take_string(r, out->failure.detail, sizeof(out->failure.detail));
}

static void take_connection(struct reader *r, struct outcome *out)
{
	out->tls_version = (uint16_t)take_number(r, 2);
	out->flags = (unsigned)take_number(r, 2);
	if (out->flags & ~(unsigned)OUTCOME_FLAGS_)
		r->bad = true;
	take_string(r, out->address, sizeof(out->address));
}

static void take_verdict(struct reader *r, struct wire_verdict *v)
{
	uint64_t accepted = take_number(r, 1);

	v->reached = true;
	v->accepted = accepted == 1;
	v->text = take_text(r, (size_t)take_number(r, 2), TEXT_CHARS_MAX);
	v->others = take_text(r, (size_t)take_number(r, 2), TEXT_CHARS_MAX);
	v->cause = take_text(r, (size_t)take_number(r, 2), TEXT_CHARS_MAX);
	v->remedy = take_text(r, (size_t)take_number(r, 2), TEXT_CHARS_MAX);
	v->who = take_text(r, (size_t)take_number(r, 2), TEXT_CHARS_MAX);
	if (accepted > 1)
		r->bad = true;
}

/* The type of the next record, its content in *CONTENT; 0 when there is no
 * whole record. */
static unsigned next_record(struct reader *r, struct reader *content)
{
	unsigned type = (unsigned)take_number(r, 1);
	size_t len = (size_t)take_number(r, 4);

	content->left = take(r, len);
	content->bad = r->bad;
	return r->bad ? 0 : type;
}

/* Returns true when the record was the end. SEEN has one bit a type. */
static bool take_record(struct reader *r, struct outcome *out, unsigned *seen)
{
	struct reader content;
	unsigned type = next_record(r, &content);
	bool repeatable = type == RECORD_PHASE || type == RECORD_CERTIFICATE;

	if (type == 0 || type > RECORD_END ||
	    (!repeatable && (*seen & 1U << type))) {
		r->bad = true;
		return true;
	}
	*seen |= 1U << type;
	switch ((enum record)type) {
	case RECORD_PHASE:
		if (take_number(&content, 1) >= WIRE_PHASE_COUNT_)
			content.bad = true;
		break;
	case RECORD_FAILURE:
		take_failure(&content, out);
		break;
	case RECORD_CONNECTION:
		take_connection(&content, out);
		break;
	case RECORD_SERVICE:
		out->service = take_text(&content, content.left.len,
					 REGISTRY_CHARS_MAX);
		break;
	case RECORD_VERDICT:
		take_verdict(&content, &out->verdict);
		break;
	case RECORD_CERTIFICATE:
		take_certificate(&content, out);
		break;
	case RECORD_END:
		break;
	}
	if (content.bad || content.left.len)
		r->bad = true;
	return r->bad || type == RECORD_END;
}

/* see wire.h */
enum err wire_decode(struct bytes frame, struct outcome *out, struct failure *f)
{
	const unsigned needed = 1U << RECORD_FAILURE | 1U << RECORD_CONNECTION |
				1U << RECORD_END;
	struct reader r = {frame, false};
	unsigned seen = 0;

	out->failure.code = ERR_OK;
	out->failure.detail[0] = '\0';
	out->address[0] = '\0';
	out->tls_version = 0;
	out->flags = 0;
	out->service = (struct bytes){NULL, 0};
	memset(&out->verdict, 0, sizeof(out->verdict));
	out->cert_count = 0;
	while (!take_record(&r, out, &seen))
		continue;
	if (r.bad || r.left.len || (seen & needed) != needed) {
		out->cert_count = 0;
		return failure_set(f, ERR_PROBE,
				   "the probe's report is malformed");
	}
	return ERR_OK;
}

/* see wire.h */
enum wire_phase wire_last_phase(struct bytes frame)
{
	struct reader r = {frame, false};
	enum wire_phase phase = WIRE_PHASE_START;
	struct reader content;

	while (next_record(&r, &content) == RECORD_PHASE) {
		uint64_t told = take_number(&content, 1);

		if (content.bad || told >= WIRE_PHASE_COUNT_)
			break;
		phase = (enum wire_phase)told;
	}
	return phase;
}
