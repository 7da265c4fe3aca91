/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A part of key.c: what is asked of a key of each kind. Probe process. Pure but
 * for mbedTLS's check of a point.
 */
#ifndef VERDICT_KEY_KIND_H
#define VERDICT_KEY_KIND_H

#include "probe/verdict/x509/key.h"

/* An AlgorithmIdentifier; PARAMETERS with header, empty if absent. */
struct key_algorithm {
	struct bytes oid, parameters;
};

/*
 * Read OUT, whose kind and octets (as its value) are set, with AI's parameters.
 * The value gets narrower for RSA. False: WHY says what Go says.
 */
bool key_parse_kind(const struct key_algorithm *ai, struct go_release release,
		    struct key *out, struct text *why);

#endif
