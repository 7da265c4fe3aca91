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

/* No address, and no DNS name or common name that is more than blanks. */
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

static bool names_issuer(const struct bytes *ders, size_t count,
			 const struct verdict_query *q,
			 const struct certificate *leaf)
{
	struct certificate c;

	for (size_t i = 0; i < count; i++)
		if (parse(ders[i], q->release, &c) &&
		    bytes_equal(c.subject, leaf->issuer))
			return true;
	return false;
}

static bool has_ca(const struct verdict_query *q)
{
	struct certificate c;

	for (size_t i = 0; i < q->pool_len; i++)
		if (parse(q->pool[i], q->release, &c) &&
		    (c.is_ca || c.version == 1))
			return true;
	return false;
}

/* Is no certificate that was sent the issuer of the leaf, and none that is
 * trusted by its name? If one is, that CA has another key now; and where no CA
 * is trusted at all, none of its intermediates can be missed. */
static bool lacks_issuer(const struct verdict_query *q,
			 const struct certificate *leaf)
{
	return !certificate_is_self_issued(leaf) && has_ca(q) &&
	       !names_issuer(q->sent + 1, q->sent_len - 1, q, leaf) &&
	       !names_issuer(q->pool, q->pool_len, q, leaf);
}

/* What proxies present that have no certificate for the name: they make it
 * themselves, or by the name that their makers gave it. */
static bool is_made_by_a_proxy(const struct certificate *leaf,
			       struct go_release release)
{
	static const char *const names[] = {
		"Kubernetes Ingress Controller Fake Certificate",
		"TRAEFIK DEFAULT CERT",
	};
	char buffer[COMMON_NAME_CHARS_MAX];
	struct text cn;

	if (certificate_is_self_issued(leaf))
		return true;
	text_open(&cn, buffer, sizeof(buffer));
	dn_common_name(leaf->subject, release, &cn);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (bytes_equal(text_bytes(&cn), bytes_of(names[i])))
			return true;
	return false;
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
		if (is_made_by_a_proxy(&leaf, q->release))
			return REMARK_DEFAULT_CERTIFICATE;
	}
	if (v->code == VERDICT_UNKNOWN_AUTHORITY && lacks_issuer(q, &leaf))
		return REMARK_NO_INTERMEDIATE;
	return REMARK_NONE;
}
