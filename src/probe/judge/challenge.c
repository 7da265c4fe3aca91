/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Challenges of an answer, and URLs; see challenge.h.
 */
#include "probe/judge/challenge.h"

#include <string.h>

#include "probe/judge/line.h"

#define HTTP_PORT 80

static void skip(struct bytes *text, size_t len)
{
	*text = bytes_from(*text, len);
}

/* see challenge.h */
bool challenge_is(struct bytes value, const char *scheme)
{
	size_t len = strlen(scheme);

	return bytes_begin_alike(value, scheme) &&
	       (value.len == len || line_is_blank(value.data[len]));
}

/* An unquoted value ends at what is none, for Docker's parser too, so that a
 * URL without quotes is its scheme. */
static struct bytes take_token(struct bytes *text)
{
	struct bytes token = {text->data, 0};

	while (token.len < text->len && line_is_token(token.data[token.len]))
		token.len++;
	skip(text, token.len);
	return token;
}

/* Empty where its end does not come. With its backslashes. */
static struct bytes take_quoted(struct bytes *text)
{
	struct bytes quoted;
	size_t len;

	skip(text, 1);
	for (len = 0; len < text->len && text->data[len] != '"'; len++)
		if (text->data[len] == '\\')
			len++;
	if (len >= text->len)
		return (struct bytes){NULL, 0};
	quoted = (struct bytes){text->data, len};
	skip(text, len + 1);
	return quoted;
}

static void skip_blanks(struct bytes *text)
{
	while (text->len && line_is_blank(*text->data))
		skip(text, 1);
}

/* Take a parameter off TEXT, name=token or name="quoted", as Docker's parser
 * does: false at what is none, and at an empty value. */
static bool take_parameter(struct bytes *text, struct bytes *name,
			   struct bytes *value)
{
	skip_blanks(text);
	*name = take_token(text);
	if (!name->len || !text->len || *text->data != '=')
		return false;
	skip(text, 1);
	*value = text->len && *text->data == '"' ? take_quoted(text)
						 : take_token(text);
	skip_blanks(text);
	return value->len > 0;
}

/* Of backslashes Docker takes what stands behind them; we leave such alone. */
static void place_realm(struct bytes value, struct answer_place *out)
{
	struct bytes rest = value;

	challenge_place(&rest, out);
	if (!out->known && memchr(value.data, '\\', value.len))
		out->is_odd = true;
}

/* see challenge.h */
void challenge_realm(struct bytes value, struct answer_place *out)
{
	static const char scheme[] = "Bearer", realm[] = "realm";
	struct bytes name, content;

	out->known = false;
	skip(&value, sizeof(scheme) - 1);
	while (take_parameter(&value, &name, &content)) {
		if (bytes_are_alike(name, realm))
			place_realm(content, out);
		if (!value.len || *value.data != ',')
			return;
		skip(&value, 1);
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
	bool is_plain = bytes_begin_alike(*url, http);

	memset(out, 0, sizeof(*out));
	if (!is_plain && !bytes_begin_alike(*url, https))
		return false;
	skip(url, is_plain ? sizeof(http) - 1 : sizeof(https) - 1);
	challenge_host(url, is_plain, out);
	return true;
}
