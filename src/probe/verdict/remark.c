/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looks at what was sent for what a verdict alone does not tell; see remark.h.
 */
#include "probe/verdict/remark.h"

#include "probe/verdict/names.h"
#include "probe/verdict/x509/certificate.h"
#include "probe/verdict/x509/dn.h"

static bool parse(struct bytes der, struct go_release release,
		  struct certificate *out)
{
	struct failure ignored;

	return certificate_parse(der, release, out, &ignored) == ERR_OK;
}

static bool is_blank(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (b.data[i] != ' ')
			return false;
	return true;
}

/* No DNS name and no common name that is more than blanks. */
static bool is_nameless(const struct certificate *c, struct go_release release)
{
	struct bytes names = certificate_names(c), value;
	char buffer[64];
	struct text cn;
	uint8_t tag;

	while (certificate_next_name(&names, &tag, &value))
		if (tag == GENERAL_NAME_IP ||
		    (tag == GENERAL_NAME_DNS && !is_blank(value)))
			return false;
	text_open(&cn, buffer, sizeof(buffer));
	dn_common_name(c->subject, release, &cn);
	return is_blank(text_bytes(&cn));
}

/* Is a later certificate the one for the host? */
static bool is_out_of_order(const struct verdict_query *q)
{
	struct certificate c;

	for (size_t i = 1; i < q->sent_len; i++)
		if (parse(q->sent[i], q->release, &c) && !c.is_ca &&
		    names_check(&c, q->host, q->release, NULL) == NAMES_MATCH)
			return true;
	return false;
}

/* Is no certificate that was sent the issuer of the leaf? */
static bool lacks_issuer(const struct verdict_query *q,
			 const struct certificate *leaf)
{
	struct certificate c;

	for (size_t i = 1; i < q->sent_len; i++)
		if (parse(q->sent[i], q->release, &c) &&
		    bytes_equal(c.subject, leaf->issuer))
			return false;
	return !certificate_is_self_issued(leaf);
}

/* see remark.h */
enum verdict_remark remark_find(const struct verdict_query *q,
				const struct verdict *v)
{
	struct certificate leaf;

	if (!q->sent_len || !parse(q->sent[0], q->release, &leaf))
		return REMARK_NONE;
	if (v->code == VERDICT_ONLY_CN || v->code == VERDICT_NO_NAME ||
	    v->code == VERDICT_WRONG_NAME) {
		if (is_out_of_order(q))
			return REMARK_WRONG_ORDER;
		if (is_nameless(&leaf, q->release))
			return REMARK_BLANK_DOMAIN;
	}
	if (v->code == VERDICT_UNKNOWN_AUTHORITY && lacks_issuer(q, &leaf))
		return REMARK_NO_INTERMEDIATE;
	return REMARK_NONE;
}
