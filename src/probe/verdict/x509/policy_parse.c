/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The policy extensions, read as Go reads them. Probe process. Pure.
 */
#include "probe/verdict/x509/extensions.h"

static bool read_policy_constraint(struct bytes *in, uint8_t tag, int64_t *out)
{
	struct bytes content;

	*out = -1;
	return !der_peek(*in, tag) ||
	       (der_read(in, tag, &content) && der_int64(content, out));
}

/* see extensions.h */
bool certificate_policies_read_constraints(struct extension_reading *r,
					   struct bytes in)
{
	r->unhandled = !go_follows(r->release, GO_POLICIES);
	if (r->unhandled)
		return true;
	return (der_read(&in, DER_SEQUENCE, &in) &&
		read_policy_constraint(&in, DER_CONTEXT | 0,
				       &r->out->require_explicit_policy) &&
		read_policy_constraint(&in, DER_CONTEXT | 1,
				       &r->out->inhibit_mapping)) ||
	       text_refuse(r->why,
			   "x509: invalid policy constraints extension");
}

/* see extensions.h */
bool certificate_policies_read_inhibit_any(struct extension_reading *r,
					   struct bytes in)
{
	r->unhandled = !go_follows(r->release, GO_POLICIES);
	return r->unhandled || der_read_int64(&in, &r->out->inhibit_any) ||
	       text_refuse(r->why,
			   "x509: invalid inhibit any policy extension");
}

/* Has one of the first N policies this identifier? */
static bool has_policy(struct bytes policies, size_t n, struct bytes id)
{
	struct bytes policy, other;

	for (; n > 0; n--)
		if (der_read(&policies, DER_SEQUENCE, &policy) &&
		    der_read(&policy, DER_OID, &other) &&
		    bytes_equal(id, other))
			return true;
	return false;
}

static bool read_policy_id(struct extension_reading *r, struct bytes in,
			   struct bytes *id)
{
	if (!go_follows(r->release, GO_POLICIES_ANY_ARC))
		return der_read_oid(&in, go_follows(r->release, GO_STRICT_ARCS),
				    id);
	return der_read(&in, DER_OID, id) && der_oid_is_minimal(*id);
}

/* see extensions.h */
bool certificate_policies_read_list(struct extension_reading *r,
				    struct bytes in)
{
	static const char invalid[] = "x509: invalid certificate policies";
	struct bytes policy, id;

	if (!der_read(&in, DER_SEQUENCE, &in))
		return text_refuse(r->why, invalid);
	r->out->policies = in;
	for (size_t n = 0; in.len; n++) {
		if (n == CERTIFICATE_ITEMS_MAX) {
			r->limited = true;
			return text_refuse(r->why,
					   "more policies than are read here");
		}
		if (!der_read(&in, DER_SEQUENCE, &policy) ||
		    !read_policy_id(r, policy, &id) ||
		    (go_follows(r->release, GO_POLICIES) &&
		     has_policy(r->out->policies, n, id)))
			return text_refuse(r->why, invalid);
	}
	return true;
}

/* see extensions.h */
bool certificate_policies_read_mappings(struct extension_reading *r,
					struct bytes in)
{
	static const char invalid[] = "x509: invalid policy mappings extension";
	struct bytes mapping, id;

	r->unhandled = !go_follows(r->release, GO_POLICIES);
	if (r->unhandled)
		return true;
	if (!der_read(&in, DER_SEQUENCE, &in))
		return text_refuse(r->why, invalid);
	r->out->mappings = in;
	for (size_t n = 0; in.len; n++) {
		if (n == CERTIFICATE_ITEMS_MAX) {
			r->limited = true;
			return text_refuse(r->why,
					   "more mappings than are read here");
		}
		if (!der_read(&in, DER_SEQUENCE, &mapping) ||
		    !der_read(&mapping, DER_OID, &id) ||
		    !der_read(&mapping, DER_OID, &id))
			return text_refuse(r->why, invalid);
	}
	return true;
}
