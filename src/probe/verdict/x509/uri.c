/* SPDX-License-Identifier: Apache-2.0 */
/*
 * url.Parse: the scheme, and what each part of the rest may be.
 */
#include "probe/verdict/x509/uri_parts.h"

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
static bool parse_rest(struct uri *out, struct bytes rest,
		       struct go_release release, struct text *host,
		       struct text *why)
{
	size_t slash;

	if (!rest.len || rest.data[0] != '/') {
		if (out->scheme.len) {
			out->opaque = rest;
			return true;
		}
		slash = uri_find(rest, '/');
		if (uri_find((struct bytes){rest.data, slash}, ':') < slash)
			return text_refuse(why,
					   "first path segment in URL cannot "
					   "contain colon");
	}
	if (rest.len >= 2 && !memcmp(rest.data, "//", 2) &&
	    (out->scheme.len || rest.len < 3 || rest.data[2] != '/')) {
		rest = bytes_from(rest, 2);
		slash = uri_find(rest, '/');
		if (!uri_parse_authority(out, (struct bytes){rest.data, slash},
					 release, host, why))
			return false;
		rest = bytes_from(rest, slash);
	}
	out->path = rest;
	return uri_unescape(rest, URI_FREE, NULL, why);
}

static bool parse(struct bytes b, struct go_release release, struct uri *out,
		  struct text *host, struct text *why)
{
	struct bytes rest = b;
	size_t query;

	if (has_control(b))
		return text_refuse(why,
				   "net/url: invalid control character in URL");
	if (b.len == 1 && b.data[0] == '*') {
		out->path = b;
		return true;
	}
	out->scheme = b;
	if (!find_scheme(b, &out->scheme.len))
		return text_refuse(why, "missing protocol scheme");
	if (out->scheme.len)
		rest = bytes_from(b, out->scheme.len + 1);
	query = uri_find(rest, '?');
	out->has_query = query < rest.len;
	if (out->has_query)
		out->query = bytes_from(rest, query + 1);
	rest.len = query;
	return parse_rest(out, rest, release, host, why);
}

/* see uri.h */
bool uri_parse(struct bytes text, struct go_release release, struct uri *out,
	       struct text *host, struct text *why)
{
	struct bytes before = {text.data, uri_find(text, '#')};
	size_t start = why->len;

	*out = (struct uri){0};
	text_add(why, "parse ");
	text_add_quoted(why, before);
	text_add(why, ": ");
	if (!parse(before, release, out, host, why))
		return false;
	why->len = start;
	if (before.len == text.len)
		return true;
	text_add(why, "parse ");
	text_add_quoted(why, text);
	text_add(why, ": ");
	out->fragment = bytes_from(text, before.len + 1);
	if (!uri_unescape(out->fragment, URI_FREE, NULL, why))
		return false;
	why->len = start;
	return true;
}
