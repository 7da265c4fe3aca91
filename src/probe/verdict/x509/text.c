/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/verdict/x509/text.h"

#include "common/hex.h"
#include "common/utf8.h"

/* see text.h */
void text_open(struct text *t, char *out, size_t size)
{
	*t = (struct text){out, size, 0, false};
}

/* see text.h */
void text_add_bytes(struct text *t, struct bytes b)
{
	size_t room = t->size - t->len;
	size_t n = b.len < room ? b.len : room;

	if (n)
		memcpy(t->out + t->len, b.data, n);
	t->len += n;
	if (n < b.len)
		t->cut = true;
}

/* see text.h */
void text_add(struct text *t, const char *s)
{
	text_add_bytes(t, bytes_of(s));
}

/* see text.h */
void text_add_char(struct text *t, char c)
{
	text_add_bytes(t, (struct bytes){(const uint8_t *)&c, 1});
}

/* see text.h */
void text_add_number(struct text *t, int64_t n)
{
	char digits[21];
	size_t at = sizeof(digits);
	uint64_t u = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;

	do {
		digits[--at] = (char)('0' + u % 10);
		u /= 10;
	} while (u);
	if (n < 0)
		digits[--at] = '-';
	text_add_bytes(t, (struct bytes){(const uint8_t *)digits + at,
					 sizeof(digits) - at});
}

/* see text.h */
void text_add_padded(struct text *t, unsigned n, int digits)
{
	unsigned unit = 1;

	for (int i = 1; i < digits || n / unit >= 10; i++)
		unit *= 10;
	for (; unit; unit /= 10)
		text_add_char(t, (char)('0' + n / unit % 10));
}

/* see text.h */
void text_add_hex(struct text *t, struct bytes b)
{
	for (size_t i = 0; i < b.len; i++) {
		text_add_char(t, hex_digit(b.data[i] >> 4));
		text_add_char(t, hex_digit(b.data[i]));
	}
}

static void add_code_point(struct text *t, uint32_t c)
{
	int digits = c < 0x10000 ? 4 : 8;

	text_add(t, digits == 4 ? "\\u" : "\\U");
	for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
		text_add_char(t, hex_digit(c >> shift));
}

/* The one-letter escapes of Go's strconv, by control character 7..13. */
static const char SHORT_ESCAPES[] = "abtnvfr";

static void add_ascii(struct text *t, uint8_t c)
{
	if (c == '"' || c == '\\') {
		text_add_char(t, '\\');
		text_add_char(t, (char)c);
	} else if (c >= 0x20 && c < 0x7f) {
		text_add_char(t, (char)c);
	} else if (c >= 7 && c <= 13) {
		text_add_char(t, '\\');
		text_add_char(t, SHORT_ESCAPES[c - 7]);
	} else {
		text_add(t, "\\x");
		text_add_hex(t, (struct bytes){&c, 1});
	}
}

/* see text.h */
void text_add_quoted(struct text *t, struct bytes b)
{
	text_add_char(t, '"');
	while (b.len && !t->cut) {
		uint32_t c;
		size_t n = utf8_decode(b, &c);

		if (n == 0) {
			text_add(t, "\\x");
			text_add_hex(t, (struct bytes){b.data, 1});
			n = 1;
		} else if (n == 1) {
			add_ascii(t, b.data[0]);
		} else if (utf8_is_printable(c)) {
			text_add_bytes(t, (struct bytes){b.data, n});
		} else {
			add_code_point(t, c);
		}
		b = bytes_from(b, n);
	}
	text_add_char(t, '"');
}

/* see text.h */
struct bytes text_bytes(const struct text *t)
{
	return (struct bytes){(const uint8_t *)t->out, t->len};
}

/* see text.h */
void text_close(const struct text *t, char *out, size_t size)
{
	static const char more[] = "...";
	size_t room = size - sizeof(more); /* so that a cut can be shown */
	size_t n = 0;
	bool cut = t->cut;

	for (size_t i = 0; i < t->len; i++) {
		uint8_t c = (uint8_t)t->out[i];
		bool plain = c >= 0x20 && c < 0x7f;

		if (n + (plain ? 1 : 4) > room) {
			cut = true;
			break;
		}
		if (plain) {
			out[n++] = (char)c;
			continue;
		}
		out[n++] = '\\';
		out[n++] = 'x';
		out[n++] = hex_digit(c >> 4);
		out[n++] = hex_digit(c);
	}
	if (cut)
		for (size_t i = 0; more[i]; i++)
			out[n++] = more[i];
	out[n] = '\0';
}
