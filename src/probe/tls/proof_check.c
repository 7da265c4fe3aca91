/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Does the leaf's key hold what it signed; see proof.h.
 */
#include "probe/tls/proof.h"

#include <stdio.h>

#include "probe/tls/client_hello.h"
#include "probe/verdict/path/rsa.h"
#include "probe/verdict/path/signature.h"

/* All that client_hello.c offers. */
static const struct scheme {
	uint16_t id;
	enum key_curve curve; /* of an ECDSA key in TLS 1.3 */
	struct signature_algorithm algorithm;
} SCHEMES[] = {
	{0x0804, CURVE_NONE, {"", KEY_RSA, HASH_SHA256, true}},
	{0x0805, CURVE_NONE, {"", KEY_RSA, HASH_SHA384, true}},
	{0x0806, CURVE_NONE, {"", KEY_RSA, HASH_SHA512, true}},
	{0x0401, CURVE_NONE, {"", KEY_RSA, HASH_SHA256, false}},
	{0x0501, CURVE_NONE, {"", KEY_RSA, HASH_SHA384, false}},
	{0x0601, CURVE_NONE, {"", KEY_RSA, HASH_SHA512, false}},
	{0x0201, CURVE_NONE, {"", KEY_RSA, HASH_SHA1, false}},
	{0x0403, CURVE_P256, {"", KEY_ECDSA, HASH_SHA256, false}},
	{0x0503, CURVE_P384, {"", KEY_ECDSA, HASH_SHA384, false}},
	{0x0603, CURVE_P521, {"", KEY_ECDSA, HASH_SHA512, false}},
	{0x0203, CURVE_NONE, {"", KEY_ECDSA, HASH_SHA1, false}},
	{0x0807, CURVE_NONE, {"", KEY_ED25519, HASH_NONE, false}},
};

static const char BAD_SCHEME[] =
	"tls: certificate used with invalid signature algorithm";

static const struct scheme *find_scheme(uint16_t id)
{
	for (size_t i = 0; i < sizeof(SCHEMES) / sizeof(*SCHEMES); i++)
		if (SCHEMES[i].id == id)
			return &SCHEMES[i];
	return NULL;
}

/* RFC 8446 4.2.3: no PKCS #1, no SHA-1; and since Go 1.25 the scheme is that
 * of the key and its curve. */
static bool fits_13(const struct scheme *s, const struct key *key,
		    struct go_release go)
{
	const struct signature_algorithm *a = &s->algorithm;

	if ((a->key == KEY_RSA && !a->pss) || a->hash == HASH_SHA1)
		return false;
	if (go.version < GO_VERSION(25, 0))
		return true;
	return a->key == key->kind &&
	       (a->key != KEY_ECDSA || s->curve == key->curve);
}

static const char *key_name(enum key_kind kind)
{
	return kind == KEY_RSA	   ? "an RSA"
	       : kind == KEY_ECDSA ? "an ECDSA"
				   : "an Ed25519";
}

/* Go's rsa.Verify… looks at the key before it looks at the signature. */
static bool rsa_refuses(const struct key *key, struct go_release go, char *why,
			size_t size)
{
	const char *fault;

	if (go_follows(go, GO_REFUSE_SMALL_RSA) &&
	    key->bits < KEY_RSA_BITS_MIN) {
		snprintf(why, size,
			 "crypto/rsa: %u-bit keys are insecure (see "
			 "https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)",
			 key->bits);
		return true;
	}
	fault = rsa_key_fault(key, go);
	if (fault)
		snprintf(why, size, "%s", fault);
	return fault != NULL;
}

/* What cannot be computed here, though Go would. */
static bool is_beyond_us(const struct key *key)
{
	return key->kind == KEY_MLDSA ||
	       (key->kind == KEY_RSA && key->value.len > RSA_BYTES_MAX);
}

/* The words behind "invalid signature by the server certificate". */
static enum proof_result verify(const struct scheme *s, const struct key *key,
				struct go_release go, struct bytes message,
				struct bytes signature, char *why, size_t size)
{
	const struct signature_algorithm *a = &s->algorithm;

	if (a->key != key->kind) {
		snprintf(why, size, "expected %s public key, got %s",
			 key_name(a->key), key_go_type(key->kind));
		return PROOF_REFUSED;
	}
	if (a->key == KEY_RSA && rsa_refuses(key, go, why, size))
		return PROOF_REFUSED;
	if (is_beyond_us(key))
		return PROOF_UNCHECKED;
	if (signature_verify(a, key, message, signature))
		return PROOF_HOLDS;
	snprintf(why, size, "%s",
		 a->key == KEY_RSA     ? "crypto/rsa: verification error"
		 : a->key == KEY_ECDSA ? "ECDSA verification failure"
				       : "Ed25519 verification failure");
	return PROOF_REFUSED;
}

/* see proof.h */
enum proof_result proof_check(const struct proof *proof,
			      const struct suite *suite,
			      const struct certificate *leaf,
			      struct go_release go, struct bytes message,
			      char why[static REFUSAL_CHARS_MAX])
{
	static const char prefix[] =
		"tls: invalid signature by the server certificate: ";
	const struct scheme *s = find_scheme(proof->scheme);
	bool is13 = suite->kind == SUITE_TLS13;

	if (is13 && leaf->key.kind == KEY_MLDSA)
		return PROOF_UNCHECKED;
	if (!s || !client_hello_offers(proof->scheme, go) ||
	    (is13 && !fits_13(s, &leaf->key, go))) {
		snprintf(why, REFUSAL_CHARS_MAX, "%s", BAD_SCHEME);
		return PROOF_REFUSED;
	}
	if (proof->misfit || (!is13 && (s->algorithm.key == KEY_RSA) !=
					       (suite->kind == SUITE_RSA))) {
		snprintf(why, REFUSAL_CHARS_MAX, "%s", PROOF_INVALID);
		return PROOF_REFUSED;
	}
	snprintf(why, REFUSAL_CHARS_MAX, "%s", prefix);
	return verify(s, &leaf->key, go, message, proof->signature,
		      why + sizeof(prefix) - 1,
		      REFUSAL_CHARS_MAX - sizeof(prefix) + 1);
}
