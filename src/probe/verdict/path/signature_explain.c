/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Go's words for a signature that it does not take.
 */
#include "probe/verdict/path/rsa.h"
#include "probe/verdict/path/signature.h"

static const char *kind_name(enum key_kind kind)
{
	return kind == KEY_RSA	     ? "RSA"
	       : kind == KEY_DSA     ? "DSA"
	       : kind == KEY_ECDSA   ? "ECDSA"
	       : kind == KEY_ED25519 ? "Ed25519"
				     : "ML-DSA";
}

static void explain_insecure(struct text *t, const struct certificate *child,
			     struct go_release release)
{
	const struct signature_algorithm *a = child->algorithm;

	text_add(t, "x509: cannot verify signature: insecure algorithm ");
	text_add(t, a->name);
	if (a->hash == HASH_SHA1 && a->key != KEY_DSA &&
	    go_follows(release, GO_REFUSE_SHA1) &&
	    !go_follows(release, GO_SHA1_OVERRIDE_GONE))
		text_add(t, " (temporarily override with GODEBUG=x509sha1=1)");
}

static void explain_mismatch(struct text *t, enum key_kind wanted,
			     enum key_kind have)
{
	text_add(t, "x509: signature algorithm specifies an ");
	text_add(t, kind_name(wanted));
	text_add(t, " public key, but have public key of type ");
	text_add(t, key_go_type(have));
}

static void explain_wrong(struct text *t, enum key_kind kind)
{
	text_add(t, kind == KEY_RSA	? "crypto/rsa: verification error"
		    : kind == KEY_ECDSA ? "x509: ECDSA verification failure"
					: "x509: Ed25519 verification failure");
}

static void explain_small_key(struct text *t, const struct key *key)
{
	text_add(t, "crypto/rsa: ");
	text_add_number(t, key->bits);
	text_add(t, "-bit keys are insecure (see https://go.dev/pkg/crypto/"
		    "rsa#hdr-Minimum_key_size)");
}

/* see signature.h */
void signature_explain(struct text *t, enum signature_result result,
		       const struct certificate *child,
		       const struct certificate *parent,
		       struct go_release release)
{
	switch (result) {
	case SIGNATURE_VALID:
		return;
	case SIGNATURE_NOT_CA:
		text_add(t, "x509: invalid signature: parent certificate "
			    "cannot sign this kind of certificate");
		return;
	case SIGNATURE_UNSUPPORTED:
		text_add(t, "x509: cannot verify signature: algorithm "
			    "unimplemented");
		return;
	case SIGNATURE_INSECURE:
		explain_insecure(t, child, release);
		return;
	case SIGNATURE_MISMATCH:
		explain_mismatch(t, child->algorithm->key, parent->key.kind);
		return;
	case SIGNATURE_SMALL_KEY:
		explain_small_key(t, &parent->key);
		return;
	case SIGNATURE_BAD_KEY:
		text_add(t, rsa_key_fault(&parent->key, release));
		return;
	case SIGNATURE_WRONG:
		explain_wrong(t, parent->key.kind);
		return;
	case SIGNATURE_UNCHECKED:
		text_add(t, "this signature cannot be checked here");
		return;
	}
}
