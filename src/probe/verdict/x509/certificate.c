/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/verdict/x509/certificate.h"

#include "probe/verdict/x509/dn.h"
#include "probe/verdict/x509/extensions.h"

/* A parse under way; LIMITED: it stopped at a limit of ours, not of Go. */
struct parse {
	struct go_release release;
	struct text why;
	bool limited;
};

static bool refuse(struct parse *p, const char *message)
{
	text_add(&p->why, message);
	return false;
}

static bool parse_version(struct parse *p, struct bytes *tbs,
			  struct certificate *out)
{
	struct bytes in;
	int64_t version = 0;
	bool present;

	if (!der_read_optional(tbs, DER_CONTEXT_CONSTRUCTED | 0, &present,
			       &in) ||
	    (present && (!der_read_int64(&in, &version) || in.len)) ||
	    version < 0)
		return refuse(p, "x509: malformed version");
	/* Go adds one before it compares: the highest number overflows, and is
	 * then as little a version 2 or 3 as version 1 is. */
	if (version == INT64_MAX)
		version = 0;
	if (version > 2 && go_follows(p->release, GO_NEW_PARSER))
		return refuse(p, "x509: invalid version");
	/* Go before 1.17 read extensions whatever the version. */
	out->version = (uint8_t)(version > 2 ? 4 : version + 1);
	return true;
}

static bool parse_serial(struct parse *p, struct bytes *tbs,
			 struct certificate *out)
{
	if (!der_read_integer(tbs, &out->serial))
		return refuse(p, "x509: malformed serial number");
	if (out->serial.data[0] >= 0x80 &&
	    go_follows(p->release, GO_REFUSE_NEGATIVE))
		return refuse(p, "x509: negative serial number");
	return true;
}

/* The algorithm stands inside and outside of the signed part. */
static bool parse_algorithm(struct parse *p, struct bytes *tbs,
			    struct bytes *outer, struct certificate *out)
{
	struct bytes inside, outside;

	if (!der_read(tbs, DER_SEQUENCE, &inside))
		return refuse(p, "x509: malformed signature algorithm "
				 "identifier");
	if (!der_read(outer, DER_SEQUENCE, &outside))
		return refuse(p, "x509: malformed algorithm identifier");
	if (!bytes_equal(inside, outside) &&
	    go_follows(p->release, GO_NEW_PARSER))
		return refuse(p, "x509: inner and outer signature algorithm "
				 "identifiers don't match");
	return algorithm_parse(inside, p->release, &out->algorithm, &p->why);
}

static bool parse_validity(struct parse *p, struct bytes *tbs,
			   struct certificate *out)
{
	bool bounded = go_follows(p->release, GO_BOUND_ZONE);
	struct bytes in;

	if (!der_read(tbs, DER_SEQUENCE, &in))
		return refuse(p, "x509: malformed validity");
	return moment_read(&in, bounded, &out->not_before, &p->why) &&
	       moment_read(&in, bounded, &out->not_after, &p->why);
}

static bool parse_dn(struct parse *p, struct bytes *tbs, struct bytes *out)
{
	/* Go says "issuer" for the subject too. */
	if (!der_read_element(tbs, DER_SEQUENCE, out))
		return refuse(p, "x509: malformed issuer");
	return dn_check(*out, p->release, &p->why);
}

static bool parse_key(struct parse *p, struct bytes *tbs,
		      struct certificate *out)
{
	if (!der_read_element(tbs, DER_SEQUENCE, &out->spki))
		return refuse(p, "x509: malformed spki");
	if (key_parse(out->spki, p->release, &out->key, &p->why))
		return true;
	p->limited = out->key.limited;
	return false;
}

/* What versions 2 and 3 add. Octets after it are let be, as Go. */
static bool parse_rest(struct parse *p, struct bytes *tbs,
		       struct certificate *out)
{
	struct bytes in;
	bool versioned = go_follows(p->release, GO_NEW_PARSER), present;

