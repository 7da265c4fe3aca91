/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/judge/location.h"

#include <string.h>

#include "probe/judge/challenge.h"

static bool is_letter(uint8_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* RFC 3986 4.2: what has no colon before its first slash is relative. */
static bool has_scheme(struct bytes url)
{
	size_t len = 0;

	while (len < url.len && !memchr(":/?#", url.data[len], 4))
		len++;
	return len < url.len && url.data[len] == ':' && is_letter(*url.data);
}

static bool is_v2(struct bytes path)
{
	static const char v2[] = "/v2/";

	return path.len == sizeof(v2) - 1 && !memcmp(path.data, v2, path.len);
}

/* A fragment is for the client alone. */
static struct bytes without_fragment(struct bytes url)
{
	const uint8_t *end = url.len ? memchr(url.data, '#', url.len) : NULL;

	if (end)
		url.len = (size_t)(end - url.data);
	return url;
}

/* see location.h */
void location_read(struct bytes value, struct answer_place *out)
{
	struct bytes rest = value;

	memset(out, 0, sizeof(*out));
	if (!value.len)
		return;
	if (bytes_begin_with(value, "//")) {
		rest = bytes_from(rest, 2);
		challenge_host(&rest, false, out);
	} else if (!challenge_place(&rest, out)) {
		out->is_here = !has_scheme(value);
		if (!out->is_here)
			return;
	}
	out->known = true;
	rest = without_fragment(rest);
	out->is_v2 = is_v2(rest) || (out->is_here && !rest.len);
}
