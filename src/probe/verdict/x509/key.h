/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Public keys of certificates, as Go reads them. Probe process. No heap of
 * ours; mbedTLS allocates while a point is checked.
 */
#ifndef VERDICT_KEY_H
#define VERDICT_KEY_H

#include "probe/verdict/x509/curve.h"
#include "probe/verdict/x509/der.h"
#include "probe/verdict/x509/go_release.h"
#include "probe/verdict/x509/text.h"

enum key_kind {
	KEY_UNKNOWN, /* Go keeps the certificate, but it can sign nothing */
	KEY_RSA,
	KEY_ECDSA,
	KEY_ED25519,
	KEY_DSA,
	KEY_MLDSA,
};

/* RFC 8032 */
#define KEY_ED25519_BYTES 32

/* The smallest modulus that Go 1.24 and later take, in bits. */
#define KEY_RSA_BITS_MIN 1024

struct key {
	enum key_kind kind;
	enum key_curve curve;
	/* The modulus without leading zeros, the uncompressed point, or the
	 * octets of an Ed25519 key. */
	struct bytes value;
	/* Of a BIT STRING with unused bits, as it stands: Go shifts it to the
	 * right by SHIFT, and BEFORE is the octet before VALUE. See key_align.
	 */
	uint8_t shift, before;
	int64_t exponent;
	/* RSA in a release without GO_RSA_RESIDUE: it reduces any number by any
	 * modulus. */
	bool any_residue;
	/* Of the modulus, the field, or the key; not of ML-DSA. */
	uint32_t bits;
	bool limited; /* refused for KEY_SHIFTED_BYTES_MAX, which is not Go's */
};

/*
 * Read a SubjectPublicKeyInfo (with its header). False: WHY says what Go says.
 */
bool key_parse(struct bytes spki, struct go_release release, struct key *out,
	       struct text *why);

/* What Go calls the type of a key of KIND: "*rsa.PublicKey"; "<nil>" for one
 * that it does not know. */
const char *key_go_type(enum key_kind kind);

/* Append the key for people: "RSA 2048", "ECDSA P-256", "Ed25519". */
void key_print(struct text *t, const struct key *key);

/*
 * OUT is KEY with its value shifted into place, in ROOM if need be. False: it
 * does not fit.
 */
bool key_align(const struct key *key, uint8_t *room, size_t size,
	       struct key *out);

/* Same key, however it was encoded? Two unknown keys are never the same. */
bool key_equal(const struct key *a, const struct key *b);

#endif
