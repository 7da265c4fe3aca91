/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/verdict/x509/der.h"

/* Length octets that follow the first one; 32 bits, as Go. */
#define LENGTH_OCTETS_MAX 4

/* Decode the length at IN[1]; HEADER gets the octets before the content. */
static bool read_length(struct bytes in, size_t *header, uint64_t *length)
{
	uint8_t first = in.data[1];
	size_t n = first & 0x7f;
	uint64_t value = 0;

	if (first < 0x80) {
		*header = 2;
		*length = first;
		return true;
	}
	if (n == 0 || n > LENGTH_OCTETS_MAX || in.len < 2 + n)
		return false;
	for (size_t i = 0; i < n; i++)
		value = value << 8 | in.data[2 + i];
	if (value < 0x80 || value >> (n - 1) * 8 == 0)
		return false;
	*header = 2 + n;
	*length = value;
	return true;
}

/* see der.h */
bool der_read_any(struct bytes *in, uint8_t *tag, struct bytes *element,
		  struct bytes *content)
{
	struct bytes whole = *in;
	size_t header;
	uint64_t length;

	if (in->len < 2 || (in->data[0] & 0x1f) == 0x1f ||
	    !read_length(*in, &header, &length) || length > in->len - header)
		return false;
	*tag = whole.data[0];
	*in = bytes_from(*in, header + (size_t)length);
	/* After the cursor moved: CONTENT may be the cursor itself. */
	if (element)
		*element = (struct bytes){whole.data, header + (size_t)length};
	if (content)
		*content = (struct bytes){whole.data + header, (size_t)length};
	return true;
}

/* see der.h */
bool der_read(struct bytes *in, uint8_t tag, struct bytes *content)
{
	uint8_t found;

	return der_read_any(in, &found, NULL, content) && found == tag;
}

/* see der.h */
bool der_read_element(struct bytes *in, uint8_t tag, struct bytes *element)
{
	uint8_t found;

	return der_read_any(in, &found, element, NULL) && found == tag;
}

/* see der.h */
bool der_peek(struct bytes in, uint8_t tag)
{
	return in.len && in.data[0] == tag;
}

/* see der.h */
bool der_read_optional(struct bytes *in, uint8_t tag, bool *present,
		       struct bytes *content)
{
	*present = der_peek(*in, tag);
	return !*present || der_read(in, tag, content);
}

static bool is_minimal_integer(struct bytes b)
{
	if (b.len < 2)
		return b.len == 1;
	return !(b.data[0] == 0 && b.data[1] < 0x80) &&
	       !(b.data[0] == 0xff && b.data[1] >= 0x80);
}

/* see der.h */
bool der_read_integer(struct bytes *in, struct bytes *content)
{
	return der_read(in, DER_INTEGER, content) &&
	       is_minimal_integer(*content);
}

/* see der.h */
bool der_int64(struct bytes content, int64_t *value)
{
	uint64_t u;

	if (!is_minimal_integer(content) || content.len > 8)
		return false;
	u = content.data[0] & 0x80 ? UINT64_MAX : 0;
	for (size_t i = 0; i < content.len; i++)
		u = u << 8 | content.data[i];
	*value = (int64_t)u;
	return true;
}

/* see der.h */
bool der_read_int64(struct bytes *in, int64_t *value)
{
	struct bytes content;

	return der_read(in, DER_INTEGER, &content) && der_int64(content, value);
}

/* see der.h */
bool der_read_boolean(struct bytes *in, bool *value)
{
	struct bytes content;

	if (!der_read(in, DER_BOOLEAN, &content) || content.len != 1 ||
	    (content.data[0] != 0 && content.data[0] != 0xff))
		return false;
	*value = content.data[0] != 0;
	return true;
}

/* see der.h */
bool der_read_bits(struct bytes *in, struct der_bits *bits)
{
	struct bytes b;
	uint8_t unused;

	if (!der_read(in, DER_BIT_STRING, &b) || b.len == 0)
		return false;
	unused = b.data[0];
	b = bytes_from(b, 1);
	if (unused > 7 || (b.len == 0 && unused != 0) ||
	    (b.len && b.data[b.len - 1] & ((1u << unused) - 1)))
		return false;
	*bits = (struct der_bits){b, unused};
	return true;
}

/* see der.h */
bool der_shift(struct bytes b, unsigned bits, uint8_t before, uint8_t *room,
	       size_t size, struct bytes *out)
{
	if (b.len > size)
		return false;
	for (size_t i = 0; i < b.len; i++) {
		room[i] = (uint8_t)(b.data[i] >> bits | before << (8 - bits));
		before = b.data[i];
	}
	*out = (struct bytes){room, b.len};
	return true;
}

/* Read one base-128 arc of at most 31 bits. */
static bool read_arc(struct bytes *in, bool strict)
{
	uint32_t value = 0;

	for (size_t i = 0; i < in->len; i++) {
		uint8_t b = in->data[i];

		if (i == 5 || value >= 1u << (31 - 7) ||
		    (strict && i == 0 && b == 0x80))
			return false;
		value = value << 7 | (b & 0x7f);
		if (b < 0x80) {
			*in = bytes_from(*in, i + 1);
			return true;
		}
	}
	return false;
}

/* see der.h */
bool der_read_oid(struct bytes *in, bool strict, struct bytes *content)
{
	struct bytes rest;

	if (!der_read(in, DER_OID, content) || content->len == 0)
		return false;
	rest = *content;
	while (rest.len)
		if (!read_arc(&rest, strict))
			return false;
	return true;
}

/* see der.h */
bool der_oid_is_minimal(struct bytes b)
{
	bool starts = true;

	if (b.len == 0 || b.data[b.len - 1] >= 0x80)
		return false;
	for (size_t i = 0; i < b.len; i++) {
		if (starts && b.data[i] == 0x80)
			return false;
		starts = b.data[i] < 0x80;
	}
	return true;
}
