/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Labels, one by one.
 */
#include "probe/verdict/host_name.h"

#include "probe/verdict/x509/domain.h"

static struct bytes without_dot(struct bytes b)
{
	if (b.len && b.data[b.len - 1] == '.')
		b.len--;
	return b;
}

/* Cut the first label off B; false if there is none left. */
static bool next_label(struct bytes *b, bool *more, struct bytes *label)
{
	const uint8_t *dot;

	if (!*more)
		return false;
	dot = b->len ? memchr(b->data, '.', b->len) : NULL;
	*label =
		(struct bytes){b->data, dot ? (size_t)(dot - b->data) : b->len};
	*more = dot != NULL;
	if (dot)
		*b = bytes_from(*b, label->len + 1);
	return true;
}

static bool is_label_char(uint8_t c, bool first)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || (c == '-' && !first);
}

static bool is_star(struct bytes b)
{
	return b.len == 1 && b.data[0] == '*';
}

/* see host_name.h */
bool host_name_is_valid(struct bytes host, bool pattern,
			struct go_release release)
{
	bool more = true, first = true;
	struct bytes label;

	if (!pattern)
		host = without_dot(host);
	if (!host.len ||
	    (is_star(host) && go_follows(release, GO_REFUSE_BARE_STAR)))
		return false;
	for (; next_label(&host, &more, &label); first = false) {
		if (!label.len)
			return false;
		if (pattern && first && is_star(label))
			continue;
		for (size_t i = 0; i < label.len; i++)
			if (!is_label_char(label.data[i], i == 0))
				return false;
	}
	return true;
}

/* see host_name.h */
bool host_name_matches(struct bytes pattern, struct bytes host)
{
	bool more = true, host_more = true, first = true;
	struct bytes label, host_label;

	host = without_dot(host);
	if (!pattern.len)
		return false;
	while (next_label(&pattern, &more, &label)) {
		if (!next_label(&host, &host_more, &host_label))
			return false;
		if (!(first && is_star(label)) &&
		    !domain_equal(label, host_label))
			return false;
		first = false;
	}
	return !host_more;
}

static bool matches_exactly(struct bytes a, struct bytes b)
{
	return a.len && !(a.len == 1 && a.data[0] == '.') && domain_equal(a, b);
}

/* see host_name.h */
bool host_name_is_for(struct bytes name, struct bytes host,
		      struct go_release release)
{
	if (host_name_is_valid(host, false, release) &&
	    host_name_is_valid(name, true, release))
		return host_name_matches(name, host);
	return matches_exactly(name, host);
}
