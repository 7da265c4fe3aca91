/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Go's words for a name that its constraints do not allow.
 */
#include "probe/verdict/path/constraint_name.h"
#include "probe/verdict/x509/address.h"
#include "probe/verdict/x509/uri.h"

static const char *tag_name(uint8_t tag)
{
	return tag == GENERAL_NAME_DNS	 ? "DNS name"
	       : tag == GENERAL_NAME_URI ? "URI"
	       : tag == GENERAL_NAME_IP	 ? "IP address"
					 : "email address";
}

static void add_ip(struct text *t, struct bytes ip)
{
	text_add_char(t, '"');
	address_print(t, ip);
	text_add_char(t, '"');
}

/* local@domain as Go 1.26 prints a mailbox: unquoted, domain in lower case. */
static void add_mailbox(struct text *t, struct bytes value,
			struct go_release release)
{
	char buffer[2 * NAME_PART_CHARS_MAX];
	struct constrained_name name;
	struct text out;

	if (!go_follows(release, GO_CONSTRAIN_LAST) ||
	    constraint_name_open(GENERAL_NAME_EMAIL, value, release, &name)) {
		text_add_quoted(t, value);
		return;
	}
	text_open(&out, buffer, sizeof(buffer));
	text_add_bytes(&out, name.local);
	text_add_char(&out, '@');
	for (size_t i = 0; i < name.domain.len; i++) {
		uint8_t c = name.domain.data[i];

		text_add_char(&out,
			      (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c));
	}
	text_add_quoted(t, text_bytes(&out));
}

static void add_uri(struct text *t, struct bytes value,
		    struct go_release release, bool parsed)
{
	char buffer[FAILURE_CHARS_MAX];
	struct text out;

	text_open(&out, buffer, sizeof(buffer));
	if (parsed || go_follows(release, GO_CONSTRAIN_LAST))
		uri_print(&out, value, release);
	else
		text_add_bytes(&out, value);
	text_add_quoted(t, text_bytes(&out));
}

static void add_name(struct text *t, const struct constraint_fault *f,
		     struct go_release release)
{
	switch (f->tag) {
	case GENERAL_NAME_IP:
		add_ip(t, f->name);
		return;
	case GENERAL_NAME_EMAIL:
		add_mailbox(t, f->name, release);
		return;
	case GENERAL_NAME_URI:
		add_uri(t, f->name, release, false);
		return;
	}
	text_add_quoted(t, f->name);
}

/* address/length, as net.IPNet prints it. */
static void add_network(struct text *t, struct bytes value,
			struct go_release release)
{
	struct bytes mask = {value.data + value.len / 2, value.len / 2};
	uint8_t ip[16];
	int bits = 0;

	for (size_t i = 0; i < mask.len; i++) {
		ip[i] = value.data[i];
		if (go_follows(release, GO_CONSTRAIN_MASKED))
			ip[i] &= mask.data[i];
		for (uint8_t b = mask.data[i]; b; b = (uint8_t)(b << 1))
			bits++;
	}
	/* An IPv4-mapped network is printed as one of IPv4. */
	if (address_is_mapped((struct bytes){ip, mask.len}))
		bits = bits > 96 ? bits - 96 : 0;
	text_add_char(t, '"');
	address_print(t, (struct bytes){ip, mask.len});
	text_add_char(t, '/');
	text_add_number(t, bits);
	text_add_char(t, '"');
}

static void add_constraint(struct text *t, const struct constraint_fault *f,
			   struct go_release release)
{
	if (f->tag == GENERAL_NAME_IP)
		add_network(t, f->constraint, release);
	else if (f->tag == GENERAL_NAME_EMAIL && f->constraint.len &&
		 memchr(f->constraint.data, '@', f->constraint.len))
		add_mailbox(t, f->constraint, release);
	else
		text_add_quoted(t, f->constraint);
}

static void explain_broken(struct text *t, const struct constraint_fault *f,
			   const char *before, const char *after,
			   struct go_release release)
{
	text_add(t, before);
	if (f->tag == GENERAL_NAME_URI)
		add_uri(t, f->name, release, true);
	else
		text_add_quoted(t, f->name);
	text_add(t, after);
}

static void explain_port(struct text *t, const struct constraint_fault *f,
			 struct go_release release)
{
	struct constrained_name name;

	constraint_name_open(f->tag, f->name, release, &name);
	if (go_follows(release, GO_CONSTRAIN_LAST)) {
		text_add(t, "cannot parse URI host ");
		text_add_quoted(t, name.domain);
		text_add(t, ": ");
	}
	text_add(t, "address ");
	text_add_bytes(t, name.domain);
	text_add(t, ": too many colons in address");
}

static const char unmatched[] = " cannot be matched against constraints";

/* see constraints.h */
void constraints_explain(struct text *t, const struct constraint_fault *f,
			 struct go_release release)
{
	bool last = go_follows(release, GO_CONSTRAIN_LAST);

	if (f->result == CONSTRAINT_TOO_MANY) {
		text_add(t, "x509: unknown error");
		return;
	}
	/* Before 1.26, names that do not parse are bare errors. */
	if (last || (f->result != CONSTRAINT_BAD_DNS &&
		     f->result != CONSTRAINT_BAD_EMAIL &&
		     f->result != CONSTRAINT_URI_BROKEN))
		text_add(t, "x509: a root or intermediate certificate is not "
			    "authorized to sign for this name: ");
	switch (f->result) {
	case CONSTRAINT_NOT_PERMITTED:
		text_add(t, tag_name(f->tag));
		text_add_char(t, ' ');
		add_name(t, f, release);
		text_add(t, " is not permitted by any constraint");
		return;
	case CONSTRAINT_EXCLUDED:
		text_add(t, tag_name(f->tag));
		text_add_char(t, ' ');
		add_name(t, f, release);
		text_add(t, " is excluded by constraint ");
		add_constraint(t, f, release);
		return;
	case CONSTRAINT_BAD_DNS:
		explain_broken(t, f, "x509: cannot parse dnsName ", "",
			       release);
		return;
	case CONSTRAINT_BAD_EMAIL:
		if (last)
			explain_broken(t, f, "cannot parse rfc822Name ", "",
				       release);
		else
			/* Go prints the empty result of its own parser. */
			text_add(t,
				 "x509: cannot parse rfc822Name {\"\" \"\"}");
		return;
	case CONSTRAINT_URI_NO_HOST:
		explain_broken(t, f, "URI with empty host (", ")", release);
		text_add(t, unmatched);
		return;
	case CONSTRAINT_URI_IP:
		explain_broken(t, f, "URI with IP (", ")", release);
		text_add(t, unmatched);
		return;
	case CONSTRAINT_URI_PORT:
		explain_port(t, f, release);
		return;
	case CONSTRAINT_URI_BROKEN:
		explain_broken(t, f, "x509: internal error: URI SAN ",
			       " failed to parse", release);
		return;
	case CONSTRAINT_MET:
	case CONSTRAINT_TOO_MANY:
	case CONSTRAINT_UNCHECKED:
		return;
	}
}
