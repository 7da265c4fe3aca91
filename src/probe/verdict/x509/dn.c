/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Distinguished names, as strict as Go reads them. Probe process. Pure.
 */
#include "probe/verdict/x509/dn.h"

#include "probe/verdict/x509/moment.h"
#include "probe/verdict/x509/utf8.h"

#define PREFIX "x509: invalid RDNSequence"

/* One attribute; VALUE without its header. */
struct attribute {
	struct bytes type, value;
	uint8_t tag;
};

static bool refuse(struct text *why, const char *message)
{
	text_add(why, message);
	return false;
}

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

/* Without the two zero octets that may end a BMPString. */
static struct bytes bmp_text(struct bytes b)
{
	if (b.len >= 2 && b.data[b.len - 1] == 0 && b.data[b.len - 2] == 0)
		b.len -= 2;
	return b;
}

static bool is_bmp(struct bytes b, bool strict)
{
	if (b.len % 2)
		return false;
	b = bmp_text(b);
	for (size_t i = 0; strict && i < b.len; i += 2) {
		unsigned c = (unsigned)(b.data[i] << 8 | b.data[i + 1]);

		if (c >= 0xfffe || (c >= 0xfdd0 && c <= 0xfdef) ||
		    (c >= 0xd800 && c <= 0xdfff))
			return false;
	}
	return true;
}

/* Is it a string type, and (if so) valid? WHY names the fault. */
static bool check_string(const struct attribute *a, struct go_release release,
			 bool *is_string, struct text *why)
{
	*is_string = true;
	switch (a->tag) {
	case DER_T61_STRING:
		return true;
	case DER_PRINTABLE_STRING:
		return all(a->value, is_printable) ||
		       refuse(why, "invalid PrintableString");
	case DER_UTF8_STRING:
		return utf8_is_valid(a->value) ||
		       refuse(why, "invalid UTF-8 string");
	case DER_BMP_STRING:
		return is_bmp(a->value,
			      go_follows(release, GO_STRICT_STRINGS)) ||
		       refuse(why, "invalid BMPString");
	case DER_IA5_STRING:
		return all(a->value, is_ascii) ||
		       refuse(why, "invalid IA5String");
	case DER_NUMERIC_STRING:
		return all(a->value, is_numeric) ||
		       refuse(why, "invalid NumericString");
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
		       refuse(why, "invalid ASN.1 integer");
	case DER_BIT_STRING:
		return der_read_bits(&element, &bits) ||
		       refuse(why, "invalid ASN.1 BIT STRING");
	case DER_OID:
		return der_read_oid(&element,
				    go_follows(release, GO_STRICT_ARCS),
				    &oid) ||
		       refuse(why, "invalid ASN.1 OBJECT IDENTIFIER");
	case DER_BOOLEAN:
		return der_read_boolean(&element, &flag) ||
		       refuse(why, "invalid ASN.1 BOOLEAN");
	case DER_UTC_TIME:
	case DER_GENERALIZED_TIME:
		return moment_read(&element, go_follows(release, GO_BOUND_ZONE),
				   &moment, why);
	}
	return true;
}

static bool check_value(struct bytes *in, struct attribute *a,
			struct go_release release, struct text *why)
{
	bool any = go_follows(release, GO_ANY_ATTRIBUTE), is_string;
	struct bytes element;

	if (!der_read_any(in, &a->tag, &element, &a->value))
		return refuse(why, any ? PREFIX ": invalid attribute value: "
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
		struct attribute a;
		struct bytes in;

		if (!der_read(&set, DER_SEQUENCE, &in))
			return refuse(why, PREFIX ": invalid attribute");
		if (!der_read_oid(&in, go_follows(release, GO_STRICT_ARCS),
				  &a.type))
			return refuse(why, PREFIX ": invalid attribute type");
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
		return refuse(why, PREFIX);
	while (name.len) {
		if (!der_read(&name, DER_SET, &set))
			return refuse(why, PREFIX);
		if (!check_set(set, release, why))
			return false;
	}
	return true;
}

/* Walks the attributes of a checked name. */
struct walk {
	struct bytes sets, attributes;
};

static struct walk walk_start(struct bytes name)
{
	struct walk w = {0};

