/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/report/chain.h"

#include "common/date.h"
#include "installer/report/detail.h"
#include "installer/report/quote.h"
#include "installer/report/report.h"

static void print_validity(FILE *to, const struct wire_certificate *c)
{
	char from[DATE_BYTES];
	char until[DATE_BYTES];

	date_encode(c->not_before, from);
	date_encode(c->not_after, until);
	fprintf(to, QUOTE_LABEL "%s to %s\n", "valid", from, until);
}

static void print_certificate(FILE *to, const char *label,
			      const struct outcome *o,
			      const struct wire_certificate *c)
{
	char grade[32];

	if (c->flags & WIRE_CERT_UNPARSED) {
		detail_print(to, label,
			     "a certificate that Docker cannot read");
	} else {
		snprintf(grade, sizeof(grade), " (%s)", report_grade(o, c));
		quote_print(to, label, c->subject, grade);
		print_validity(to, c);
	}
	detail_fingerprint(to, c->der);
}

/* see chain.h */
void chain_print(FILE *to, const char *label, const struct outcome *o,
		 unsigned flags)
{
	for (size_t i = 0; i < o->cert_count; i++)
		if ((o->certs[i].flags & flags) == flags)
			print_certificate(to, label, o, &o->certs[i]);
}

/* see chain.h */
void chain_print_anchors(FILE *to, const struct report *r, bool is_offer)
{
	bool keeps = r->state == REPORT_RENEWED || r->state == REPORT_DROPPED ||
		     r->state == REPORT_TRUSTED || r->state == REPORT_EXPIRING;

	/* It rests on others than a first use would have installed. */
	if (keeps &&
	    !wire_lists(r->outcome, WIRE_CERT_ANCHOR | WIRE_CERT_INSTALLED))
		chain_print(to, "anchor", r->outcome,
			    WIRE_CERT_INSTALLED | WIRE_CERT_CHAINS);
	else
		chain_print(to, is_offer ? "offered" : "anchor", r->outcome,
			    WIRE_CERT_ANCHOR);
}

/* see chain.h */
void chain_print_whole(FILE *to, const struct outcome *o)
{
	for (size_t i = 0; i < o->cert_count; i++) {
		const struct wire_certificate *c = &o->certs[i];
		char label[32];

		if (!(c->flags & WIRE_CERT_SENT))
			continue;
		snprintf(label, sizeof(label), "[%zu] subject", i);
		print_certificate(to, label, o, c);
		quote_print(to, "names", c->sans, "");
		quote_print(to, "issuer", c->issuer, "");
		quote_print(to, "key", c->key, "");
	}
}

/* see chain.h */
void chain_print_connection(FILE *to, const struct outcome *o)
{
	if (*o->address)
		fprintf(to, QUOTE_LABEL "%s, TLS 1.%d%s\n", "server",
			o->address, o->tls_version == 0x0304 ? 3 : 2,
			o->flags & OUTCOME_PROXIED ? ", through the proxy"
						   : "");
	if (o->flags & OUTCOME_UNCOMPLETED)
		detail_print(to, "",
			     o->flags & OUTCOME_POSSESSION
				     ? "captured without completing the "
				       "handshake; the server proved that it "
				       "holds its key"
				     : "captured without completing the "
				       "handshake; the server did not prove "
				       "its key");
	quote_print(to, wire_leads_away(o->reply) ? "leads to" : "token host",
		    o->service, "");
}

/* see report.h */
const char *report_grade(const struct outcome *o,
			 const struct wire_certificate *c)
{
	bool is_leaf = c == &o->certs[0] && c->flags & WIRE_CERT_SENT;

	if (is_leaf || !(c->flags & WIRE_CERT_CA))
		return "leaf";
	return c->flags & WIRE_CERT_SELF_SIGNED ? "root" : "intermediate";
}
