/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known without computing, and what was computed before.
 */
#include "probe/verdict/path/signature.h"

#include "probe/verdict/path/rsa.h"

static bool check_cached(const struct certificate *child,
			 const struct certificate *parent,
			 struct signature_cache *cache)
{
	uint8_t room[RSA_BYTES_MAX];
	const struct der_bits *bits = &child->signature;
	struct bytes signature = bits->octets;
	bool valid;

	for (size_t i = 0; cache && i < cache->used; i++)
		if (bytes_equal(cache->entry[i].signature, bits->octets) &&
		    cache->entry[i].unused == bits->unused &&
		    bytes_equal(cache->entry[i].spki, parent->spki) &&
		    cache->entry[i].any_residue == parent->key.any_residue &&
		    bytes_equal(cache->entry[i].tbs, child->tbs))
			return cache->entry[i].valid;
	/* What does not fit is longer than any signature. */
	if (bits->unused && !der_shift(bits->octets, bits->unused, 0, room,
				       sizeof(room), &signature))
		return false;
	if (cache)
		cache->computed++;
	valid = signature_verify(child->algorithm, &parent->key, child->tbs,
				 signature);
	if (cache && cache->used < SIGNATURE_RESULTS_MAX) {
		cache->entry[cache->used].tbs = child->tbs;
		cache->entry[cache->used].signature = bits->octets;
		cache->entry[cache->used].unused = bits->unused;
		cache->entry[cache->used].spki = parent->spki;
		cache->entry[cache->used].any_residue = parent->key.any_residue;
		cache->entry[cache->used++].valid = valid;
	}
	return valid;
}

static bool may_sign(const struct certificate *parent)
{
	if (parent->version == 3 && !parent->has_basic_constraints)
		return false;
	if (parent->has_basic_constraints && !parent->is_ca)
		return false;
	return !parent->key_usage || parent->key_usage & KEY_USAGE_CERT_SIGN;
}

/* What Go says of an RSA key before it looks at the signature. */
static enum signature_result check_rsa_key(const struct key *key,
					   struct go_release release)
{
	if (go_follows(release, GO_REFUSE_SMALL_RSA) &&
	    key->bits < KEY_RSA_BITS_MIN)
		return SIGNATURE_SMALL_KEY;
	if (rsa_key_fault(key, release))
		return SIGNATURE_BAD_KEY;
	return key->value.len > RSA_BYTES_MAX ? SIGNATURE_UNCHECKED
					      : SIGNATURE_VALID;
}

/* Everything that is known without computing. */
static enum signature_result check_kinds(const struct certificate *child,
					 const struct certificate *parent,
					 struct go_release release)
{
	const struct signature_algorithm *a = child->algorithm;
	enum key_kind kind = parent->key.kind;

	if (!may_sign(parent))
		return SIGNATURE_NOT_CA;
	if (kind == KEY_UNKNOWN)
		return SIGNATURE_UNSUPPORTED;
	if (a->hash == HASH_NONE && a->key != KEY_ED25519 &&
	    a->key != KEY_MLDSA)
		return SIGNATURE_UNSUPPORTED;
	if (a->hash == HASH_MD5 ||
	    (a->hash == HASH_SHA1 && go_follows(release, GO_REFUSE_SHA1)))
		return SIGNATURE_INSECURE;
	if (kind == KEY_DSA)
		return go_follows(release, GO_DSA_GONE) ? SIGNATURE_UNSUPPORTED
							: SIGNATURE_UNCHECKED;
	if (kind != a->key)
		return SIGNATURE_MISMATCH;
	if (kind == KEY_MLDSA)
		return SIGNATURE_UNCHECKED;
	return kind == KEY_RSA ? check_rsa_key(&parent->key, release)
			       : SIGNATURE_VALID;
}

/* see signature.h */
enum signature_result signature_check(const struct certificate *child,
				      const struct certificate *parent,
				      struct go_release release,
				      struct signature_cache *cache)
{
	enum signature_result result = check_kinds(child, parent, release);

	if (result != SIGNATURE_VALID)
		return result;
	return check_cached(child, parent, cache) ? SIGNATURE_VALID
						  : SIGNATURE_WRONG;
}
