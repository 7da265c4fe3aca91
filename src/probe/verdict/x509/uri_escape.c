/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Characters of URIs: which may stand where, and how they are escaped.
 */
#include "probe/verdict/x509/uri_parts.h"

#include "common/hex.h"

/* see uri_parts.h */
size_t uri_find(struct bytes b, char c)
{
	const uint8_t *p = b.len ? memchr(b.data, c, b.len) : NULL;

	return p ? (size_t)(p - b.data) : b.len;
}

/* see uri_parts.h */
size_t uri_find_last(struct bytes b, char c)
{
	for (size_t i = b.len; i > 0; i--)
		if (b.data[i - 1] == (uint8_t)c)
			return i - 1;
	return b.len;
}

/* see uri_parts.h */
bool uri_is_alpha(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* see uri_parts.h */
bool uri_is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_host_char(uint8_t c)
{
	return uri_is_alpha(c) || uri_is_digit(c) ||
	       (c && strchr("!$&'()*+,;=:[]<>\"-_.~", c));
}

/* see uri_parts.h */
bool uri_refuse_quoting(struct text *why, const char *before,
			struct bytes quoted, const char *after)
{
	text_add(why, before);
	text_add_quoted(why, quoted);
	text_add(why, after);
	return false;
}

/* see uri_parts.h */
bool uri_is_percent_25(struct bytes b)
{
	return b.len >= 3 && !memcmp(b.data, "%25", 3);
}

/* Is the escape at the start of B one that PART may have? */
static bool is_escape(struct bytes b, enum uri_part part, uint8_t *value)
{
	if (b.len < 3 || hex_value(b.data[1]) < 0 || hex_value(b.data[2]) < 0)
		return false;
	*value = (uint8_t)(hex_value(b.data[1]) << 4 | hex_value(b.data[2]));
	if (uri_is_percent_25(b) || part == URI_FREE)
		return true;
	return part == URI_HOST ? *value >= 0x80
				: *value == ' ' || is_host_char(*value);
}

/* see uri_parts.h */
bool uri_unescape(struct bytes b, enum uri_part part, struct text *out,
		  struct text *why)
{
	for (size_t i = 0; i < b.len; i++) {
		uint8_t c = b.data[i];
		struct bytes here = bytes_from(b, i);

		if (c == '%') {
			if (!is_escape(here, part, &c)) {
				here.len = here.len > 3 ? 3 : here.len;
				return uri_refuse_quoting(
					why, "invalid URL escape ", here, "");
			}
			i += 2;
		} else if (part != URI_FREE && c < 0x80 && !is_host_char(c)) {
			here.len = 1;
			return uri_refuse_quoting(why, "invalid character ",
						  here, " in host name");
		}
		if (out)
			text_add_char(out, (char)c);
	}
	return true;
}

/* Go's shouldEscape, for the four places. */
static bool may_stand(uint8_t c, enum uri_place place)
{
	static const char *const allowed[] = {
		[URI_IN_USER] = "$&+,;=",
		[URI_IN_HOST] = "!$&'()*+,;=:[]<>\"",
		[URI_IN_PATH] = "$&+,/:;=@",
		[URI_IN_FRAGMENT] = "$&+,/:;=?@!()*",
	};

	return uri_is_alpha(c) || uri_is_digit(c) ||
	       (c && (strchr("-_.~", c) || strchr(allowed[place], c)));
}

static void add_escaped(struct text *t, uint8_t c, enum uri_place place)
{
	static const char hex[] = "0123456789ABCDEF";

	if (may_stand(c, place)) {
		text_add_char(t, (char)c);
		return;
	}
	text_add_char(t, '%');
	text_add_char(t, hex[c >> 4]);
	text_add_char(t, hex[c & 15]);
}

/* see uri_parts.h */
void uri_escape(struct text *t, struct bytes b, enum uri_place place)
{
	for (size_t i = 0; i < b.len; i++)
		add_escaped(t, b.data[i], place);
}

/* see uri_parts.h */
void uri_escape_again(struct text *t, struct bytes b, enum uri_place place)
{
	bool valid = true;

	for (size_t i = 0; i < b.len; i++)
		valid = valid && b.data[i] &&
			(strchr("!$&'()*+,;=:@[]%", b.data[i]) ||
			 may_stand(b.data[i], place));
	if (valid) {
		text_add_bytes(t, b);
		return;
	}
	for (size_t i = 0; i < b.len; i++) {
		uint8_t c = b.data[i];

		if (c == '%' && is_escape(bytes_from(b, i), URI_FREE, &c))
			i += 2;
		add_escaped(t, c, place);
	}
}
