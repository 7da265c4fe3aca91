/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The authority of a URI: user, host and port.
 */
#include "probe/verdict/x509/uri_parts.h"

#include "common/limits.h"
#include "probe/verdict/x509/address.h"

static bool check_port(struct bytes port, struct text *why)
{
	bool valid = !port.len || port.data[0] == ':';

	for (size_t i = 1; i < port.len; i++)
		if (!uri_is_digit(port.data[i]))
			valid = false;
	return valid ||
	       uri_refuse_quoting(why, "invalid port ", port, " after host");
}

/* The host and its zone, if it has one, with escapes resolved. */
static bool unescape_zoned(struct bytes b, struct text *out, struct text *why)
{
	size_t zone = 0;

	while (zone < b.len && !uri_is_percent_25(bytes_from(b, zone)))
		zone++;
	return uri_unescape((struct bytes){b.data, zone}, URI_HOST, out, why) &&
	       uri_unescape(bytes_from(b, zone), URI_ZONE, out, why);
}

/* [address]:port, by GO_URI_LITERALS. */
static bool parse_literal(struct bytes b, size_t close, struct text *host,
			  struct text *why)
{
	char buffer[URI_LITERAL_CHARS_MAX];
	struct ip_address address;
	struct text name;

	text_open(&name, buffer, sizeof(buffer));
	if (!uri_unescape(bytes_from(b, close + 1), URI_HOST, NULL, why) ||
	    !unescape_zoned((struct bytes){b.data + 1, close - 1}, &name, why))
		return false;
	text_add(why, "invalid host: ");
	if (!address_parse(text_bytes(&name), &address, why))
		return false;
	why->len -= strlen("invalid host: ");
	if (address.len == 4)
		return text_refuse(why, "invalid IP-literal");
	text_add_char(host, '[');
	text_add_bytes(host, text_bytes(&name));
	text_add_bytes(host, bytes_from(b, close));
	return true;
}

static bool parse_bracketed(struct bytes b, struct go_release release,
			    struct text *host, struct text *why)
{
	size_t close = uri_find_last(b, ']');

	if (close == b.len)
		return text_refuse(why, "missing ']' in host");
	if (!check_port(bytes_from(b, close + 1), why))
		return false;
	if (go_follows(release, GO_URI_LITERALS))
		return parse_literal(b, close, host, why);
	return unescape_zoned((struct bytes){b.data, close}, host, why) &&
	       uri_unescape(bytes_from(b, close), URI_HOST, host, why);
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
	size_t open = literals			  ? uri_find_last(b, '[')
		      : b.len && b.data[0] == '[' ? 0
						  : b.len;

	if (open != b.len && open > 0)
		return text_refuse(why, "invalid IP-literal");
	if (open != b.len)
		return parse_bracketed(b, release, host, why);
	return check_port(bytes_from(b, strict ? uri_find(b, ':')
					       : uri_find_last(b, ':')),
			  why) &&
	       uri_unescape(b, URI_HOST, host, why);
}

static bool is_user_info(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (!uri_is_alpha(b.data[i]) && !uri_is_digit(b.data[i]) &&
		    (!b.data[i] || !strchr("-._:~!$&'()*+,;=%@", b.data[i])))
			return false;
	return true;
}

/* see uri_parts.h */
bool uri_parse_authority(struct uri *out, struct bytes b,
			 struct go_release release, struct text *host,
			 struct text *why)
{
	size_t at = uri_find_last(b, '@');
	struct bytes user = {b.data, at};
	struct bytes name = at < b.len ? bytes_from(b, at + 1) : b;
	size_t colon;

	if (!parse_host(out->scheme, name, release, host, why))
		return false;
	out->has_authority = true;
	if (at == b.len)
		return true;
	out->has_user = true;
	out->user = user;
	if (!is_user_info(user))
		return text_refuse(why, "net/url: invalid userinfo");
	colon = uri_find(user, ':');
	return uri_unescape((struct bytes){user.data, colon}, URI_FREE, NULL,
			    why) &&
	       uri_unescape(bytes_from(user, colon), URI_FREE, NULL, why);
}
