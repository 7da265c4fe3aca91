/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates and proof of possession; see fallback_proof.h. Probe process,
 * sealed.
 */
#include "probe/tls/fallback/proof.h"

#include "probe/tls/octets.h"
#include "probe/verdict/path/signature.h"

#define CURVE_TYPE_NAMED 3

/* All that fallback_hello offers. */
static const struct {
	uint16_t scheme;
	struct signature_algorithm algorithm;
} SCHEMES[] = {
	{0x0804, {"", KEY_RSA, HASH_SHA256, true}},
	{0x0805, {"", KEY_RSA, HASH_SHA384, true}},
	{0x0806, {"", KEY_RSA, HASH_SHA512, true}},
	{0x0401, {"", KEY_RSA, HASH_SHA256, false}},
	{0x0501, {"", KEY_RSA, HASH_SHA384, false}},
	{0x0601, {"", KEY_RSA, HASH_SHA512, false}},
	{0x0403, {"", KEY_ECDSA, HASH_SHA256, false}},
	{0x0503, {"", KEY_ECDSA, HASH_SHA384, false}},
	{0x0603, {"", KEY_ECDSA, HASH_SHA512, false}},
	{0x0807, {"", KEY_ED25519, HASH_NONE, false}},
};

static const struct signature_algorithm *find_scheme(uint16_t scheme)
{
	for (size_t i = 0; i < sizeof(SCHEMES) / sizeof(*SCHEMES); i++)
		if (SCHEMES[i].scheme == scheme)
			return &SCHEMES[i].algorithm;
	return NULL;
}

/* see fallback_proof.h */
bool fallback_certificates_read(struct bytes body, bool is13,
				struct presented *out)
{
	struct octets_in in = {body, false};
	struct octets_in list;

	out->count = 0;
	out->cut = false;
	/* The request that it answers: none. */
	if (is13 && octets_take_vector(&in, 1).len)
		return false;
	list = (struct octets_in){octets_take_vector(&in, 3), false};
	while (list.left.len && out->count < CHAIN_CERTS_MAX) {
		struct bytes der = octets_take_vector(&list, 3);

		if (is13)
			octets_take_vector(&list, 2); /* extensions */
		if (list.bad || !der.len)
			return false;
		out->certs[out->count++] = der;
	}
	out->cut = list.left.len > 0;
	return octets_done(&list) && octets_done(&in) && out->count > 0;
}

/* see fallback_proof.h */
bool fallback_proof_read(struct bytes body, bool is13,
			 struct fallback_proof *out)
{
	struct octets_in in = {body, false};

	if (!is13) {
		if (octets_take_number(&in, 1) != CURVE_TYPE_NAMED)
			return false;
		octets_take_number(&in, 2); /* curve */
		octets_take_vector(&in, 1); /* point */
	}
	out->signed_parameters =
		(struct bytes){body.data, body.len - in.left.len};
	out->scheme = (uint16_t)octets_take_number(&in, 2);
	out->signature = octets_take_vector(&in, 2);
	return octets_done(&in);
}

/* see fallback_proof.h */
bool fallback_proof_check(const struct fallback_proof *proof, bool is13,
			  struct bytes leaf, struct bytes message)
{
	const struct signature_algorithm *a = find_scheme(proof->scheme);
	struct certificate c;
	struct failure ignored;

	if (!a || (is13 && a->key == KEY_RSA && !a->pss) ||
	    certificate_parse(leaf, go_newest(), &c, &ignored) != ERR_OK)
		return false;
	return c.key.kind == a->key &&
	       signature_verify(a, &c.key, message, proof->signature);
}
