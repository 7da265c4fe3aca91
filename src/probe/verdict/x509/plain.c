/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A narrow grammar: what is not expected is not plain.
 */
#include "probe/verdict/x509/plain.h"

/* Octets of a serial number, RFC 5280 4.1.2.2. */
#define SERIAL_BYTES_PLAIN 20

static bool is_plain_string(uint8_t tag, struct bytes value)
{
	if (tag != DER_PRINTABLE_STRING && tag != DER_UTF8_STRING &&
	    tag != DER_IA5_STRING)
		return false;
	for (size_t i = 0; i < value.len; i++)
		if (value.data[i] < ' ' || value.data[i] == 0x7f)
			return false;
	return value.len > 0;
}

/* One attribute in each set, a type and a string. */
static bool is_plain_name(struct bytes name)
{
	struct bytes set, in, type, value;
	uint8_t tag;

	if (!der_read(&name, DER_SEQUENCE, &name))
		return false;
	while (name.len)
		if (!der_read(&name, DER_SET, &set) ||
		    !der_read(&set, DER_SEQUENCE, &in) || set.len ||
		    !der_read_oid(&in, true, &type) ||
		    !der_read_any(&in, &tag, NULL, &value) || in.len ||
		    !is_plain_string(tag, value))
			return false;
	return true;
}

/* YYMMDDHHMMSSZ, or with four digits of the year. */
static bool is_plain_validity(struct bytes in)
{
	struct bytes time;
	uint8_t tag;

	for (int i = 0; i < 2; i++)
		if (!der_read_any(&in, &tag, NULL, &time) ||
		    time.len != (tag == DER_UTC_TIME ? 13 : 15) ||
		    time.data[time.len - 1] != 'Z')
			return false;
	return !in.len;
}

/* SEQUENCE of an OID and, at most, one element more. */
static bool is_plain_identifier(struct bytes in)
{
	struct bytes oid;
	uint8_t tag;

	return der_read_oid(&in, true, &oid) &&
	       (!in.len || (der_read_any(&in, &tag, NULL, NULL) && !in.len));
}

static bool is_plain_spki(struct bytes in, enum key_kind kind)
{
	struct bytes identifier, n;
	struct der_bits bits;

	if (!der_read(&in, DER_SEQUENCE, &in) ||
	    !der_read(&in, DER_SEQUENCE, &identifier) ||
	    !is_plain_identifier(identifier) || !der_read_bits(&in, &bits) ||
	    bits.unused || in.len)
		return false;
	in = bits.octets;
	return kind != KEY_RSA || (der_read(&in, DER_SEQUENCE, &n) && !in.len &&
				   der_read_integer(&n, &in) &&
				   der_read_integer(&n, &in) && !n.len);
}

static bool is_plain_key(const struct key *key)
{
	return key->kind == KEY_ED25519 ||
	       (key->kind == KEY_ECDSA && key->curve != CURVE_P224) ||
	       (key->kind == KEY_RSA && key->bits >= KEY_RSA_BITS_MIN &&
		key->bits <= RSA_BITS_MAX && key->exponent >= 3 &&
		key->exponent & 1 && key->exponent <= INT32_MAX &&
		key->value.data[key->value.len - 1] & 1);
}

static bool is_plain_algorithm(const struct signature_algorithm *a)
{
	return a->key == KEY_ED25519 ||
	       ((a->key == KEY_RSA || a->key == KEY_ECDSA) &&
		a->hash >= HASH_SHA1 && !a->pss);
}

/* see plain.h */
bool plain_is(const struct certificate *c)
{
	struct bytes in = c->tbs, part, outer = c->der, algorithm, validity;

	if ((c->version != 3 && c->version != 1) ||
	    c->serial.len > SERIAL_BYTES_PLAIN || c->serial.data[0] >= 0x80 ||
	    c->signature.unused || !is_plain_key(&c->key) ||
	    !is_plain_spki(c->spki, c->key.kind) ||
	    !is_plain_algorithm(c->algorithm) || !is_plain_name(c->issuer) ||
	    !is_plain_name(c->subject))
		return false;
	if (!der_read(&in, DER_SEQUENCE, &in) ||
	    (c->version == 3 &&
	     !der_read(&in, DER_CONTEXT_CONSTRUCTED | 0, &part)) ||
	    !der_read(&in, DER_INTEGER, &part) ||
	    !der_read(&in, DER_SEQUENCE, &algorithm) ||
	    !is_plain_identifier(algorithm) ||
	    !der_read(&in, DER_SEQUENCE, &part) ||
	    !der_read(&in, DER_SEQUENCE, &validity) ||
	    !is_plain_validity(validity) ||
	    !der_read(&in, DER_SEQUENCE, &part) ||
	    !der_read(&in, DER_SEQUENCE, &part))
		return false;
	if (!der_read(&outer, DER_SEQUENCE, &outer) ||
	    !der_read(&outer, DER_SEQUENCE, &part) ||
	    !der_read(&outer, DER_SEQUENCE, &part) ||
	    !bytes_equal(part, algorithm) ||
	    !der_read(&outer, DER_BIT_STRING, &part) || outer.len)
		return false;
	/* Go 1.15 reads extensions of a version 1, too. */
	return c->version == 1 ? !in.len : plain_are_extensions(in);
}
