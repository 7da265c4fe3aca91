/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decoder of a probe's report; in the installer, which trusts nothing of it. A
 * change here is a change in wire_encode.c. Pure bytes.
 */
#include <string.h>

#include "common/wire.h"
#include "common/wire_reader.h"
#include "common/wire_record.h"

static struct bytes take_text(struct octets_in *r)
{
	return wire_take_text(r, (size_t)octets_take_number(r, 2),
			      TEXT_CHARS_MAX);
}

static void take_certificate(struct octets_in *r, struct outcome *out)
{
	struct wire_certificate *c = &out->certs[out->cert_count];

	if (out->cert_count == REPORT_CERTS_MAX) {
		r->bad = true;
		return;
	}
	c->flags = (unsigned)octets_take_number(r, 2);
	c->not_before = wire_take_moment(r);
	c->not_after = wire_take_moment(r);
	wire_take_fingerprint(r, &c->key_pin);
	c->der = octets_take_vector(r, 4);
	c->subject = take_text(r);
	c->issuer = take_text(r);
	c->sans = take_text(r);
	c->key = take_text(r);
	if (c->flags & ~(unsigned)WIRE_CERT_FLAGS_ || c->der.len == 0 ||
	    c->der.len > CHAIN_BYTES_MAX)
		r->bad = true;
	out->cert_count++;
}

static void take_failure(struct octets_in *r, unsigned failures,
			 struct outcome *out)
{
	uint64_t code = octets_take_number(r, 1);

	if (code >= ERR_COUNT_ || !(failures & 1U << code))
		r->bad = true;
	else
		out->failure.code = (enum err)code;
	wire_take_string(r, out->failure.detail, sizeof(out->failure.detail));
}

static void take_connection(struct octets_in *r, struct outcome *out)
{
	uint64_t reply;

	out->tls_version = (uint16_t)octets_take_number(r, 2);
	/* Each of its bits is one. */
	out->flags = (unsigned)octets_take_number(r, 2);
	reply = octets_take_number(r, 1);
	out->status = (uint16_t)octets_take_number(r, 2);
	if (reply >= WIRE_REPLY_COUNT_)
		r->bad = true;
	else
		out->reply = (enum wire_reply)reply;
	wire_take_string(r, out->address, sizeof(out->address));
	if (!r->bad && strchr(out->address, ' '))
		r->bad = true;
}

static void take_verdict(struct octets_in *r, struct outcome *out)
{
	uint64_t act = octets_take_number(r, 1);
	uint64_t code = octets_take_number(r, 1);
	uint64_t remark = octets_take_number(r, 1);
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
	v->text = take_text(r);
	v->others = take_text(r);
}

static void take_settings(struct octets_in *r, struct settings *out)
{
	out->flags = (unsigned)octets_take_number(r, 1);
	if (out->flags & ~(unsigned)SETTINGS_FLAGS_)
		r->bad = true;
}

static void take_name(struct octets_in *r, struct settings *out)
{
	struct settings_name *name = &out->names[out->name_count];
	uint64_t list = octets_take_number(r, 1);

	if (out->name_count == SETTINGS_NAMES_MAX ||
	    list >= SETTINGS_LISTS_COUNT_) {
		r->bad = true;
		return;
	}
	name->list = (enum settings_list)list;
	name->text = wire_take_text(r, r->left.len, REGISTRY_CHARS_MAX);
	if (!name->text.len || memchr(name->text.data, ' ', name->text.len))
		r->bad = true;
	out->name_count++;
}

/* The type of the next record, its content in *CONTENT; 0 when there is no
 * whole record. */
static unsigned next_record(struct octets_in *r, struct octets_in *content)
{
	unsigned type = (unsigned)octets_take_number(r, 1);

	content->left = octets_take_vector(r, RECORD_LENGTH_BYTES);
	content->bad = r->bad;
	return r->bad ? 0 : type;
}

/* Returns true when the record was the end. SEEN has one bit a type. */
static bool take_record(struct octets_in *r, unsigned failures,
			struct outcome *out, unsigned *seen)
{
	struct octets_in content;
	unsigned type = next_record(r, &content);
	bool repeatable = type == RECORD_PHASE || type == RECORD_VERDICT ||
			  type == RECORD_CERTIFICATE || type == RECORD_NAME;

	if (type == 0 || type >= RECORD_COUNT_ ||
	    (!repeatable && (*seen & 1U << type))) {
		r->bad = true;
		return true;
	}
	*seen |= 1U << type;
	switch ((enum record)type) {
	case RECORD_PHASE:
		if (octets_take_number(&content, 1) >= WIRE_PHASE_COUNT_)
			content.bad = true;
		break;
	case RECORD_FAILURE:
		take_failure(&content, failures, out);
		break;
	case RECORD_CONNECTION:
		take_connection(&content, out);
		break;
	case RECORD_SERVICE:
		out->service = wire_take_text(&content, content.left.len,
					      REGISTRY_CHARS_MAX);
		break;
	case RECORD_VERDICT:
		take_verdict(&content, out);
		break;
	case RECORD_CERTIFICATE:
		take_certificate(&content, out);
		break;
	case RECORD_SETTINGS:
		take_settings(&content, &out->settings);
		break;
	case RECORD_NAME:
		take_name(&content, &out->settings);
		break;
	case RECORD_END:
	case RECORD_COUNT_:
		break;
	}
	if (content.bad || content.left.len)
		r->bad = true;
	return r->bad || type == RECORD_END;
}

/* see wire.h */
void wire_clear(struct outcome *o)
{
	o->failure = (struct failure){.code = ERR_OK};
	o->address[0] = '\0';
	o->tls_version = 0;
	o->flags = 0;
	o->reply = WIRE_REPLY_NONE;
	o->status = 0;
	o->service = (struct bytes){NULL, 0};
	memset(o->verdict, 0, sizeof(o->verdict));
	o->settings.flags = 0;
	o->settings.name_count = 0;
	o->cert_count = 0;
}

/* see wire.h */
enum err wire_decode(struct bytes frame, unsigned failures, struct outcome *out,
		     struct failure *f)
{
	const unsigned needed = 1U << RECORD_FAILURE | 1U << RECORD_CONNECTION |
				1U << RECORD_END;
	struct octets_in r = {frame, false};
	unsigned seen = 0;

	wire_clear(out);
	while (!take_record(&r, failures, out, &seen))
		continue;
	if (r.bad || r.left.len || (seen & needed) != needed) {
		wire_clear(out);
		return failure_set(f, ERR_PROBE,
				   "the probe's report is malformed");
	}
	return ERR_OK;
}

/* see wire.h */
enum wire_phase wire_last_phase(struct bytes frame)
{
	struct octets_in r = {frame, false};
	enum wire_phase phase = WIRE_PHASE_START;
	struct octets_in content;

	while (next_record(&r, &content) == RECORD_PHASE) {
		uint64_t told = octets_take_number(&content, 1);

		if (content.bad || told >= WIRE_PHASE_COUNT_)
			break;
		phase = (enum wire_phase)told;
	}
	return phase;
}
