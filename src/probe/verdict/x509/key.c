/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/verdict/x509/key.h"

#include "common/limits.h"
#include "probe/verdict/x509/key_kind.h"
#include "probe/verdict/x509/oid.h"

static enum key_kind find_kind(struct bytes oid, struct go_release release)
{
	return oid_is(oid, OID_RSA)	  ? KEY_RSA
	       : oid_is(oid, OID_ECDSA)	  ? KEY_ECDSA
	       : oid_is(oid, OID_ED25519) ? KEY_ED25519
	       : oid_is(oid, OID_DSA)	  ? KEY_DSA
	       : (oid_is(oid, OID_MLDSA44) || oid_is(oid, OID_MLDSA65) ||
		  oid_is(oid, OID_MLDSA87)) &&
			       go_follows(release, GO_MLDSA)
		       ? KEY_MLDSA
		       : KEY_UNKNOWN;
}

/* Go shifts the octets to the right first, so what is found among them is to
 * be found again in the DER. */
static bool parse_shifted(const struct key_algorithm *ai,
			  struct go_release release,
			  const struct der_bits *bits, struct key *out,
			  struct text *why)
{
	uint8_t room[KEY_SHIFTED_BYTES_MAX];
	size_t at;

	if (!der_shift(bits->octets, bits->unused, 0, room, sizeof(room),
		       &out->value)) {
		out->limited = true;
		return text_refuse(why,
				   "a key with unused bits that is longer than "
				   "is read here");
	}
	if (!key_parse_kind(ai, release, out, why))
		return false;
	at = (size_t)(out->value.data - room);
	out->value.data = bits->octets.data + at;
	out->before = at ? bits->octets.data[at - 1] : 0;
	out->shift = bits->unused;
	return true;
}

/* see key.h */
bool key_parse(struct bytes spki, struct go_release release, struct key *out,
	       struct text *why)
{
	struct key_algorithm ai = {0};
	struct der_bits bits;
	struct bytes in;
	uint8_t tag;

	*out = (struct key){0};
	if (!der_read(&spki, DER_SEQUENCE, &spki))
		return text_refuse(why, "x509: malformed spki");
	if (!der_read(&spki, DER_SEQUENCE, &in))
		return text_refuse(why, "x509: malformed public key algorithm "
					"identifier");
	if (!der_read_oid(&in, go_follows(release, GO_STRICT_ARCS), &ai.oid))
		return text_refuse(why, "x509: malformed OID");
	if (in.len && !der_read_any(&in, &tag, &ai.parameters, NULL))
		return text_refuse(why, "x509: malformed parameters");
	if (!der_read_bits(&spki, &bits))
		return text_refuse(why, "x509: malformed subjectPublicKey");
	out->kind = find_kind(ai.oid, release);
	out->value = bits.octets;
	if (bits.unused && out->kind != KEY_UNKNOWN)
		return parse_shifted(&ai, release, &bits, out, why);
	return key_parse_kind(&ai, release, out, why);
}

/* see key.h */
bool key_align(const struct key *key, uint8_t *room, size_t size,
	       struct key *out)
{
	*out = *key;
	out->shift = 0;
	return !key->shift || der_shift(key->value, key->shift, key->before,
					room, size, &out->value);
}

/* see key.h */
const char *key_go_type(enum key_kind kind)
{
	switch (kind) {
	case KEY_RSA:
		return "*rsa.PublicKey";
	case KEY_DSA:
		return "*dsa.PublicKey";
	case KEY_ECDSA:
		return "*ecdsa.PublicKey";
	case KEY_ED25519:
		return "ed25519.PublicKey";
	case KEY_MLDSA:
		return "*mldsa.PublicKey";
	case KEY_UNKNOWN:
		break;
	}
	return "<nil>";
}

/* see key.h */
void key_print(struct text *t, const struct key *key)
{
	switch (key->kind) {
	case KEY_RSA:
		text_add(t, "RSA ");
		text_add_number(t, key->bits);
		return;
	case KEY_ECDSA:
		text_add(t, "ECDSA ");
		text_add(t, curve_name(key->curve));
		return;
	case KEY_ED25519:
		text_add(t, "Ed25519");
		return;
	case KEY_DSA:
		text_add(t, "DSA");
		return;
	case KEY_MLDSA:
		text_add(t, "ML-DSA");
		return;
	case KEY_UNKNOWN:
		text_add(t, "of a kind that Docker does not know");
		return;
	}
}

/* see key.h */
bool key_equal(const struct key *a, const struct key *b)
{
	uint8_t room[2][KEY_SHIFTED_BYTES_MAX];
	struct key left, right;

	return a->kind != KEY_UNKNOWN && a->kind == b->kind &&
	       a->curve == b->curve && a->exponent == b->exponent &&
	       key_align(a, room[0], sizeof(room[0]), &left) &&
	       key_align(b, room[1], sizeof(room[1]), &right) &&
	       bytes_equal(left.value, right.value);
}