	if (versioned && out->version == 1)
		return true;
	if (!der_read_optional(tbs, DER_CONTEXT | 1, &present, &in))
		return refuse(p, "x509: malformed issuerUniqueID");
	if (!der_read_optional(tbs, DER_CONTEXT | 2, &present, &in))
		return refuse(p, "x509: malformed subjectUniqueID");
	if (versioned && out->version == 2)
		return true;
	if (!der_read_optional(tbs, DER_CONTEXT_CONSTRUCTED | 3, &present,
			       &in) ||
	    (present && !der_read(&in, DER_SEQUENCE, &in)))
		return refuse(p, "x509: malformed extensions");
	return !present ||
	       extensions_parse(in, p->release, out, &p->limited, &p->why);
}

static bool parse(struct parse *p, struct bytes der, struct certificate *out)
{
	struct bytes in = der, tbs;

	if (!der_read_element(&in, DER_SEQUENCE, &out->der))
		return refuse(p, "x509: malformed certificate");
	in = out->der;
	if (!der_read(&in, DER_SEQUENCE, &in))
		return refuse(p, "x509: malformed certificate");
	if (!der_read_element(&in, DER_SEQUENCE, &out->tbs))
		return refuse(p, "x509: malformed tbs certificate");
	tbs = out->tbs;
	if (!der_read(&tbs, DER_SEQUENCE, &tbs))
		return refuse(p, "x509: malformed tbs certificate");
	if (!parse_version(p, &tbs, out) || !parse_serial(p, &tbs, out) ||
	    !parse_algorithm(p, &tbs, &in, out) ||
	    !parse_dn(p, &tbs, &out->issuer) || !parse_validity(p, &tbs, out) ||
	    !parse_dn(p, &tbs, &out->subject) || !parse_key(p, &tbs, out) ||
	    !parse_rest(p, &tbs, out))
		return false;
	if (!der_read_bits(&in, &out->signature))
		return refuse(p, "x509: malformed signature");
	if (out->der.len != der.len)
		return refuse(p, "x509: trailing data");
	return true;
}

/* see certificate.h */
enum err certificate_parse(struct bytes der, struct go_release release,
			   struct certificate *out, struct failure *why)
{
	char raw[FAILURE_CHARS_MAX];
	struct parse p = {.release = release};

	text_open(&p.why, raw, sizeof(raw));
	*out = (struct certificate){
		.path_length = -1,
		.require_explicit_policy = -1,
		.inhibit_mapping = -1,
		.inhibit_any = -1,
	};
	if (parse(&p, der, out))
		return ERR_OK;
	why->code = p.limited ? ERR_LIMIT : ERR_CHAIN;
	text_close(&p.why, why->detail, sizeof(why->detail));
	return why->code;
}

/* see certificate.h */
bool certificate_subject(struct bytes der, struct bytes *subject)
{
	struct bytes in = der, part;
	bool present;

	return der_read(&in, DER_SEQUENCE, &in) &&
	       der_read(&in, DER_SEQUENCE, &in) &&
	       der_read_optional(&in, DER_CONTEXT_CONSTRUCTED | 0, &present,
				 &part) &&
	       der_read(&in, DER_INTEGER, &part) &&
	       der_read(&in, DER_SEQUENCE, &part) &&
	       der_read(&in, DER_SEQUENCE, &part) &&
	       der_read(&in, DER_SEQUENCE, &part) &&
	       der_read_element(&in, DER_SEQUENCE, subject);
}

/* see certificate.h */
struct bytes certificate_names(const struct certificate *c)
{
	struct bytes value = c->san, names = {0};

	if (!c->has_san || !der_read(&value, DER_SEQUENCE, &names))
		names.len = 0;
	return names;
}

/* see certificate.h */
bool certificate_next_name(struct bytes *names, uint8_t *tag,
			   struct bytes *value)
{
	return names->len && der_read_any(names, tag, NULL, value);
}

/* see certificate.h */
bool certificate_next_subtree(struct bytes *subtrees, uint8_t *tag,
			      struct bytes *value)
{
	struct bytes in;

	return subtrees->len && der_read(subtrees, DER_SEQUENCE, &in) &&
	       der_read_any(&in, tag, NULL, value);
}

/* see certificate.h */
bool certificate_is_self_issued(const struct certificate *c)
{
	return bytes_equal(c->issuer, c->subject);
}
