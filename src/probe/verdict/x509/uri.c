/* SPDX-License-Identifier: Apache-2.0 */
/*
 * url.Parse: the scheme, and what each part of the rest may be.
 */
#include "probe/verdict/x509/uri_parts.h"

/* see uri_parts.h */
bool uri_find_scheme(struct bytes b, size_t *len)
{
	*len = 0;
	for (size_t i = 0; i < b.len; i++) {
		uint8_t c = b.data[i];

		if (c == ':') {
			*len = i;
			return i > 0;
		}
		if (!uri_is_alpha(c) &&
		    (i == 0 ||
		     !(uri_is_digit(c) || c == '+' || c == '-' || c == '.')))
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
		slash = uri_find(rest, '/');
		if (uri_find((struct bytes){rest.data, slash}, ':') < slash)
			return uri_refuse(why,
					  "first path segment in URL cannot "
					  "contain colon");
	}
	if (rest.len >= 2 && !memcmp(rest.data, "//", 2) &&
	    (scheme.len || rest.len < 3 || rest.data[2] != '/')) {
		rest = bytes_from(rest, 2);
		slash = uri_find(rest, '/');
		if (!uri_parse_authority(scheme,
					 (struct bytes){rest.data, slash},
					 release, host, why))
			return false;
		rest = bytes_from(rest, slash);
	}
	return uri_unescape(rest, URI_FREE, NULL, why);
}

static bool parse(struct bytes b, struct go_release release, struct text *host,
		  struct text *why)
{
	struct bytes scheme = {b.data, 0}, rest = b;

	if (has_control(b))
		return uri_refuse(why,
				  "net/url: invalid control character in URL");
	if (b.len == 1 && b.data[0] == '*')
		return true;
	if (!uri_find_scheme(b, &scheme.len))
		return uri_refuse(why, "missing protocol scheme");
	if (scheme.len)
		rest = bytes_from(b, scheme.len + 1);
	rest.len = uri_find(rest, '?');
	return parse_rest(scheme, rest, release, host, why);
}

/* see uri.h */
bool uri_parse(struct bytes uri, struct go_release release, struct text *host,
	       struct text *why)
{
	struct bytes before = {uri.data, uri_find(uri, '#')};
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
	if (!uri_unescape(bytes_from(uri, before.len + 1), URI_FREE, NULL, why))
		return false;
	why->len = start;
	return true;
}
