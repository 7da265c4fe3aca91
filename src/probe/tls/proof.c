/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates and proof of possession; see proof.h.
 */
#include "probe/tls/proof.h"

#include <stdio.h>

#include "common/octets.h"
#include "probe/tls/client_hello.h"
#include "probe/verdict/path/rsa.h"
#include "probe/verdict/path/signature.h"

#define CURVE_TYPE_NAMED 3

/* All that hello.c offers. */
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

static const char INVALID[] = "tls: invalid ServerKeyExchange message";
static const char BAD_SCHEME[] =
	"tls: certificate used with invalid signature algorithm";

/* see proof.h */
const char *proof_read_chain(struct bytes body, bool is13,
			     struct presented *out)
{
	static const char empty[] = "tls: failed to parse certificate from "
				    "server: x509: malformed certificate";
	struct octets_in in = {body, false};
	struct octets_in list;
	bool has_empty = false;

	out->count = 0;
	out->cut = false;
	/* The request that it answers: none. */
	if (is13 && octets_take_vector(&in, 1).len)
		return "";
	list = (struct octets_in){octets_take_vector(&in, 3), false};
	while (list.left.len && out->count < CHAIN_CERTS_MAX) {
		struct bytes der = octets_take_vector(&list, 3);

		if (is13)
			octets_take_vector(&list, 2); /* extensions */
		if (list.bad)
			return "";
		has_empty |= !der.len;
		out->certs[out->count++] = der;
	}
	out->cut = list.left.len > 0;
	if (!octets_done(&list) || !octets_done(&in))
		return "";
	if (!has_empty)
		return NULL;
	return is13 ? empty : "";
}

/* see proof.h */
bool proof_read_13(struct bytes body, struct proof *out)
{
	struct octets_in in = {body, false};

	*out = (struct proof){0};
	out->scheme = (uint16_t)octets_take_number(&in, 2);
	out->signature = octets_take_vector(&in, 2);
	return octets_done(&in);
}

/* see proof.h */
const char *proof_read_12(struct bytes body, struct go_release go,
			  struct proof *out)
{
	struct octets_in in = {body, false};
	bool read;

	*out = (struct proof){0};
	if (body.len < 4)
		return INVALID;
	if (octets_take_number(&in, 1) != CURVE_TYPE_NAMED)
		return "tls: server selected unsupported curve";
	out->group = (uint16_t)octets_take_number(&in, 2);
	out->point = octets_take_vector(&in, 1);
	if (in.bad)
		return INVALID;
	out->signed_parameters =
		(struct bytes){body.data, body.len - in.left.len};
	out->scheme = (uint16_t)octets_take_number(&in, 2);
	out->signature = octets_take_vector(&in, 2);
	read = octets_done(&in);
	/* Go 1.25 reads the signature first. */
	if (!read &&
	    (go.version >= GO_VERSION(25, 0) || keys_knows(out->group)))
		return INVALID;
	if (keys_knows(out->group))
		return NULL;
	return go.version < GO_VERSION(25, 0) ||
			       client_hello_names(out->group, go)
		       ? "tls: server selected unsupported curve"
		       : "tls: server selected unoffered curve";
}

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

static const char *go_type(enum key_kind kind)
{
	switch (kind) {
	case KEY_RSA:
		return "*rsa.PublicKey";
	case KEY_ECDSA:
		return "*ecdsa.PublicKey";
	case KEY_ED25519:
		return "ed25519.PublicKey";
	case KEY_DSA:
		return "*dsa.PublicKey";
	case KEY_MLDSA:
		return "*mldsa.PublicKey";
	case KEY_UNKNOWN:
		break;
	}
	return "<nil>";
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

	if (go_follows(go, GO_REFUSE_SMALL_RSA) && key->bits < 1024) {
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

/* The words behind "invalid signature by the server certificate". */
static bool verify(const struct scheme *s, const struct key *key,
		   struct go_release go, struct bytes message,
		   struct bytes signature, char *why, size_t size)
{
	const struct signature_algorithm *a = &s->algorithm;

	if (a->key != key->kind) {
		snprintf(why, size, "expected %s public key, got %s",
			 key_name(a->key), go_type(key->kind));
		return false;
	}
	if (a->key == KEY_RSA && rsa_refuses(key, go, why, size))
		return false;
	if (signature_verify(a, key, message, signature))
		return true;
	snprintf(why, size, "%s",
		 a->key == KEY_RSA     ? "crypto/rsa: verification error"
		 : a->key == KEY_ECDSA ? "ECDSA verification failure"
				       : "Ed25519 verification failure");
	return false;
}

/* see proof.h */
bool proof_check(const struct proof *proof, const struct suite *suite,
		 const struct certificate *leaf, struct go_release go,
		 struct bytes message, char why[static REFUSAL_CHARS_MAX])
{
	static const char prefix[] =
		"tls: invalid signature by the server certificate: ";
	const struct scheme *s = find_scheme(proof->scheme);
	bool is13 = suite->kind == SUITE_TLS13;

	if (!s || !client_hello_offers(proof->scheme, go) ||
	    (is13 && !fits_13(s, &leaf->key, go))) {
		snprintf(why, REFUSAL_CHARS_MAX, "%s", BAD_SCHEME);
		return false;
	}
	if (!is13 &&
	    (s->algorithm.key == KEY_RSA) != (suite->kind == SUITE_RSA)) {
		snprintf(why, REFUSAL_CHARS_MAX, "%s", INVALID);
		return false;
	}
	snprintf(why, REFUSAL_CHARS_MAX, "%s", prefix);
	return verify(s, &leaf->key, go, message, proof->signature,
		      why + sizeof(prefix) - 1,
		      REFUSAL_CHARS_MAX - sizeof(prefix) + 1);
}
