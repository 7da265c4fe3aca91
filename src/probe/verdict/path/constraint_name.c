/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names made ready for comparison, and the two comparisons that every release
 * does alike.
 */
#include "probe/verdict/path/constraint_name.h"

#include "probe/verdict/x509/address.h"
#include "probe/verdict/x509/domain.h"
#include "probe/verdict/x509/uri.h"

/* host:port as net.SplitHostPort; false: too many colons. */
static bool split_port(struct bytes host, struct bytes *name)
{
	size_t colon = host.len;

	if (host.data[0] == '[') {
		const uint8_t *end = memchr(host.data, ']', host.len);

		*name = (struct bytes){host.data + 1,
				       (size_t)(end - host.data) - 1};
		return true;
	}
	for (size_t i = 0; i < host.len; i++) {
		if (host.data[i] != ':')
			continue;
		if (colon != host.len)
			return false;
		colon = i;
	}
	*name = (struct bytes){host.data, colon};
	return true;
}

static bool is_bracketed(struct bytes b)
{
	return b.len && b.data[0] == '[' && b.data[b.len - 1] == ']';
}

static enum constraint_result open_uri(struct constrained_name *out,
				       struct go_release release)
{
	char ignored[FAILURE_CHARS_MAX];
	struct ip_address ip;
	struct text host, why;
	struct uri uri;

	text_open(&host, out->host_buffer, sizeof(out->host_buffer));
	text_open(&why, ignored, sizeof(ignored));
	if (!uri_parse(out->value, release, &uri, &host, &why) || host.cut)
		return CONSTRAINT_URI_BROKEN;
	out->domain = text_bytes(&host);
	if (!host.len)
		return CONSTRAINT_URI_NO_HOST;
	if (memchr(host.out, ':', host.len) && host.out[host.len - 1] != ']' &&
	    (host.out[0] != '[' || memchr(host.out, ']', host.len)) &&
	    !split_port(text_bytes(&host), &out->domain))
		return CONSTRAINT_URI_PORT;
	if (address_parse(out->domain, &ip, NULL) || is_bracketed(out->domain))
		return CONSTRAINT_URI_IP;
	if (go_follows(release, GO_CONSTRAIN_LAST) &&
	    !domain_is_valid(out->domain, false, release))
		return CONSTRAINT_URI_BROKEN;
	return CONSTRAINT_MET;
}

/* see constraint_name.h */
enum constraint_result constraint_name_open(uint8_t tag, struct bytes value,
					    struct go_release release,
					    struct constrained_name *out)
{
	struct text local;

	out->tag = tag;
	out->value = out->domain = value;
	switch (tag) {
	case GENERAL_NAME_DNS:
		return domain_is_valid(value, false, release)
			       ? CONSTRAINT_MET
			       : CONSTRAINT_BAD_DNS;
	case GENERAL_NAME_URI:
		return open_uri(out, release);
	case GENERAL_NAME_EMAIL:
		text_open(&local, out->local_buffer, sizeof(out->local_buffer));
		if (!domain_of_mailbox(value, release, &local, &out->domain))
			return CONSTRAINT_BAD_EMAIL;
		out->local = text_bytes(&local);
	}
	return CONSTRAINT_MET;
}

/* see constraint_name.h */
bool constraint_has_ip(struct bytes value, struct bytes ip)
{
	const uint8_t *mask = value.data + value.len / 2;

	if (value.len != 2 * ip.len)
		return false;
	for (size_t i = 0; i < ip.len; i++)
		if ((value.data[i] ^ ip.data[i]) & mask[i])
			return false;
	return true;
}

/* see constraint_name.h */
bool constraint_is_mailbox(struct bytes value,
			   const struct constrained_name *name,
			   struct go_release release)
{
	char buffer[NAME_PART_CHARS_MAX];
	struct bytes domain;
	struct text local;

	text_open(&local, buffer, sizeof(buffer));
	return domain_of_mailbox(value, release, &local, &domain) &&
	       bytes_equal(text_bytes(&local), name->local) &&
	       domain_equal(domain, name->domain);
}
