/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walk over a certificate's extensions: their form, then their meaning.
 */
#include "probe/verdict/x509/extensions.h"

struct extension {
	struct bytes id, value;
	bool critical;
};

static bool read_extension(struct extension_reading *r, struct bytes *in,
			   struct extension *e)
{
	struct bytes body;

	e->critical = false;
	if (!der_read(in, DER_SEQUENCE, &body))
		return text_refuse(r->why, "x509: malformed extension");
	if (!der_read_oid(&body, go_follows(r->release, GO_STRICT_ARCS),
			  &e->id))
		return text_refuse(r->why,
				   "x509: malformed extension OID field");
	if (der_peek(body, DER_BOOLEAN) &&
	    !der_read_boolean(&body, &e->critical))
		return text_refuse(r->why,
				   "x509: malformed extension critical field");
	return der_read(&body, DER_OCTET_STRING, &e->value) ||
	       text_refuse(r->why, "x509: malformed extension value field");
}

/* Append an OID's content as dotted numbers. */
static void print_oid(struct text *t, struct bytes id)
{
	bool first = true;
	uint32_t arc = 0;

	for (size_t i = 0; i < id.len; i++) {
		arc = arc << 7 | (id.data[i] & 0x7f);
		if (id.data[i] & 0x80)
			continue;
		if (first) {
			uint32_t root = arc < 80 ? arc / 40 : 2;

			text_add_number(t, root);
			arc -= root * 40;
		}
		text_add_char(t, '.');
		text_add_number(t, arc);
		first = false;
		arc = 0;
	}
}

static bool refuse_duplicate(struct extension_reading *r, struct bytes id)
{
	if (!go_follows(r->release, GO_NAME_DUPLICATE))
		return text_refuse(r->why,
				   "x509: certificate contains duplicate "
				   "extensions");
	text_add(r->why,
		 "x509: certificate contains duplicate extension with OID \"");
	print_oid(r->why, id);
	return text_refuse(r->why, "\"");
}

/* Does one of the first N extensions have this identifier? */
static bool has_extension(struct bytes in, size_t n, struct bytes id)
{
	struct bytes body, other;

	for (; n > 0; n--)
		if (der_read(&in, DER_SEQUENCE, &body) &&
		    der_read(&body, DER_OID, &other) && bytes_equal(id, other))
			return true;
	return false;
}

static bool check_forms(struct extension_reading *r, struct bytes extensions)
{
	struct bytes in = extensions;
	struct extension e;

	for (size_t n = 0; in.len; n++) {
		if (n == CERTIFICATE_ITEMS_MAX) {
			r->limited = true;
			return text_refuse(
				r->why, "more extensions than are read here");
		}
		if (!read_extension(r, &in, &e))
			return false;
		if (go_follows(r->release, GO_REFUSE_DUPLICATES) &&
		    has_extension(extensions, n, e.id))
			return refuse_duplicate(r, e.id);
	}
	return true;
}

/* see extensions.h */
bool extensions_parse(struct bytes in, struct go_release release,
		      struct certificate *out, bool *limited, struct text *why)
{
	struct extension_reading r = {
		.release = release, .out = out, .why = why};
	struct extension e;
	bool valid = check_forms(&r, in);

	while (valid && in.len) {
		valid = read_extension(&r, &in, &e);
		r.critical = e.critical;
		r.unhandled = false;
		valid = valid && extension_read(&r, e.id, e.value);
		if (r.critical && r.unhandled)
			out->unhandled_critical = true;
	}
	*limited = r.limited;
	return valid;
}
