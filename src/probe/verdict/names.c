/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is a certificate for this host? As Go's VerifyHostname. Probe process. Pure.
 */
#include "probe/verdict/names.h"

#include "probe/verdict/x509/address.h"
#include "probe/verdict/x509/dn.h"
#include "probe/verdict/x509/domain.h"

/* From this many names on, newer releases only say how many there are. */
#define NAMES_LISTED_MAX 100
/* RFC 5280 allows 64; longer ones cannot match a host anyway. */
#define COMMON_NAME_CHARS_MAX 256

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
	if (dot) {
		b->len -= label->len + 1;
		b->data += label->len + 1;
	}
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

/* Go's validHostname. */
static bool is_host_name(struct bytes host, bool pattern,
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

/* Label by label; a first label "*" stands for any one. */
static bool matches(struct bytes pattern, struct bytes host)
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

static bool matches_name(struct bytes name, struct bytes host,
			 struct go_release release)
{
	if (is_host_name(host, false, release) &&
	    is_host_name(name, true, release))
		return matches(name, host);
	return matches_exactly(name, host);
}

/* Is HOST an address for Go? */
static bool parse_host(struct bytes host, struct go_release release,
		       struct ip_address *ip)
{
	if (!go_follows(release, GO_NEW_PARSER))
		return host.len && address_parse_loosely(host, ip);
	return address_parse(host, ip, NULL) &&
	       (!ip->zoned || go_follows(release, GO_ZONED_HOST));
}

static bool has_ip(const struct certificate *c, const struct ip_address *ip)
{
	struct bytes names = certificate_names(c), value;
	struct bytes wanted = {ip->octets, ip->len};
	uint8_t tag;

	while (certificate_next_name(&names, &tag, &value))
		if (tag == GENERAL_NAME_IP && address_equal(value, wanted))
			return true;
	return false;
}

static bool has_name(const struct certificate *c, struct bytes host,
		     struct go_release release)
{
	struct bytes names = certificate_names(c), value;
	uint8_t tag;

	while (certificate_next_name(&names, &tag, &value))
		if (tag == GENERAL_NAME_DNS &&
		    matches_name(value, host, release))
			return true;
	return false;
}

static void list_names(const struct certificate *c, enum general_name kind,
		       struct text *t)
{
	struct bytes names = certificate_names(c), value;
	bool first = true;
	uint8_t tag;

	while (!t->cut && certificate_next_name(&names, &tag, &value)) {
		if (tag != kind)
			continue;
		if (!first)
			text_add(t, ", ");
		first = false;
		if (kind == GENERAL_NAME_IP)
			address_print(t, value);
		else
			text_add_bytes(t, value);
	}
}

static void count_names(uint32_t count, const char *what, struct bytes host,
			struct text *t)
{
	text_add(t, "x509: certificate is valid for ");
	text_add_number(t, count);
	text_add(t, what);
	text_add(t, ", but none matched ");
	text_add_bytes(t, host);
}

/* What the certificate is for instead. */
static enum names_result explain(const struct certificate *c,
				 enum general_name kind, struct bytes host,
				 struct go_release release, struct text *t)
{
	uint32_t count =
		kind == GENERAL_NAME_IP ? c->ip_addresses : c->dns_names;
	size_t start = t->len, listed;

	if (kind == GENERAL_NAME_IP && !count) {
		text_add(t, "x509: cannot validate certificate for ");
		text_add_bytes(t, host);
		text_add(t, " because it doesn't contain any IP SANs");
		return NAMES_NONE;
	}
	if (count >= NAMES_LISTED_MAX &&
	    go_follows(release, GO_BOUND_NAME_TEXT)) {
		count_names(count,
			    kind == GENERAL_NAME_IP ? " IP SANs" : " names",
			    host, t);
		return NAMES_OTHER;
	}
	text_add(t, "x509: certificate is valid for ");
	listed = t->len;
	list_names(c, kind, t);
	if (t->len == listed) {
		t->len = start;
		text_add(t, "x509: certificate is not valid for any names, but "
			    "wanted to match ");
		text_add_bytes(t, host);
		return NAMES_NONE;
	}
	text_add(t, ", not ");
	text_add_bytes(t, host);
	return NAMES_OTHER;
}

/* Would Go before SANs were required have matched the common name? */
static bool has_common_name(const struct certificate *c, struct bytes host,
			    struct go_release release, bool *usable)
{
	char buffer[COMMON_NAME_CHARS_MAX];
	struct text cn;

	text_open(&cn, buffer, sizeof(buffer));
	if (c->has_san || !dn_common_name(c->subject, release, &cn) || cn.cut)
		return false;
	*usable = is_host_name(text_bytes(&cn), true, release);
	return matches(text_bytes(&cn), host);
}

static enum names_result explain_common_name(struct go_release release,
					     struct text *t)
{
	text_add(t, "x509: certificate relies on legacy Common Name field, ");
	text_add(t, go_follows(release, GO_CN_OVERRIDE_GONE)
			    ? "use SANs instead"
			    : "use SANs or temporarily enable Common Name "
			      "matching with GODEBUG=x509ignoreCN=0");
	return NAMES_ONLY_CN;
}

/* see names.h */
enum names_result names_check(const struct certificate *c, struct bytes host,
			      struct go_release release, struct text *why)
{
	char ignored[8], printed[64];
	struct bytes bare = host;
	struct text none, ip_text;
	struct ip_address ip;
	bool is_ip, usable = false;

	if (host.len >= 3 && host.data[0] == '[' &&
	    host.data[host.len - 1] == ']')
		bare = (struct bytes){host.data + 1, host.len - 2};
	is_ip = parse_host(bare, release, &ip);
	if (is_ip ? has_ip(c, &ip) : has_name(c, host, release))
		return NAMES_MATCH;
	if (is_ip)
		host = bare;
	if (is_ip && go_follows(release, GO_ZONED_HOST)) {
		text_open(&ip_text, printed, sizeof(printed));
		address_print(&ip_text, (struct bytes){ip.octets, ip.len});
		host = text_bytes(&ip_text);
	}
	if (!why) {
		text_open(&none, ignored, sizeof(ignored));
		why = &none;
	}
	if (has_common_name(c, host, release, &usable)) {
		if (!go_follows(release, GO_NO_CN_FALLBACK) && usable && !is_ip)
			return NAMES_MATCH;
		if (usable || go_follows(release, GO_CN_OVERRIDE_GONE))
			return explain_common_name(release, why);
	}
	return explain(c, is_ip ? GENERAL_NAME_IP : GENERAL_NAME_DNS, host,
		       release, why);
}
