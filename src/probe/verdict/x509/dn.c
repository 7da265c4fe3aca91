/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The form of a name, as strict as the release.
 */
#include "probe/verdict/x509/dn.h"

#include "common/utf8.h"
#include "probe/verdict/x509/moment.h"

#define PREFIX "x509: invalid RDNSequence"

static bool is_printable(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (c && strchr(" '()+,-./:=?*&", c));
}

static bool all(struct bytes b, bool (*is_allowed)(uint8_t))
{
	for (size_t i = 0; i < b.len; i++)
		if (!is_allowed(b.data[i]))
			return false;
	return true;
}

static bool is_numeric(uint8_t c)
{
	return (c >= '0' && c <= '9') || c == ' ';
}

static bool is_ascii(uint8_t c)
{
	return c < 0x80;
}

static bool is_bmp(struct bytes b, bool strict)
{
	if (b.len % 2)
		return false;
	b = dn_bmp_text(b);
	for (size_t i = 0; strict && i < b.len; i += 2) {
		unsigned c = (unsigned)(b.data[i] << 8 | b.data[i + 1]);

		if (c >= 0xfffe || (c >= 0xfdd0 && c <= 0xfdef) ||
		    (c >= 0xd800 && c <= 0xdfff))
			return false;
	}
	return true;
}

/* Is it a string type, and (if so) valid? WHY names the fault. */
static bool check_string(const struct dn_attribute *a,
			 struct go_release release, bool *is_string,
			 struct text *why)
{
	*is_string = true;
	switch (a->tag) {
	case DER_T61_STRING:
		return true;
	case DER_PRINTABLE_STRING:
		return all(a->value, is_printable) ||
		       text_refuse(why, "invalid PrintableString");
	case DER_UTF8_STRING:
		return utf8_is_valid(a->value) ||
		       text_refuse(why, "invalid UTF-8 string");
	case DER_BMP_STRING:
		return is_bmp(a->value,
			      go_follows(release, GO_STRICT_STRINGS)) ||
		       text_refuse(why, "invalid BMPString");
	case DER_IA5_STRING:
		return all(a->value, is_ascii) ||
		       text_refuse(why, "invalid IA5String");
	case DER_NUMERIC_STRING:
		return all(a->value, is_numeric) ||
		       text_refuse(why, "invalid NumericString");
	}
	*is_string = false;
	return true;
}

/* The other types that Go 1.27 decodes; ELEMENT is the value with header. */
static bool check_other(uint8_t tag, struct bytes element,
			struct go_release release, struct text *why)
{
	struct bytes oid;
	struct der_bits bits;
	struct moment moment;
	int64_t number;
	bool flag;

	switch (tag) {
	case DER_INTEGER:
		return der_read_int64(&element, &number) ||
		       text_refuse(why, "invalid ASN.1 integer");
	case DER_BIT_STRING:
		return der_read_bits(&element, &bits) ||
		       text_refuse(why, "invalid ASN.1 BIT STRING");
	case DER_OID:
		return der_read_oid(&element,
				    go_follows(release, GO_STRICT_ARCS),
				    &oid) ||
		       text_refuse(why, "invalid ASN.1 OBJECT IDENTIFIER");
	case DER_BOOLEAN:
		return der_read_boolean(&element, &flag) ||
		       text_refuse(why, "invalid ASN.1 BOOLEAN");
	case DER_UTC_TIME:
	case DER_GENERALIZED_TIME:
		return moment_read(&element, go_follows(release, GO_BOUND_ZONE),
				   &moment, why);
	}
	return true;
}

static bool check_value(struct bytes *in, struct dn_attribute *a,
			struct go_release release, struct text *why)
{
	bool any = go_follows(release, GO_ANY_ATTRIBUTE), is_string;
	struct bytes element;

	if (!der_read_any(in, &a->tag, &element, &a->value))
		return text_refuse(why,
				   any ? PREFIX ": invalid attribute value: "
						"invalid ASN.1 element"
				       : PREFIX ": invalid attribute value");
	text_add(why, PREFIX ": invalid attribute value: ");
	if (!check_string(a, release, &is_string, why))
		return false;
	if (!is_string && any && !check_other(a->tag, element, release, why))
		return false;
	if (!is_string && !any && go_follows(release, GO_NEW_PARSER)) {
		text_add(why, "unsupported string type: ");
		text_add_number(why, a->tag);
		return false;
	}
	why->len = 0;
	return true;
}

static bool check_set(struct bytes set, struct go_release release,
		      struct text *why)
{
	while (set.len) {
		struct dn_attribute a;
		struct bytes in;

		if (!der_read(&set, DER_SEQUENCE, &in))
			return text_refuse(why, PREFIX ": invalid attribute");
		if (!der_read_oid(&in, go_follows(release, GO_STRICT_ARCS),
				  &a.type))
			return text_refuse(why,
					   PREFIX ": invalid attribute type");
		if (!check_value(&in, &a, release, why))
			return false;
	}
	return true;
}

/* see dn.h */
bool dn_check(struct bytes name, struct go_release release, struct text *why)
{
	struct bytes set;

	if (!der_read(&name, DER_SEQUENCE, &name))
		return text_refuse(why, PREFIX);
	while (name.len) {
		if (!der_read(&name, DER_SET, &set))
			return text_refuse(why, PREFIX);
		if (!check_set(set, release, why))
			return false;
	}
	return true;
}
