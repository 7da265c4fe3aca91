/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses read from text, as netip.ParseAddr and the older net.ParseIP. */
#include "probe/verdict/x509/address.h"

#include "common/hex.h"

/* Where parsing stopped, for the text; or NOWHERE. */
struct fault {
	const char *message;
	struct bytes at;
};
static const struct bytes NOWHERE;

static bool fail(struct fault *f, const char *message, struct bytes at)
{
	*f = (struct fault){message, at};
	return false;
}

static bool parse_ipv4(struct bytes s, uint8_t fields[4], struct fault *f)
{
	unsigned value = 0, field = 0, digits = 0;

	for (size_t i = 0; i < s.len; i++) {
		uint8_t c = s.data[i];

		if (c >= '0' && c <= '9') {
			if (digits == 1 && value == 0)
				return fail(f,
					    "IPv4 field has octet with "
					    "leading zero",
					    NOWHERE);
			value = value * 10 + (unsigned)(c - '0');
			digits++;
			if (value > 255)
				return fail(f, "IPv4 field has value >255",
					    NOWHERE);
		} else if (c == '.') {
			if (digits == 0 || i == s.len - 1)
				return fail(f,
					    "IPv4 field must have at least "
					    "one digit",
					    bytes_from(s, i));
			if (field == 3)
				return fail(f, "IPv4 address too long",
					    NOWHERE);
			fields[field++] = (uint8_t)value;
			value = digits = 0;
		} else {
			return fail(f, "unexpected character",
				    bytes_from(s, i));
		}
	}
	if (field < 3)
		return fail(f, "IPv4 address too short", NOWHERE);
	fields[3] = (uint8_t)value;
	return true;
}

/* The state of an IPv6 address being read. */
struct groups {
	struct bytes rest;
	uint8_t octets[16];
	size_t filled;
	size_t ellipsis; /* where "::" stands; 16: NOWHERE */
};

/* Read the digits of one group; DIGITS gets their count. */
static bool read_group(struct groups *g, size_t *digits, struct fault *f)
{
	unsigned value = 0;
	size_t n = 0;

	for (; n < g->rest.len && hex_value(g->rest.data[n]) >= 0; n++) {
		value = value << 4 | (unsigned)hex_value(g->rest.data[n]);
		if (n > 3)
			return fail(f, "each group must have 4 or less digits",
				    g->rest);
	}
	if (n == 0)
		return fail(f,
			    "each colon-separated field must have at least "
			    "one digit",
			    g->rest);
	*digits = n;
	g->octets[g->filled] = (uint8_t)(value >> 8);
	g->octets[g->filled + 1] = (uint8_t)value;
	return true;
}

static bool read_tail(struct groups *g, struct fault *f)
{
	if (g->ellipsis == 16 && g->filled != 12)
		return fail(f,
			    "embedded IPv4 address must replace the final 2 "
			    "fields of the address",
			    g->rest);
	if (g->filled + 4 > 16)
		return fail(f,
			    "too many hex fields to fit an embedded IPv4 at "
			    "the end of the address",
			    g->rest);
	if (!parse_ipv4(g->rest, g->octets + g->filled, f))
		return false;
	g->rest.len = 0;
	g->filled += 4;
	return true;
}

/* Read the colon after a group, and a second one that makes "::". */
static bool read_colon(struct groups *g, struct fault *f)
{
	if (g->rest.data[0] != ':')
		return fail(f, "unexpected character, want colon", g->rest);
	if (g->rest.len == 1)
		return fail(f, "colon must be followed by more characters",
			    g->rest);
	g->rest = bytes_from(g->rest, 1);
	if (g->rest.data[0] != ':')
		return true;
	if (g->ellipsis != 16)
		return fail(f, "multiple :: in address", g->rest);
	g->ellipsis = g->filled;
	g->rest = bytes_from(g->rest, 1);
	return true;
}

static bool expand(struct groups *g, struct fault *f)
{
	size_t missing = 16 - g->filled;
	size_t after = g->filled - g->ellipsis;

	if (g->rest.len)
		return fail(f, "trailing garbage after address", g->rest);
	if (missing && g->ellipsis == 16)
		return fail(f, "address string too short", NOWHERE);
	if (!missing && g->ellipsis != 16)
		return fail(f,
			    "the :: must expand to at least one field of zeros",
			    NOWHERE);
	if (missing) {
		memmove(g->octets + 16 - after, g->octets + g->ellipsis, after);
		memset(g->octets + g->ellipsis, 0, missing);
	}
	return true;
}

static bool parse_groups(struct groups *g, struct fault *f)
{
	size_t digits;

	if (g->rest.len >= 2 && g->rest.data[0] == ':' &&
	    g->rest.data[1] == ':') {
		g->ellipsis = 0;
		g->rest = bytes_from(g->rest, 2);
	}
	while (g->filled < 16 && (g->rest.len || g->ellipsis != g->filled)) {
		if (!read_group(g, &digits, f))
			return false;
		if (digits < g->rest.len && g->rest.data[digits] == '.') {
			if (!read_tail(g, f))
				return false;
			break;
		}
		g->filled += 2;
		g->rest = bytes_from(g->rest, digits);
		if (!g->rest.len)
			break;
		if (!read_colon(g, f))
			return false;
	}
	return expand(g, f);
}

static bool parse_ipv6(struct bytes text, struct ip_address *out,
		       struct fault *f)
{
	const uint8_t *percent = memchr(text.data, '%', text.len);
	struct groups g = {.rest = text, .ellipsis = 16};

	if (percent) {
		g.rest.len = (size_t)(percent - text.data);
		if (g.rest.len + 1 == text.len)
			return fail(f, "zone must be a non-empty string",
				    NOWHERE);
	}
	if (!parse_groups(&g, f))
		return false;
	memcpy(out->octets, g.octets, 16);
	out->len = 16;
	out->zoned = percent != NULL;
	return true;
}

static bool parse(struct bytes text, struct ip_address *out, struct fault *f)
{
	out->zoned = false;
	for (size_t i = 0; i < text.len; i++) {
		switch (text.data[i]) {
		case '.':
			out->len = 4;
			return parse_ipv4(text, out->octets, f);
		case ':':
			return parse_ipv6(text, out, f);
		case '%':
			return fail(f, "missing IPv6 address", NOWHERE);
		}
	}
	return fail(f, "unable to parse IP", NOWHERE);
}

/* see address.h */
bool address_parse(struct bytes text, struct ip_address *out, struct text *why)
{
	struct fault f;

	if (parse(text, out, &f))
		return true;
	if (!why)
		return false;
	text_add(why, "ParseAddr(");
	text_add_quoted(why, text);
	text_add(why, "): ");
	text_add(why, f.message);
	if (f.at.len) {
		text_add(why, " (at ");
		text_add_quoted(why, f.at);
		text_add(why, ")");
	}
	return false;
}

/* see address.h */
bool address_parse_loosely(struct bytes text, struct ip_address *out)
{
	char plain[16] = "";
	size_t n = 0;

	for (size_t i = 0; i < text.len && n < sizeof(plain); i++) {
		bool starts = n == 0 || plain[n - 1] == '.';
		bool more = i + 1 < text.len && text.data[i + 1] != '.';

		if (!(text.data[i] == '0' && starts && more))
			plain[n++] = (char)text.data[i];
	}
	if (memchr(text.data, ':', text.len) || n == sizeof(plain))
		return address_parse(text, out, NULL) && !out->zoned;
	return address_parse((struct bytes){(const uint8_t *)plain, n}, out,
			     NULL);
}
