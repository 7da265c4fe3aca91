/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The extensions that Go reads, each with its reader.
 */
#include "probe/verdict/x509/extensions.h"

#include "probe/verdict/x509/oid.h"

static bool read_key_usage(struct extension_reading *r, struct bytes in)
{
	struct der_bits bits;

	if (!der_read_bits(&in, &bits))
		return text_refuse(r->why, "x509: invalid key usage");
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
	return text_refuse(r->why,
			   go_follows(r->release, GO_PLAIN_BASIC) ? "" : which);
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
		return text_refuse(r->why,
				   "x509: invalid CRL distribution points");
	while (in.len)
		if (!der_read(&in, DER_SEQUENCE, &point) ||
		    !read_crl_point(point))
			return text_refuse(
				r->why, "x509: invalid CRL distribution point");
	return true;
}

static bool read_subject_key_id(struct extension_reading *r, struct bytes in)
{
	if (r->critical && go_follows(r->release, GO_REFUSE_MISCRITICAL))
		return text_refuse(r->why,
				   "x509: subject key identifier incorrectly "
				   "marked critical");
	return der_read(&in, DER_OCTET_STRING, &r->out->subject_key_id) ||
	       text_refuse(r->why, "x509: invalid subject key identifier");
}

static bool read_authority_key_id(struct extension_reading *r, struct bytes in)
{
	static const char invalid[] = "x509: invalid authority key identifier";
	bool present;

	if (r->critical && go_follows(r->release, GO_REFUSE_MISCRITICAL))
		return text_refuse(r->why,
				   "x509: authority key identifier incorrectly "
				   "marked critical");
	return (der_read(&in, DER_SEQUENCE, &in) &&
		der_read_optional(&in, DER_CONTEXT | 0, &present,
				  &r->out->authority_key_id)) ||
	       text_refuse(r->why, invalid);
}

static bool read_key_purposes(struct extension_reading *r, struct bytes in)
{
	bool sgc = !go_follows(r->release, GO_SGC_GONE), allowed = false;
	struct bytes id;

	if (!der_read(&in, DER_SEQUENCE, &in))
		return text_refuse(r->why, "x509: invalid extended key usages");
	r->out->forbids_server = in.len > 0;
	while (in.len) {
		if (!der_read_oid(&in, go_follows(r->release, GO_STRICT_ARCS),
				  &id))
			return text_refuse(r->why,
					   "x509: invalid extended key usages");
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
		return text_refuse(r->why,
				   "x509: authority info access incorrectly "
				   "marked critical");
	if (!der_read(&in, DER_SEQUENCE, &in))
		return text_refuse(r->why, invalid);
	while (in.len)
		if (!der_read(&in, DER_SEQUENCE, &access) ||
		    !der_read_oid(&access,
				  go_follows(r->release, GO_STRICT_ARCS),
				  &id) ||
		    !der_read_optional(&access, GENERAL_NAME_URI, &present,
				       &uri))
			return text_refuse(r->why, invalid);
	return true;
}

/* see extensions.h */
bool extension_read(struct extension_reading *r, struct bytes id,
		    struct bytes value)
{
	static const struct {
		enum extension_arc arc;
		bool (*read)(struct extension_reading *r, struct bytes value);
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
	bool is_standard =
		id.len == 3 && id.data[0] == 0x55 && id.data[1] == 0x1d;

	if (oid_is(id, OID_AUTHORITY_INFO_ACCESS))
		return read_authority_info(r, value);
	for (size_t i = 0;
	     is_standard && i < sizeof(readers) / sizeof(*readers); i++)
		if (readers[i].arc == id.data[2])
			return readers[i].read(r, value);
	if (oid_is(id, OID_TIMESTAMPS))
		r->out->is_logged = true;
	r->unhandled = true;
	return true;
}
