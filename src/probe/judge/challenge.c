/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Challenges of an answer, and URLs; see challenge.h.
 */
#include "probe/judge/challenge.h"

#include <string.h>
#include <strings.h>

#define HTTP_PORT 80

static bool starts_with(struct bytes text, const char *prefix)
{
	size_t len = strlen(prefix);

	return text.len >= len &&
	       !strncasecmp((const char *)text.data, prefix, len);
}

static void skip(struct bytes *text, size_t len)
{
	text->data += len;
	text->len -= len;
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

/* see challenge.h */
bool challenge_is(struct bytes value, const char *scheme)
{
	size_t len = strlen(scheme);

	return starts_with(value, scheme) &&
	       (value.len == len || is_blank(value.data[len]));
}

/* RFC 9110 5.6.2: an unquoted value ends at what is none, for Docker's parser
 * too, so that a URL without quotes is its scheme. */
static bool is_token(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z') || (c && strchr("!#$%&'*+-.^_`|~", c));
}

/* The next parameter of TEXT, name=token or name="quoted"; false at the end
 * and at what is none. A quoted value is given with its backslashes. */
static bool next_parameter(struct bytes *text, struct bytes *name,
			   struct bytes *value)
{
	size_t len = 0;

	while (text->len && (is_blank(*text->data) || *text->data == ','))
		skip(text, 1);
	while (len < text->len && text->data[len] != '=')
		len++;
	if (len == text->len)
		return false;
	*name = (struct bytes){text->data, len};
	skip(text, len + 1);
	if (text->len && *text->data == '"') {
		skip(text, 1);
		for (len = 0; len < text->len && text->data[len] != '"'; len++)
			if (text->data[len] == '\\')
				len++;
		if (len >= text->len)
			return false;
		*value = (struct bytes){text->data, len};
		skip(text, len + 1);
		return true;
	}
	for (len = 0; len < text->len && is_token(text->data[len]); len++)
		continue;
	*value = (struct bytes){text->data, len};
	skip(text, len);
	return true;
}

/* see challenge.h */
void challenge_realm(struct bytes value, struct answer_place *out)
{
	static const char scheme[] = "Bearer", realm[] = "realm";
	struct bytes name, content;

	out->known = false;
	skip(&value, sizeof(scheme) - 1);
	while (next_parameter(&value, &name, &content))
		if (name.len == sizeof(realm) - 1 && starts_with(name, realm)) {
			challenge_place(&content, out);
			return;
		}
}

/* Up to the path, the query or the fragment. */
static size_t authority_len(struct bytes url)
{
	size_t len = 0;

	while (len < url.len && !memchr("/?#", url.data[len], 3))
		len++;
	return len;
}

/* Is there a port, behind the brackets of an IPv6 address if it is one? */
static bool has_port(struct bytes authority)
{
	for (size_t i = authority.len; i > 0; i--) {
		if (authority.data[i - 1] == ':')
			return true;
		if (authority.data[i - 1] == ']')
			return false;
	}
	return false;
}

/* see challenge.h */
void challenge_host(struct bytes *url, bool is_plain, struct answer_place *out)
{
	struct bytes host = {url->data, authority_len(*url)};
	struct failure ignored;

	out->is_plain = is_plain;
	out->known = registry_parse((const char *)host.data, host.len,
				    &out->registry, &ignored) == ERR_OK;
	out->is_odd = host.len && !out->known;
	if (out->known && is_plain && !has_port(host))
		out->registry.port = HTTP_PORT;
	skip(url, host.len);
}

/* see challenge.h */
bool challenge_place(struct bytes *url, struct answer_place *out)
{
	static const char https[] = "https://", http[] = "http://";
	bool is_plain = starts_with(*url, http);

	memset(out, 0, sizeof(*out));
	if (!is_plain && !starts_with(*url, https))
		return false;
	skip(url, is_plain ? sizeof(http) - 1 : sizeof(https) - 1);
	challenge_host(url, is_plain, out);
	return true;
}
