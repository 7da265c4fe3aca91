/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nameConstraints, read as Go's parseNameConstraintsExtension. Probe process.
 * Pure.
 */
#include "probe/verdict/x509/address.h"
#include "probe/verdict/x509/domain.h"
#include "probe/verdict/x509/extensions.h"

static bool refuse_quoting(struct text *why, const char *message,
			   struct bytes quoted)
{
	text_add(why, message);
	text_add_quoted(why, quoted);
	return false;
}

static bool check_ascii(struct bytes value, struct text *why)
{
	if (domain_is_ascii(value))
		return true;
	refuse_quoting(why, "x509: invalid constraint value: x509: ", value);
	return text_refuse(why, " cannot be encoded as an IA5String");
}

/* One bits, then zero bits. */
static bool is_mask(struct bytes mask)
{
	bool zeros = false;

	for (size_t i = 0; i < mask.len; i++) {
		uint8_t rest = (uint8_t)~mask.data[i];

		if ((zeros && rest != 0xff) || (rest & (rest + 1)))
			return false;
		zeros = rest != 0;
	}
	return true;
}

static bool check_ip(struct bytes value, struct go_release release,
		     struct text *why)
{
	struct bytes ip = {value.data, value.len / 2};
	struct bytes mask = {value.data + value.len / 2, value.len / 2};

	if (value.len != 8 && value.len != 32) {
		text_add(why, "x509: IP constraint contained value of length ");
		text_add_number(why, (int64_t)value.len);
		return false;
	}
	if (!is_mask(mask)) {
		text_add(why, "x509: IP constraint contained invalid mask ");
		text_add_hex(why, mask);
		return false;
	}
	if (address_is_mapped(ip) && go_follows(release, GO_REFUSE_MAPPED))
		return text_refuse(why,
				   "x509: IP constraint contained IPv4-mapped "
				   "IPv6 address");
	return true;
}

static bool check_email(struct bytes value, struct go_release release,
			struct text *why)
{
	char buffer[FAILURE_CHARS_MAX];
	struct bytes domain;
	struct text local;
	bool valid;

	if (!check_ascii(value, why))
		return false;
	text_open(&local, buffer, sizeof(buffer));
	valid = value.len && memchr(value.data, '@', value.len)
			? domain_of_mailbox(value, release, &local, &domain)
			: domain_is_valid(value, true, release);
	return valid || refuse_quoting(why,
				       "x509: failed to parse rfc822Name "
				       "constraint ",
				       value);
}

static bool check_uri(struct bytes value, struct go_release release,
		      struct text *why)
{
	struct ip_address address;

	if (!check_ascii(value, why))
		return false;
	if (address_parse(value, &address, NULL) && !address.zoned) {
		refuse_quoting(why, "x509: failed to parse URI constraint ",
			       value);
		return text_refuse(why, ": cannot be IP address");
	}
	return domain_is_valid(value, true, release) ||
	       refuse_quoting(why, "x509: failed to parse URI constraint ",
			      value);
}

static bool check_dns(struct bytes value, struct go_release release,
		      struct text *why)
{
	return check_ascii(value, why) &&
	       (domain_is_valid(value, true, release) ||
		refuse_quoting(why, "x509: failed to parse dnsName constraint ",
			       value));
}

static bool check_subtree(uint8_t tag, struct bytes value,
			  struct go_release release, bool *unhandled,
			  struct text *why)
{
	switch (tag) {
	case GENERAL_NAME_DNS:
		return check_dns(value, release, why);
	case GENERAL_NAME_IP:
		return check_ip(value, release, why);
	case GENERAL_NAME_EMAIL:
		return check_email(value, release, why);
	case GENERAL_NAME_URI:
		return check_uri(value, release, why);
	}
	*unhandled = true;
	return true;
}

static bool check_subtrees(struct bytes subtrees, struct go_release release,
			   bool *unhandled, struct text *why)
{
	struct bytes value;
	uint8_t tag;

	while (subtrees.len) {
		if (!certificate_next_subtree(&subtrees, &tag, &value))
			return text_refuse(
				why, "x509: invalid NameConstraints extension");
		if (!check_subtree(tag, value, release, unhandled, why))
			return false;
	}
	return true;
}

/* see extensions.h */
bool constraints_parse(struct bytes value, struct go_release release,
		       struct certificate *out, bool *unhandled,
		       struct text *why)
{
	bool permits, excludes;
	struct bytes in;

	out->permitted = out->excluded = (struct bytes){0};
	if (!der_read(&value, DER_SEQUENCE, &in) || value.len ||
	    !der_read_optional(&in, DER_CONTEXT_CONSTRUCTED | 0, &permits,
			       &out->permitted) ||
	    !der_read_optional(&in, DER_CONTEXT_CONSTRUCTED | 1, &excludes,
			       &out->excluded) ||
	    in.len)
		return text_refuse(why,
				   "x509: invalid NameConstraints extension");
	if (!out->permitted.len && !out->excluded.len)
		return text_refuse(why,
				   "x509: empty name constraints extension");
	out->has_constraints = true;
	return check_subtrees(out->permitted, release, unhandled, why) &&
	       check_subtrees(out->excluded, release, unhandled, why);
}
