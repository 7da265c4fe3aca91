/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The names of a certificate against one host, and Go's words about them.
 */
#include "probe/verdict/names.h"

#include "common/limits.h"
#include "probe/verdict/host_name.h"
#include "probe/verdict/x509/address.h"
#include "probe/verdict/x509/dn.h"

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
		    host_name_is_for(value, host, release))
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
	*usable = host_name_is_valid(text_bytes(&cn), true, release);
	return host_name_matches(text_bytes(&cn), host);
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
