/* SPDX-License-Identifier: Apache-2.0 */
/*
 * subjectAltName, read as Go's parseSANExtension. Probe process. Pure.
 */
#include "common/limits.h"
#include "probe/verdict/x509/address.h"
#include "probe/verdict/x509/domain.h"
#include "probe/verdict/x509/extensions.h"
#include "probe/verdict/x509/uri.h"

static bool parse_uri(struct bytes uri, struct go_release release,
		      struct text *why)
{
	char buffer[URI_HOST_CHARS_MAX];
	struct uri parts;
	struct text host;

	if (!domain_is_ascii(uri))
		return text_refuse(why,
				   "x509: SAN uniformResourceIdentifier is "
				   "malformed");
	text_open(&host, buffer, sizeof(buffer));
	text_add(why, "x509: cannot parse URI ");
	text_add_quoted(why, uri);
	text_add(why, ": ");
	if (!uri_parse(uri, release, &parts, &host, why))
		return false;
	if (host.cut ||
	    (host.len && !domain_is_valid(text_bytes(&host), false, release)))
		return text_refuse(why, "invalid domain");
	why->len = 0;
	return true;
}

static bool parse_ip(struct bytes ip, struct go_release release,
		     struct text *why)
{
	if (ip.len != 4 && ip.len != 16) {
		text_add(why, "x509: cannot parse IP address of length ");
		text_add_number(why, (int64_t)ip.len);
		return false;
	}
	if (address_is_mapped(ip) && go_follows(release, GO_REFUSE_MAPPED))
		return text_refuse(why,
				   "x509: SAN iPAddress contains IPv4-mapped "
				   "IPv6 address");
	return true;
}

static bool parse_dns(struct bytes name, struct go_release release,
		      struct text *why)
{
	bool strict = go_follows(release, GO_DOMAIN_VALID) &&
		      !go_follows(release, GO_DOMAIN_LENIENT);

	if ((!domain_is_ascii(name) && go_follows(release, GO_NEW_PARSER)) ||
	    (strict && !domain_is_valid(name, false, release)))
		return text_refuse(why, "x509: SAN dNSName is malformed");
	return true;
}

static bool parse_name(uint8_t tag, struct bytes value,
		       struct go_release release, struct certificate *out,
		       struct text *why)
{
	switch (tag) {
	case GENERAL_NAME_EMAIL:
		out->emails++;
		return domain_is_ascii(value) ||
		       !go_follows(release, GO_NEW_PARSER) ||
		       text_refuse(why, "x509: SAN rfc822Name is malformed");
	case GENERAL_NAME_DNS:
		out->dns_names++;
		return parse_dns(value, release, why);
	case GENERAL_NAME_URI:
		out->uris++;
		return parse_uri(value, release, why);
	case GENERAL_NAME_IP:
		out->ip_addresses++;
		return parse_ip(value, release, why);
	}
	return true;
}

/* see extensions.h */
bool san_parse(struct bytes value, struct go_release release,
	       struct certificate *out, struct text *why)
{
	struct bytes names;
	uint8_t tag;

	if (!der_read(&value, DER_SEQUENCE, &names))
		return text_refuse(why,
				   "x509: invalid subject alternative names");
	while (names.len) {
		if (!der_read_any(&names, &tag, NULL, &value))
			return text_refuse(
				why, "x509: invalid subject alternative name");
		if (!parse_name(tag, value, release, out, why))
			return false;
	}
	return true;
}
