/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The narrow grammar of the extensions that private CAs use.
 */
#include "probe/verdict/x509/plain.h"

#include "probe/verdict/x509/oid.h"

static bool is_plain_san(struct bytes names)
{
	struct bytes value;
	uint8_t tag;

	if (!names.len)
		return false;
	while (names.len) {
		if (!der_read_any(&names, &tag, NULL, &value))
			return false;
		if (tag != GENERAL_NAME_IP &&
		    (tag != GENERAL_NAME_DNS || !value.len))
			return false;
		for (size_t i = 0; tag == GENERAL_NAME_DNS && i < value.len;
		     i++)
			if (value.data[i] <= ' ' || value.data[i] >= 0x7f)
				return false;
	}
	return true;
}

/* cA and pathLenConstraint, or nothing. */
static bool is_plain_basic(struct bytes in)
{
	bool ca = false;
	int64_t length;

	if (der_peek(in, DER_BOOLEAN) && !der_read_boolean(&in, &ca))
		return false;
	if (der_peek(in, DER_INTEGER) &&
	    (!ca || !der_read_int64(&in, &length) || length < 0 ||
	     length > INT32_MAX))
		return false;
	return !in.len;
}

static bool is_plain_purposes(struct bytes in)
{
	struct bytes id;

	while (in.len)
		if (!der_read_oid(&in, true, &id))
			return false;
	return true;
}

/* keyIdentifier first; what stands behind it is let be by all. */
static bool is_plain_authority(struct bytes in)
{
	struct bytes id;

	return der_read(&in, DER_CONTEXT | 0, &id);
}

/* Points of a full name each, whose parts all read alike. */
static bool is_plain_points(struct bytes in)
{
	struct bytes point, name;

	while (in.len)
		if (!der_read(&in, DER_SEQUENCE, &point) ||
		    !der_read(&point, DER_CONTEXT_CONSTRUCTED | 0, &name) ||
		    point.len ||
		    !der_read(&name, DER_CONTEXT_CONSTRUCTED | 0, &point) ||
		    name.len)
			return false;
	return true;
}

/* Pairs of an OID and one element. */
static bool is_plain_access(struct bytes in)
{
	struct bytes pair, id;
	uint8_t tag;

	while (in.len)
		if (!der_read(&in, DER_SEQUENCE, &pair) ||
		    !der_read_oid(&pair, true, &id) ||
		    !der_read_any(&pair, &tag, NULL, NULL) || pair.len)
			return false;
	return true;
}

static bool is_plain_usage(struct bytes in)
{
	struct der_bits bits;

	return der_read_bits(&in, &bits) && !in.len && bits.octets.len > 0 &&
	       bits.octets.len <= 2;
}

/* ID is one of 2.5.29; IN its extnValue. */
static bool is_plain_value(uint8_t arc, bool critical, struct bytes in)
{
	struct bytes element = in, content;
	uint8_t tag;

	if (!der_read_any(&in, &tag, NULL, &content) || in.len)
		return false;
	switch (arc) {
	case ARC_SUBJECT_KEY_ID:
		return tag == DER_OCTET_STRING && !critical;
	case ARC_KEY_USAGE:
		return is_plain_usage(element);
	case ARC_SAN:
		return tag == DER_SEQUENCE && is_plain_san(content);
	case ARC_BASIC_CONSTRAINTS:
		return tag == DER_SEQUENCE && is_plain_basic(content);
	case ARC_NAME_CONSTRAINTS:
		return false;
	case ARC_CRL_POINTS:
		return tag == DER_SEQUENCE && !critical &&
		       is_plain_points(content);
	case ARC_POLICIES:
		return tag == DER_SEQUENCE && !critical;
	case ARC_AUTHORITY_KEY_ID:
		return tag == DER_SEQUENCE && !critical &&
		       is_plain_authority(content);
	case ARC_KEY_PURPOSES:
		return tag == DER_SEQUENCE && is_plain_purposes(content);
	}
	/* None of them reads it. */
	return !critical;
}

static bool is_plain_extension(struct bytes body, struct bytes *id)
{
	bool critical = false;
	struct bytes value;

	if (!der_read_oid(&body, true, id) ||
	    (der_peek(body, DER_BOOLEAN) &&
	     (!der_read_boolean(&body, &critical) || !critical)) ||
	    !der_read(&body, DER_OCTET_STRING, &value) || body.len)
		return false;
	if (id->len == 3 && id->data[0] == 0x55 && id->data[1] == 0x1d)
		return is_plain_value(id->data[2], critical, value);
	if (!critical && oid_is(*id, OID_AUTHORITY_INFO_ACCESS))
		return der_read(&value, DER_SEQUENCE, &body) && !value.len &&
		       is_plain_access(body);
	return !critical;
}

/* see plain.h */
bool plain_are_extensions(struct bytes extensions)
{
	struct bytes in, body, id;
	uint64_t seen = 0;

	if (!der_read(&extensions, DER_CONTEXT_CONSTRUCTED | 3, &in) ||
	    extensions.len || !der_read(&in, DER_SEQUENCE, &extensions) ||
	    in.len)
		return false;
	while (extensions.len) {
		if (!der_read(&extensions, DER_SEQUENCE, &body) ||
		    !is_plain_extension(body, &id))
			return false;
		/* Those that are read stand under 2.5.29 and come once. */
		if (id.len == 3 && seen >> (id.data[2] & 63) & 1)
			return false;
		if (id.len == 3)
			seen |= (uint64_t)1 << (id.data[2] & 63);
	}
	return true;
}
