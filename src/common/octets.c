/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TLS's presentation language; see octets.h.
 */
#include "common/octets.h"

/* see octets.h */
struct bytes octets_take(struct octets_in *in, size_t len)
{
	struct bytes taken = {in->left.data, len};

	if (in->bad || len > in->left.len) {
		in->bad = true;
		return (struct bytes){NULL, 0};
	}
	in->left = bytes_from(in->left, len);
	return taken;
}

/* see octets.h */
uint64_t octets_take_number(struct octets_in *in, size_t octets)
{
	struct bytes taken = octets_take(in, octets);
	uint64_t value = 0;

	for (size_t i = 0; i < taken.len; i++)
		value = value << 8 | taken.data[i];
	return value;
}

/* see octets.h */
struct bytes octets_take_vector(struct octets_in *in, size_t width)
{
	size_t len = (size_t)octets_take_number(in, width);

	return octets_take(in, len);
}

/* see octets.h */
bool octets_done(const struct octets_in *in)
{
	return !in->bad && in->left.len == 0;
}

/* see octets.h */
void octets_put(struct octets_out *out, const void *data, size_t len)
{
	if (out->overflow || len > out->size - out->len) {
		out->overflow = true;
		return;
	}
	if (len)
		memcpy(out->data + out->len, data, len);
	out->len += len;
}

/* see octets.h */
void octets_put_number(struct octets_out *out, uint64_t value, size_t octets)
{
	while (octets-- > 0) {
		uint8_t octet = (uint8_t)(value >> (8 * octets));

		octets_put(out, &octet, 1);
	}
}

/* see octets.h */
size_t octets_open(struct octets_out *out, size_t width)
{
	size_t at = out->len;

	octets_put_number(out, 0, width);
	return at;
}

/* see octets.h */
void octets_close(struct octets_out *out, size_t at, size_t width)
{
	struct octets_out length = {out->data + at, width, 0, false};

	if (!out->overflow)
		octets_put_number(&length, out->len - at - width, width);
}