	if (!der_read(&name, DER_SEQUENCE, &w.sets))
		w.sets.len = 0;
	return w;
}

static bool walk_next(struct walk *w, struct attribute *a)
{
	struct bytes in;

	while (!w->attributes.len) {
		if (!w->sets.len ||
		    !der_read(&w->sets, DER_SET, &w->attributes))
			return false;
	}
	return der_read(&w->attributes, DER_SEQUENCE, &in) &&
	       der_read(&in, DER_OID, &a->type) &&
	       der_read_any(&in, &a->tag, NULL, &a->value);
}

/* Append a string value as UTF-8, as Go decodes it; false: no string. */
static bool add_string(struct text *out, const struct attribute *a,
		       struct go_release release)
{
	bool wide = a->tag == DER_BMP_STRING;
	bool latin = a->tag == DER_T61_STRING &&
		     go_follows(release, GO_STRICT_STRINGS);
	struct bytes b = wide ? bmp_text(a->value) : a->value;
	uint8_t utf8[3];

	if (a->tag != DER_UTF8_STRING && a->tag != DER_PRINTABLE_STRING &&
	    a->tag != DER_IA5_STRING && a->tag != DER_NUMERIC_STRING &&
	    a->tag != DER_T61_STRING && !wide)
		return false;
	if (!wide && !latin) {
		text_add_bytes(out, b);
		return true;
	}
	for (size_t i = 0; i + wide < b.len && !out->cut; i += 1 + wide) {
		uint32_t c = wide ? (uint32_t)(b.data[i] << 8 | b.data[i + 1])
				  : b.data[i];

		if (c >= 0xd800 && c <= 0xdfff)
			c = 0xfffd;
		text_add_bytes(out, (struct bytes){utf8, utf8_encode(c, utf8)});
	}
	return true;
}

/* 2.5.4.x, the X.520 attribute types. */
static bool is_x520(struct bytes type, uint8_t arc)
{
	return type.len == 3 && type.data[0] == 0x55 && type.data[1] == 4 &&
	       type.data[2] == arc;
}

/* see dn.h */
bool dn_common_name(struct bytes name, struct go_release release,
		    struct text *out)
{
	struct walk w = walk_start(name);
	size_t start = out->len;
	struct attribute a;

	while (walk_next(&w, &a)) {
		struct text before = *out;

		if (!is_x520(a.type, 3))
			continue;
		out->len = start;
		if (!add_string(out, &a, release))
			*out = before;
	}
	return out->len > start;
}

/* see dn.h */
bool dn_organization(struct bytes name, struct go_release release,
		     struct text *out)
{
	struct walk w = walk_start(name);
	struct attribute a;

	while (walk_next(&w, &a))
		if (is_x520(a.type, 10) && add_string(out, &a, release))
			return true;
	return false;
}

static void print_type(struct text *out, struct bytes type)
{
	static const struct {
		uint8_t arc;
		const char *label;
	} labels[] = {{3, "CN="}, {5, "serialNumber="}, {6, "C="},
		      {7, "L="},  {8, "ST="},		{9, "street="},
		      {10, "O="}, {11, "OU="},		{17, "postalCode="}};

	for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++) {
		if (is_x520(type, labels[i].arc)) {
			text_add(out, labels[i].label);
			return;
		}
	}
	text_add(out, "oid:");
	text_add_hex(out, type);
	text_add_char(out, '=');
}

/* see dn.h */
void dn_print(struct bytes name, struct go_release release, struct text *out)
{
	struct walk w = walk_start(name);
	size_t start = out->len;
	struct attribute a;

	for (; walk_next(&w, &a) && !out->cut;) {
		if (out->len > start)
			text_add(out, ", ");
		print_type(out, a.type);
		if (!add_string(out, &a, release)) {
			text_add_char(out, '#');
			text_add_hex(out, a.value);
		}
	}
	if (out->len == start)
		text_add(out, "(empty)");
}
