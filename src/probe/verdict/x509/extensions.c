/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The extensions of a certificate, read as Go's processExtensions. Probe
 * process. Pure.
 */
#include "probe/verdict/x509/extensions.h"

#include "probe/verdict/x509/oid.h"

/* Last arc of the identifiers under 2.5.29. */
enum arc {
	ARC_SUBJECT_KEY_ID = 14,
	ARC_KEY_USAGE = 15,
	ARC_SAN = 17,
	ARC_BASIC_CONSTRAINTS = 19,
	ARC_NAME_CONSTRAINTS = 30,
	ARC_CRL_POINTS = 31,
	ARC_POLICIES = 32,
	ARC_POLICY_MAPPINGS = 33,
	ARC_AUTHORITY_KEY_ID = 35,
	ARC_POLICY_CONSTRAINTS = 36,
	ARC_KEY_PURPOSES = 37,
	ARC_INHIBIT_ANY_POLICY = 54,
};

struct extension {
	struct bytes id, value;
	bool critical;
};

static bool refuse(struct extension_reading *r, const char *message)
{
	text_add(r->why, message);
	return false;
}

static bool read_key_usage(struct extension_reading *r, struct bytes in)
{
	struct der_bits bits;

	if (!der_read_bits(&in, &bits))
		return refuse(r, "x509: invalid key usage");
	r->out->key_usage = 0;
	for (size_t i = 0; i < 9 && i < bits.octets.len * 8; i++)
		if (bits.octets.data[i / 8] & 0x80u >> i % 8)
			r->out->key_usage |= (uint16_t)(1u << i);
	return true;
}

/* Go before 1.20 told the three ways apart. */
static bool refuse_basic(struct extension_reading *r, const char *which)
{
	text_add(r->why, "x509: invalid basic constraints");
	return refuse(r, go_follows(r->release, GO_PLAIN_BASIC) ? "" : which);
}

static bool read_basic_constraints(struct extension_reading *r, struct bytes in)
{
	struct certificate *out = r->out;

	out->is_ca = false;
	out->path_length = -1;
	if (!der_read(&in, DER_SEQUENCE, &in))
		return refuse_basic(r, " a");
	if (der_peek(in, DER_BOOLEAN) && !der_read_boolean(&in, &out->is_ca))
		return refuse_basic(r, " b");
	if (der_peek(in, DER_INTEGER) &&
	    (!der_read_int64(&in, &out->path_length) ||
	     (out->path_length < 0 &&
	      go_follows(r->release, GO_PATH_LENGTH_UNSIGNED))))
		return refuse_basic(r, " c");
	out->has_basic_constraints = true;
	return true;
}

static bool read_san(struct extension_reading *r, struct bytes value)
{
	struct certificate *out = r->out;

	out->dns_names = out->ip_addresses = out->uris = out->emails = 0;
	if (!san_parse(value, r->release, out, r->why))
		return false;
	out->has_san = true;
	out->san = value;
	r->unhandled = !out->dns_names && !out->ip_addresses && !out->uris &&
		       !out->emails;
	return true;
}

static bool read_name_constraints(struct extension_reading *r,
				  struct bytes value)
{
	return constraints_parse(value, r->release, r->out, &r->unhandled,
				 r->why);
}

static bool read_crl_point(struct bytes in)
{
	struct bytes name, uri;
	bool present;

	if (!der_read_optional(&in, DER_CONTEXT_CONSTRUCTED | 0, &present,
			       &name))
		return false;
	if (!present)
		return true;
	if (!der_read(&name, DER_CONTEXT_CONSTRUCTED | 0, &name))
		return false;
	while (der_peek(name, GENERAL_NAME_URI))
		if (!der_read(&name, GENERAL_NAME_URI, &uri))
			return false;
	return true;
}

static bool read_crl_points(struct extension_reading *r, struct bytes in)
{
	struct bytes point;

	if (!der_read(&in, DER_SEQUENCE, &in))
		return refuse(r, "x509: invalid CRL distribution points");
	while (in.len)
		if (!der_read(&in, DER_SEQUENCE, &point) ||
		    !read_crl_point(point))
			return refuse(r,
				      "x509: invalid CRL distribution point");
	return true;
}

static bool read_subject_key_id(struct extension_reading *r, struct bytes in)
{
	if (r->critical && go_follows(r->release, GO_REFUSE_MISCRITICAL))
		return refuse(r, "x509: subject key identifier incorrectly "
				 "marked critical");
	return der_read(&in, DER_OCTET_STRING, &r->out->subject_key_id) ||
	       refuse(r, "x509: invalid subject key identifier");
}

