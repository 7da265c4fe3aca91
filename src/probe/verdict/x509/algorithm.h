/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signature algorithms of certificates, as Go tells them apart. Probe process.
 * Pure.
 */
#ifndef VERDICT_ALGORITHM_H
#define VERDICT_ALGORITHM_H

#include "probe/verdict/x509/der.h"
#include "probe/verdict/x509/go_release.h"
#include "probe/verdict/x509/key.h"

enum hash_kind {
	HASH_NONE,
	HASH_MD5,
	HASH_SHA1,
	HASH_SHA256,
	HASH_SHA384,
	HASH_SHA512,
};

struct signature_algorithm {
	const char *name; /* as Go prints it, "SHA256-RSA"; "" if unknown */
	enum key_kind key;
	enum hash_kind hash;
	bool pss;
};

/*
 * The algorithm that IDENTIFIER (the content of an AlgorithmIdentifier) names.
 * Never NULL: unknown ones give an entry with key KEY_UNKNOWN. False: the
 * identifier is malformed and WHY says what Go says.
 */
bool algorithm_parse(struct bytes identifier, struct go_release release,
		     const struct signature_algorithm **out, struct text *why);

#endif
