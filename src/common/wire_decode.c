/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decoder of a probe's report; in the installer, which trusts nothing of it. A
 * change here is a change in wire_encode.c. Pure bytes.
 */
#include <string.h>

#include "common/wire.h"
#include "common/wire_record.h"

/* Sticky: a read past the end yields zeros and is seen once,
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

/* Printable, and blanks stand alone between other characters. */
static bool is_clean(struct bytes text)
{
	bool was_blank = true;

	for (size_t i = 0; i < text.len; i++) {
		bool is_blank = text.data[i] == ' ';

		if (text.data[i] < 0x20 || text.data[i] > 0x7e ||
		    (is_blank && was_blank))
			return false;
		was_blank = is_blank;
	}
	return !text.len || !was_blank;
}

static struct bytes take_text(struct reader *r, size_t len, size_t len_max)
{
	struct bytes text = take(r, len);

	if (len > len_max || !is_clean(text))
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

static int64_t take_moment(struct reader *r)
{
	int64_t moment = (int64_t)take_number(r, 8);

	if (moment >= MOMENT_FIRST && moment <= MOMENT_LAST)
		return moment;
	r->bad = true;
	return 0;
}

static void take_fingerprint(struct reader *r, struct fingerprint *out)
{
	struct bytes b = take(r, sizeof(out->sha256));

	if (b.len)
		memcpy(out->sha256, b.data, b.len);
}

static void take_certificate(struct reader *r, struct outcome *out)
{
	struct wire_certificate *c = &out->certs[out->cert_count];

	if (out->cert_count == REPORT_CERTS_MAX) {
		r->bad = true;
		return;
	}
	c->flags = (unsigned)take_number(r, 2);
	c->not_before = take_moment(r);
	c->not_after = take_moment(r);
	take_fingerprint(r, &c->key_pin);
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

static void take_failure(struct reader *r, unsigned failures,
			 struct outcome *out)
{
	uint64_t code = take_number(r, 1);

	if (code >= ERR_COUNT_ || !(failures & 1U << code))
		r->bad = true;
	else
		out->failure.code = (enum err)code;
	take_string(r, out->failure.detail, sizeof(out->failure.detail));
}

static void take_connection(struct reader *r, struct outcome *out)
{
	uint64_t reply;

	out->tls_version = (uint16_t)take_number(r, 2);
	out->flags = (unsigned)take_number(r, 2);
	reply = take_number(r, 1);
	out->status = (uint16_t)take_number(r, 2);
	if (out->flags & ~(unsigned)OUTCOME_FLAGS_ ||
	    reply >= WIRE_REPLY_COUNT_)
		r->bad = true;
	else
		out->reply = (enum wire_reply)reply;
	take_string(r, out->address, sizeof(out->address));
	if (!r->bad && strchr(out->address, ' '))
		r->bad = true;
}

static void take_verdict(struct reader *r, struct outcome *out)
{
	uint64_t act = take_number(r, 1);
	uint64_t code = take_number(r, 1);
	uint64_t remark = take_number(r, 1);
	struct wire_verdict *v;

	if (act >= WIRE_ACTS_ || code >= VERDICT_CODES_COUNT_ ||
	    remark >= REMARK_COUNT_ || out->verdict[act].reached) {
		r->bad = true;
		return;
	}
	v = &out->verdict[act];
	v->reached = true;
	v->code = (enum verdict_code)code;
	v->remark = (enum verdict_remark)remark;
	v->text = take_text(r, (size_t)take_number(r, 2), TEXT_CHARS_MAX);
	v->others = take_text(r, (size_t)take_number(r, 2), TEXT_CHARS_MAX);
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
static bool take_record(struct reader *r, unsigned failures,
			struct outcome *out, unsigned *seen)
{
	struct reader content;
	unsigned type = next_record(r, &content);
	bool repeatable = type == RECORD_PHASE || type == RECORD_VERDICT ||
			  type == RECORD_CERTIFICATE;

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
		take_failure(&content, failures, out);
		break;
	case RECORD_CONNECTION:
		take_connection(&content, out);
		break;
	case RECORD_SERVICE:
		out->service = take_text(&content, content.left.len,
					 REGISTRY_CHARS_MAX);
		break;
	case RECORD_VERDICT:
		take_verdict(&content, out);
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
enum err wire_decode(struct bytes frame, unsigned failures, struct outcome *out,
		     struct failure *f)
{
	const unsigned needed = 1U << RECORD_FAILURE | 1U << RECORD_CONNECTION |
				1U << RECORD_END;
	struct reader r = {frame, false};
	unsigned seen = 0;

	out->failure.code = ERR_OK;
	out->failure.detail[0] = '\0';
	out->failure.cause = 0;
	out->failure.next[0] = '\0';
	out->address[0] = '\0';
	out->tls_version = 0;
	out->flags = 0;
	out->reply = WIRE_REPLY_NONE;
	out->status = 0;
	out->service = (struct bytes){NULL, 0};
	memset(out->verdict, 0, sizeof(out->verdict));
	out->cert_count = 0;
	while (!take_record(&r, failures, out, &seen))
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
