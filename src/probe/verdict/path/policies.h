/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificate policies over a finished chain: RFC 5280 6.1 with the policy
 * graph of RFC 9618, as Go from 1.24 on. Probe process. Memory from the arena.
 */
#ifndef VERDICT_POLICIES_H
#define VERDICT_POLICIES_H

#include "probe/verdict/path/arena.h"
#include "probe/verdict/x509/certificate.h"

enum policies_result {
	POLICIES_VALID,
	POLICIES_INVALID,
	POLICIES_UNCHECKED, /* the arena or POLICY_STEPS_MAX was not enough */
};

/*
 * Is CHAIN (LEN certificates, leaf first, anchor last) valid where any policy
 * will do? The anchor's own policies do not count.
 */
enum policies_result policies_check(const struct certificate *const *chain,
				    size_t len, struct arena *arena);

#endif
