/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fields of a record, read; see wire_reader.h.
 */
#include "common/wire_reader.h"

#include <string.h>

/* Printable, and blanks stand alone between other characters. */
static bool is_clean(struct bytes text)
{
	bool was_blank = true;

	for (size_t i = 0; i < text.len; i++) {
		bool is_blank = text.data[i] == ' ';

		if (text.data[i] < 0x20 || text.data[i] > 0x7e ||
		    (is_blank && was_blank))
			return false;
		was_blank = is_blank;
	}
	return !text.len || !was_blank;
}

/* see wire_reader.h */
struct bytes wire_take_text(struct octets_in *r, size_t len, size_t len_max)
{
	struct bytes text = octets_take(r, len);

	if (len > len_max || !is_clean(text))
		r->bad = true;
	return text;
}

/* see wire_reader.h */
void wire_take_string(struct octets_in *r, char *out, size_t size)
{
	struct bytes text = wire_take_text(r, r->left.len, size - 1);

	if (r->bad)
		return;
	if (text.len)
		memcpy(out, text.data, text.len);
	out[text.len] = '\0';
}

/* see wire_reader.h */
int64_t wire_take_moment(struct octets_in *r)
{
	int64_t moment = (int64_t)octets_take_number(r, 8);

	if (moment >= MOMENT_FIRST && moment <= MOMENT_LAST)
		return moment;
	r->bad = true;
	return 0;
}

/* see wire_reader.h */
void wire_take_fingerprint(struct octets_in *r, struct fingerprint *out)
{
	struct bytes b = octets_take(r, sizeof(out->sha256));

	if (b.len)
		memcpy(out->sha256, b.data, b.len);
}
