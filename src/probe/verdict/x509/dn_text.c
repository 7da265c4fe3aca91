/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text in a name whose form was checked.
 */
#include "probe/verdict/x509/dn.h"

#include "common/utf8.h"

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

static bool walk_next(struct walk *w, struct dn_attribute *a)
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
static bool add_string(struct text *out, const struct dn_attribute *a,
		       struct go_release release)
{
	bool wide = a->tag == DER_BMP_STRING;
	bool latin = a->tag == DER_T61_STRING &&
		     go_follows(release, GO_STRICT_STRINGS);
	struct bytes b = wide ? dn_bmp_text(a->value) : a->value;
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
	struct dn_attribute a;

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
	struct dn_attribute a;

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
	struct dn_attribute a;

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
