/* SPDX-License-Identifier: Apache-2.0 */
/*
 * URIs in certificates, read as strictly as Go's net/url. Probe process. Pure.
 */
#include "probe/verdict/x509/uri.h"

#include "probe/verdict/x509/address.h"

/* Longest host in brackets that is unescaped to be read as an address. */
#define LITERAL_CHARS_MAX 128

/* How much of the characters a part of a URI may have unescaped. */
enum part { PART_FREE, PART_HOST, PART_ZONE };

static struct bytes from(struct bytes b, size_t n)
{
	return (struct bytes){b.data + n, b.len - n};
}

/* The index of the first or last C in B; B.len if there is none. */
static size_t find(struct bytes b, char c)
{
	const uint8_t *p = b.len ? memchr(b.data, c, b.len) : NULL;

	return p ? (size_t)(p - b.data) : b.len;
}

static size_t find_last(struct bytes b, char c)
{
	for (size_t i = b.len; i > 0; i--)
		if (b.data[i - 1] == (uint8_t)c)
			return i - 1;
	return b.len;
}

static int hex_value(uint8_t c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

static bool is_alpha(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_host_char(uint8_t c)
{
	return is_alpha(c) || (c >= '0' && c <= '9') ||
	       (c && strchr("!$&'()*+,;=:[]<>\"-_.~", c));
}

static bool refuse(struct text *why, const char *message)
{
	text_add(why, message);
	return false;
}

static bool refuse_quoting(struct text *why, const char *before,
			   struct bytes quoted, const char *after)
{
	text_add(why, before);
	text_add_quoted(why, quoted);
	text_add(why, after);
	return false;
}

static bool is_percent_25(struct bytes b)
{
	return b.len >= 3 && !memcmp(b.data, "%25", 3);
}

/* Is the escape at the start of B one that PART may have? */
static bool is_escape(struct bytes b, enum part part, uint8_t *value)
{
	if (b.len < 3 || hex_value(b.data[1]) < 0 || hex_value(b.data[2]) < 0)
		return false;
	*value = (uint8_t)(hex_value(b.data[1]) << 4 | hex_value(b.data[2]));
	if (is_percent_25(b) || part == PART_FREE)
		return true;
	return part == PART_HOST ? *value >= 0x80
				 : *value == ' ' || is_host_char(*value);
}

/* Check (and, if OUT, append) an escaped part. */
static bool unescape(struct bytes b, enum part part, struct text *out,
		     struct text *why)
{
	for (size_t i = 0; i < b.len; i++) {
		uint8_t c = b.data[i];
		struct bytes here = from(b, i);

		if (c == '%') {
			if (!is_escape(here, part, &c)) {
				here.len = here.len > 3 ? 3 : here.len;
				return refuse_quoting(
					why, "invalid URL escape ", here, "");
			}
			i += 2;
		} else if (part != PART_FREE && c < 0x80 && !is_host_char(c)) {
			here.len = 1;
			return refuse_quoting(why, "invalid character ", here,
					      " in host name");
		}
		if (out)
			text_add_char(out, (char)c);
	}
	return true;
}

static bool check_port(struct bytes port, struct text *why)
{
	bool valid = !port.len || port.data[0] == ':';

	for (size_t i = 1; i < port.len; i++)
		if (port.data[i] < '0' || port.data[i] > '9')
			valid = false;
	return valid ||
	       refuse_quoting(why, "invalid port ", port, " after host");
}

/* The host and its zone, if it has one, with escapes resolved. */
static bool unescape_zoned(struct bytes b, struct text *out, struct text *why)
{
	size_t zone = 0;

	while (zone < b.len && !is_percent_25(from(b, zone)))
		zone++;
	return unescape((struct bytes){b.data, zone}, PART_HOST, out, why) &&
	       unescape(from(b, zone), PART_ZONE, out, why);
}

/* [address]:port, as Go 1.25 and later. */
static bool parse_literal(struct bytes b, size_t close, struct text *host,
			  struct text *why)
{
	char buffer[LITERAL_CHARS_MAX];
	struct ip_address address;
	struct text name;

	text_open(&name, buffer, sizeof(buffer));
	if (!unescape(from(b, close + 1), PART_HOST, NULL, why) ||
	    !unescape_zoned((struct bytes){b.data + 1, close - 1}, &name, why))
		return false;
	text_add(why, "invalid host: ");
	if (!address_parse(text_bytes(&name), &address, why))
		return false;
	why->len -= strlen("invalid host: ");
	if (address.len == 4)
		return refuse(why, "invalid IP-literal");
	text_add_char(host, '[');
	text_add_bytes(host, text_bytes(&name));
	text_add_bytes(host, from(b, close));
	return true;
}

static bool parse_bracketed(struct bytes b, struct go_release release,
			    struct text *host, struct text *why)
{
	size_t close = find_last(b, ']');

	if (close == b.len)
		return refuse(why, "missing ']' in host");
	if (!check_port(from(b, close + 1), why))
		return false;
	if (go_follows(release, GO_URI_LITERALS))
		return parse_literal(b, close, host, why);
	return unescape_zoned((struct bytes){b.data, close}, host, why) &&
	       unescape(from(b, close), PART_HOST, host, why);
}

static bool is_http(struct bytes scheme)
{
	static const char http[] = "https";

	if (scheme.len != 4 && scheme.len != 5)
		return false;
	for (size_t i = 0; i < scheme.len; i++)
		if ((scheme.data[i] | 0x20) != http[i])
			return false;
	return true;
}

static bool parse_host(struct bytes scheme, struct bytes b,
		       struct go_release release, struct text *host,
		       struct text *why)
{
	bool literals = go_follows(release, GO_URI_LITERALS);
	bool strict = go_follows(release, GO_URI_COLONS) && is_http(scheme);
	size_t open = literals			  ? find_last(b, '[')
		      : b.len && b.data[0] == '[' ? 0
						  : b.len;

	if (open != b.len && open > 0)
		return refuse(why, "invalid IP-literal");
	if (open != b.len)
		return parse_bracketed(b, release, host, why);
	return check_port(from(b, strict ? find(b, ':') : find_last(b, ':')),
			  why) &&
	       unescape(b, PART_HOST, host, why);
}

static bool is_user_info(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (!is_alpha(b.data[i]) &&
		    !(b.data[i] >= '0' && b.data[i] <= '9') &&
		    (!b.data[i] || !strchr("-._:~!$&'()*+,;=%@", b.data[i])))
			return false;
	return true;
}

static bool parse_authority(struct bytes scheme, struct bytes b,
			    struct go_release release, struct text *host,
			    struct text *why)
{
	size_t at = find_last(b, '@');
	struct bytes user = {b.data, at};
	struct bytes name = at < b.len ? from(b, at + 1) : b;
	size_t colon;

	if (!parse_host(scheme, name, release, host, why))
		return false;
	if (at == b.len)
		return true;
	if (!is_user_info(user))
		return refuse(why, "net/url: invalid userinfo");
	colon = find(user, ':');
	return unescape((struct bytes){user.data, colon}, PART_FREE, NULL,
			why) &&
	       unescape(from(user, colon), PART_FREE, NULL, why);
}

/* The scheme's length; 0: none. False: an empty one before a colon. */
static bool find_scheme(struct bytes b, size_t *len)
{
	*len = 0;
	for (size_t i = 0; i < b.len; i++) {
		uint8_t c = b.data[i];

		if (c == ':') {
			*len = i;
			return i > 0;
		}
		if (!is_alpha(c) &&
		    (i == 0 || !((c >= '0' && c <= '9') || c == '+' ||
				 c == '-' || c == '.')))
			return true;
	}
	return true;
}

static bool has_control(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (b.data[i] < ' ' || b.data[i] == 0x7f)
			return true;
	return false;
}

/* What is between the scheme and the query. */
static bool parse_rest(struct bytes scheme, struct bytes rest,
		       struct go_release release, struct text *host,
		       struct text *why)
{
	size_t slash;

	if (!rest.len || rest.data[0] != '/') {
		if (scheme.len)
			return true; /* opaque */
		slash = find(rest, '/');
		if (find((struct bytes){rest.data, slash}, ':') < slash)
			return refuse(why, "first path segment in URL cannot "
					   "contain colon");
	}
	if (rest.len >= 2 && !memcmp(rest.data, "//", 2) &&
	    (scheme.len || rest.len < 3 || rest.data[2] != '/')) {
		rest = from(rest, 2);
		slash = find(rest, '/');
		if (!parse_authority(scheme, (struct bytes){rest.data, slash},
				     release, host, why))
			return false;
		rest = from(rest, slash);
	}
	return unescape(rest, PART_FREE, NULL, why);
}

static bool parse(struct bytes b, struct go_release release, struct text *host,
		  struct text *why)
{
	struct bytes scheme = {b.data, 0}, rest = b;

	if (has_control(b))
		return refuse(why, "net/url: invalid control character in URL");
	if (b.len == 1 && b.data[0] == '*')
		return true;
	if (!find_scheme(b, &scheme.len))
		return refuse(why, "missing protocol scheme");
	if (scheme.len)
		rest = from(b, scheme.len + 1);
	rest.len = find(rest, '?');
	return parse_rest(scheme, rest, release, host, why);
}

/* see uri.h */
bool uri_parse(struct bytes uri, struct go_release release, struct text *host,
	       struct text *why)
{
	struct bytes before = {uri.data, find(uri, '#')};
	size_t start = why->len;

	text_add(why, "parse ");
	text_add_quoted(why, before);
	text_add(why, ": ");
	if (!parse(before, release, host, why))
		return false;
	why->len = start;
	if (before.len == uri.len)
		return true;
	text_add(why, "parse ");
	text_add_quoted(why, uri);
	text_add(why, ": ");
	if (!unescape(from(uri, before.len + 1), PART_FREE, NULL, why))
		return false;
	why->len = start;
	return true;
}

/* Where the user part of an authority lies; empty if there is none. */
static struct bytes find_user(struct bytes rest)
{
	size_t end;

	if (rest.len < 3 || memcmp(rest.data, "://", 3))
		return (struct bytes){rest.data, 0};
	rest = from(rest, 3);
	rest.len = find(rest, '#');
	rest.len = find(rest, '?');
	rest.len = find(rest, '/');
	end = find_last(rest, '@');
	return (struct bytes){rest.data, end < rest.len ? end : 0};
}

/* see uri.h */
void uri_print(struct text *t, struct bytes uri)
{
	struct bytes user;
	size_t scheme;

	if (!find_scheme(uri, &scheme))
		scheme = 0;
	user = find_user(from(uri, scheme));
	for (size_t i = 0; i < uri.len; i++) {
		uint8_t c = uri.data[i];

		if (i < scheme && c >= 'A' && c <= 'Z')
			c |= 0x20;
		if (c == '@' && uri.data + i >= user.data &&
		    uri.data + i < user.data + user.len)
			text_add(t, "%40");
		else
			text_add_char(t, (char)c);
	}
}
