/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kinds of keys that Go knows, and what it asks of each.
 */
#include "probe/verdict/x509/key_kind.h"

#include "probe/verdict/x509/oid.h"

static struct bytes without_zeros(struct bytes b)
{
	while (b.len && b.data[0] == 0)
		b = bytes_from(b, 1);
	return b;
}

static uint32_t bit_length(struct bytes b)
{
	uint32_t bits = (uint32_t)b.len * 8;

	if (!b.len)
		return 0;
	for (uint8_t top = b.data[0]; !(top & 0x80); top = (uint8_t)(top << 1))
		bits--;
	return bits;
}

static bool parse_rsa(const struct key_algorithm *ai, struct go_release release,
		      struct bytes data, struct key *out, struct text *why)
{
	static const uint8_t null[] = {DER_NULL, 0};
	struct bytes n;

	if (!bytes_equal(ai->parameters, (struct bytes){null, sizeof(null)}))
		return text_refuse(why,
				   "x509: RSA key missing NULL parameters");
	if (!der_read(&data, DER_SEQUENCE, &data))
		return text_refuse(why, "x509: invalid RSA public key");
	if (!der_read_integer(&data, &n))
		return text_refuse(why, "x509: invalid RSA modulus");
	if (!der_read_int64(&data, &out->exponent))
		return text_refuse(why, "x509: invalid RSA public exponent");
	out->value = without_zeros(n);
	if (n.data[0] >= 0x80 || !out->value.len)
		return text_refuse(
			why, "x509: RSA modulus is not a positive number");
	if (out->exponent <= 0)
		return text_refuse(
			why,
			"x509: RSA public exponent is not a positive number");
	out->bits = bit_length(out->value);
	out->any_residue = !go_follows(release, GO_RSA_RESIDUE);
	return true;
}

static enum key_curve find_curve(struct bytes oid)
{
	return oid_is(oid, OID_P224)   ? CURVE_P224
	       : oid_is(oid, OID_P256) ? CURVE_P256
	       : oid_is(oid, OID_P384) ? CURVE_P384
	       : oid_is(oid, OID_P521) ? CURVE_P521
				       : CURVE_NONE;
}

static bool parse_ecdsa(const struct key_algorithm *ai,
			struct go_release release, struct key *out,
			struct text *why)
{
	struct bytes parameters = ai->parameters, oid;
	const char *fault;

	if (!der_read_oid(&parameters, go_follows(release, GO_STRICT_ARCS),
			  &oid))
		return text_refuse(why, "x509: invalid ECDSA parameters");
	out->curve = find_curve(oid);
	if (out->curve == CURVE_NONE)
		return text_refuse(why, "x509: unsupported elliptic curve");
	out->bits = curve_bits(out->curve);
	fault = curve_point_fault(out->curve, out->value);
	if (fault && !go_follows(release, GO_ECDSA_TEXT))
		fault = "x509: failed to unmarshal elliptic curve point";
	return !fault || text_refuse(why, fault);
}

static bool parse_ed25519(const struct key_algorithm *ai, struct key *out,
			  struct text *why)
{
	if (ai->parameters.len)
		return text_refuse(
			why,
			"x509: Ed25519 key encoded with illegal parameters");
	if (out->value.len != KEY_ED25519_BYTES)
		return text_refuse(why, "x509: wrong Ed25519 public key size");
	out->bits = 8 * KEY_ED25519_BYTES;
	return true;
}

/* Read an INTEGER and say whether it is above zero. */
static bool read_positive(struct bytes *in, bool *positive)
{
	struct bytes n;

	if (!der_read_integer(in, &n))
		return false;
	*positive = *positive && n.data[0] < 0x80 && without_zeros(n).len;
	return true;
}

static bool parse_dsa(const struct key_algorithm *ai, struct bytes data,
		      struct key *out, struct text *why)
{
	struct bytes parameters = ai->parameters;
	bool positive = true;

	out->bits = (uint32_t)data.len * 8;
	if (!read_positive(&data, &positive))
		return text_refuse(why, "x509: invalid DSA public key");
	if (!der_read(&parameters, DER_SEQUENCE, &parameters) ||
	    !read_positive(&parameters, &positive) ||
	    !read_positive(&parameters, &positive) ||
	    !read_positive(&parameters, &positive))
		return text_refuse(why, "x509: invalid DSA parameters");
	return positive ||
	       text_refuse(why, "x509: zero or negative DSA parameter");
}

static bool parse_mldsa(const struct key_algorithm *ai, struct key *out,
			struct text *why)
{
	size_t bytes = oid_is(ai->oid, OID_MLDSA44)   ? 1312
		       : oid_is(ai->oid, OID_MLDSA65) ? 1952
						      : 2592;

	if (ai->parameters.len)
		return text_refuse(why, "x509: ML-DSA key encoded with illegal "
					"parameters");
	return out->value.len == bytes ||
	       text_refuse(why, "mldsa: invalid public key length");
}

/* see key_kind.h */
bool key_parse_kind(const struct key_algorithm *ai, struct go_release release,
		    struct key *out, struct text *why)
{
	switch (out->kind) {
	case KEY_RSA:
		return parse_rsa(ai, release, out->value, out, why);
	case KEY_ECDSA:
		return parse_ecdsa(ai, release, out, why);
	case KEY_ED25519:
		return parse_ed25519(ai, out, why);
	case KEY_DSA:
		return parse_dsa(ai, out->value, out, why);
	case KEY_MLDSA:
		return parse_mldsa(ai, out, why);
	case KEY_UNKNOWN:
		break;
	}
	return true;
}
