/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What parses is kept; what does not is read again for its text.
 */
#include "probe/verdict/path/parsed.h"

#define BIT(rule) ((uint64_t)1 << (rule))

/* All rules that certificate_parse and what it calls ask for. */
static const uint64_t PARSE_RULES =
	BIT(GO_NEW_PARSER) | BIT(GO_REFUSE_DUPLICATES) | BIT(GO_SGC_GONE) |
	BIT(GO_STRICT_ARCS) | BIT(GO_PLAIN_BASIC) | BIT(GO_POLICIES_ANY_ARC) |
	BIT(GO_NAME_DUPLICATE) | BIT(GO_REFUSE_MISCRITICAL) |
	BIT(GO_REFUSE_NEGATIVE) | BIT(GO_BOUND_ZONE) |
	BIT(GO_REFUSE_LEADING_DOT) | BIT(GO_POLICIES) | BIT(GO_DOMAIN_VALID) |
	BIT(GO_DOMAIN_LENIENT) | BIT(GO_STRICT_STRINGS) | BIT(GO_URI_LITERALS) |
	BIT(GO_URI_COLONS) | BIT(GO_PATH_LENGTH_UNSIGNED) | BIT(GO_ECDSA_TEXT) |
	BIT(GO_REFUSE_MAPPED) | BIT(GO_ANY_ATTRIBUTE) | BIT(GO_STRICT_MAILBOX) |
	BIT(GO_MLDSA) | BIT(GO_RSA_RESIDUE);

static uint64_t rules_of(struct parsed *p, struct go_release release)
{
	if (p->release.version != release.version ||
	    p->release.line != release.line) {
		p->release = release;
		p->rules = go_rules(release) & PARSE_RULES;
	}
	return p->rules;
}

/* see parsed.h */
void parsed_open(struct parsed *p, size_t room, struct arena *arena)
{
	*p = (struct parsed){0};
	p->entry = arena_take_raw(arena, room, sizeof(*p->entry));
	p->room = p->entry ? room : 0;
}

/* see parsed.h */
enum err parsed_read(struct parsed *p, struct bytes der,
		     struct go_release release, struct certificate *out,
		     struct failure *why)
{
	uint64_t rules = p ? rules_of(p, release) : 0;
	enum err err;

	for (size_t i = 0; p && i < p->len; i++) {
		const struct parsed_entry *e = &p->entry[i];

		if (e->der.data == der.data && e->der.len == der.len &&
		    e->rules == rules) {
			*out = e->certificate;
			return ERR_OK;
		}
	}
	err = certificate_parse(der, release, out, why);
	if (err == ERR_OK && p && p->len < p->room)
		p->entry[p->len++] = (struct parsed_entry){der, rules, *out};
	return err;
}
