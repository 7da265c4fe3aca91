/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pin: the fingerprint of a certificate that the operator vouches for, for
 * every registry or for one. Both processes. No code.
 */
#ifndef COMMON_PIN_H
#define COMMON_PIN_H

#include "common/fingerprint.h"
#include "common/limits.h"

struct pin {
	/* The one registry that it speaks for; empty: all of the run. */
	char reference[REGISTRY_CHARS_MAX + 1];
	struct fingerprint fingerprint;
};

#endif