static bool read_authority_key_id(struct extension_reading *r, struct bytes in)
{
	static const char invalid[] = "x509: invalid authority key identifier";
	bool present;

	if (r->critical && go_follows(r->release, GO_REFUSE_MISCRITICAL))
		return refuse(r, "x509: authority key identifier incorrectly "
				 "marked critical");
	return (der_read(&in, DER_SEQUENCE, &in) &&
		der_read_optional(&in, DER_CONTEXT | 0, &present,
				  &r->out->authority_key_id)) ||
	       refuse(r, invalid);
}

static bool read_key_purposes(struct extension_reading *r, struct bytes in)
{
	bool sgc = !go_follows(r->release, GO_SGC_GONE), allowed = false;
	struct bytes id;

	if (!der_read(&in, DER_SEQUENCE, &in))
		return refuse(r, "x509: invalid extended key usages");
	r->out->forbids_server = in.len > 0;
	while (in.len) {
		if (!der_read_oid(&in, go_follows(r->release, GO_STRICT_ARCS),
				  &id))
			return refuse(r, "x509: invalid extended key usages");
		if (oid_is(id, OID_SERVER_AUTH) ||
		    oid_is(id, OID_ANY_PURPOSE) ||
		    (sgc && (oid_is(id, OID_SGC_MICROSOFT) ||
			     oid_is(id, OID_SGC_NETSCAPE))))
			allowed = true;
	}
	if (allowed)
		r->out->forbids_server = false;
	return true;
}

static bool read_authority_info(struct extension_reading *r, struct bytes in)
{
	static const char invalid[] = "x509: invalid authority info access";
	struct bytes access, id, uri;
	bool present;

	if (r->critical && go_follows(r->release, GO_REFUSE_MISCRITICAL))
		return refuse(r, "x509: authority info access incorrectly "
				 "marked critical");
	if (!der_read(&in, DER_SEQUENCE, &in))
		return refuse(r, invalid);
	while (in.len)
		if (!der_read(&in, DER_SEQUENCE, &access) ||
		    !der_read_oid(&access,
				  go_follows(r->release, GO_STRICT_ARCS),
				  &id) ||
		    !der_read_optional(&access, GENERAL_NAME_URI, &present,
				       &uri))
			return refuse(r, invalid);
	return true;
}

static bool read_unknown(struct extension_reading *r, struct bytes value)
{
	(void)value;
	r->unhandled = true;
	return true;
}

typedef bool reader(struct extension_reading *r, struct bytes value);

static reader *find_reader(struct bytes id)
{
	static const struct {
		enum arc arc;
		reader *read;
	} readers[] = {
		{ARC_KEY_USAGE, read_key_usage},
		{ARC_BASIC_CONSTRAINTS, read_basic_constraints},
		{ARC_SAN, read_san},
		{ARC_NAME_CONSTRAINTS, read_name_constraints},
		{ARC_CRL_POINTS, read_crl_points},
		{ARC_AUTHORITY_KEY_ID, read_authority_key_id},
		{ARC_POLICY_CONSTRAINTS, certificate_policies_read_constraints},
		{ARC_KEY_PURPOSES, read_key_purposes},
		{ARC_SUBJECT_KEY_ID, read_subject_key_id},
		{ARC_POLICIES, certificate_policies_read_list},
		{ARC_POLICY_MAPPINGS, certificate_policies_read_mappings},
		{ARC_INHIBIT_ANY_POLICY, certificate_policies_read_inhibit_any},
	};

	if (oid_is(id, OID_AUTHORITY_INFO_ACCESS))
		return read_authority_info;
	if (id.len != 3 || id.data[0] != 0x55 || id.data[1] != 0x1d)
		return read_unknown;
	for (size_t i = 0; i < sizeof(readers) / sizeof(*readers); i++)
		if (readers[i].arc == id.data[2])
			return readers[i].read;
	return read_unknown;
}

static bool read_extension(struct extension_reading *r, struct bytes *in,
			   struct extension *e)
{
	struct bytes body;

	e->critical = false;
	if (!der_read(in, DER_SEQUENCE, &body))
		return refuse(r, "x509: malformed extension");
	if (!der_read_oid(&body, go_follows(r->release, GO_STRICT_ARCS),
			  &e->id))
		return refuse(r, "x509: malformed extension OID field");
	if (der_peek(body, DER_BOOLEAN) &&
	    !der_read_boolean(&body, &e->critical))
		return refuse(r, "x509: malformed extension critical field");
	return der_read(&body, DER_OCTET_STRING, &e->value) ||
	       refuse(r, "x509: malformed extension value field");
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
		return refuse(r, "x509: certificate contains duplicate "
				 "extensions");
	text_add(r->why,
		 "x509: certificate contains duplicate extension with OID \"");
	print_oid(r->why, id);
	return refuse(r, "\"");
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
			return refuse(r, "more extensions than are read here");
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
		valid = valid && find_reader(e.id)(&r, e.value);
		if (r.critical && r.unhandled)
			out->unhandled_critical = true;
	}
	*limited = r.limited;
	return valid;
}
