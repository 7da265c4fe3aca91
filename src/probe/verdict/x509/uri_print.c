/* SPDX-License-Identifier: Apache-2.0 */
/*
 * URL.String: the parts put together again, which need not give what was read.
 */
#include "probe/verdict/x509/uri_parts.h"

#include "common/limits.h"

static void print_user(struct text *t, struct bytes user)
{
	char buffer[NAME_PART_CHARS_MAX], ignored[8];
	size_t colon = uri_find(user, ':');
	struct bytes part = {user.data, colon};
	struct text plain, why;

	text_open(&why, ignored, sizeof(ignored));
	for (;;) {
		text_open(&plain, buffer, sizeof(buffer));
		uri_unescape(part, URI_FREE, &plain, &why);
		uri_escape(t, text_bytes(&plain), URI_IN_USER);
		if (part.data != user.data || colon == user.len)
			break;
		text_add_char(t, ':');
		part = bytes_from(user, colon + 1);
	}
	text_add_char(t, '@');
}

static void print_authority(struct text *t, const struct uri *u,
			    struct bytes host)
{
	if (host.len || u->path.len || u->has_user)
		text_add(t, "//");
	if (u->has_user)
		print_user(t, u->user);
	uri_escape(t, host, URI_IN_HOST);
}

/* EMPTY: nothing stands before it; OMITTED: no authority between the two. */
static void print_path(struct text *t, struct bytes raw, bool empty,
		       bool omitted, struct go_release release)
{
	char buffer[NAME_PART_CHARS_MAX];
	struct text escaped;
	struct bytes path;
	size_t slash;

	text_open(&escaped, buffer, sizeof(buffer));
	uri_escape_again(&escaped, raw, URI_IN_PATH);
	path = text_bytes(&escaped);
	slash = uri_find(path, '/');
	if (omitted && path.len >= 2 && path.data[0] == '/' &&
	    path.data[1] == '/' && go_follows(release, GO_URI_ESCAPE_SLASH)) {
		text_add(t, "%2F");
		path = bytes_from(path, 1);
	} else if (empty &&
		   uri_find((struct bytes){path.data, slash}, ':') < slash) {
		text_add(t, "./");
	}
	text_add_bytes(t, path);
	t->cut = t->cut || escaped.cut;
}

/* All before the query. */
static void print_start(struct text *t, const struct uri *u, struct bytes host,
			struct go_release release)
{
	size_t start = t->len;
	bool omitted = u->scheme.len && !u->has_authority && u->path.len;

	for (size_t i = 0; i < u->scheme.len; i++)
		text_add_char(t, (char)(u->scheme.data[i] >= 'A' &&
							u->scheme.data[i] <= 'Z'
						? u->scheme.data[i] | 0x20
						: u->scheme.data[i]));
	if (u->scheme.len)
		text_add_char(t, ':');
	if (u->opaque.len) {
		text_add_bytes(t, u->opaque);
		return;
	}
	if ((u->scheme.len || host.len || u->has_user) &&
	    !(omitted && go_follows(release, GO_URI_OMIT_HOST)))
		print_authority(t, u, host);
	print_path(t, u->path, t->len == start, omitted, release);
}

/* see uri.h */
void uri_print(struct text *t, struct bytes text, struct go_release release)
{
	char buffer[NAME_PART_CHARS_MAX], ignored[FAILURE_CHARS_MAX];
	struct text host, why;
	struct uri u;

	text_open(&host, buffer, sizeof(buffer));
	text_open(&why, ignored, sizeof(ignored));
	if (!uri_parse(text, release, &u, &host, &why)) {
		text_add_bytes(t, text);
		return;
	}
	print_start(t, &u, text_bytes(&host), release);
	if (u.has_query) {
		text_add_char(t, '?');
		text_add_bytes(t, u.query);
	}
	if (u.fragment.len) {
		text_add_char(t, '#');
		uri_escape_again(t, u.fragment, URI_IN_FRAGMENT);
	}
}
