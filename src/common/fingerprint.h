/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The SHA-256 of a certificate's DER: what `openssl x509 -fingerprint -sha256`
 * and `step certificate fingerprint` print, and what a pin names.
 */
#ifndef COMMON_FINGERPRINT_H
#define COMMON_FINGERPRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/error.h"

#define FINGERPRINT_BYTES 32

/* "sha256:" and 64 digits and NUL. */
#define FINGERPRINT_TEXT_BYTES (7 + 2 * FINGERPRINT_BYTES + 1)

struct fingerprint {
	uint8_t sha256[FINGERPRINT_BYTES];
};

/* The fingerprint of DER. */
void fingerprint_of(struct bytes der, struct fingerprint *out);

bool fingerprint_equal(const struct fingerprint *a,
		       const struct fingerprint *b);

/* Is that of DER one of the COUNT at LIST? */
bool fingerprint_is_among(struct bytes der, const struct fingerprint *list,
			  size_t count);

/* Write `sha256:` and lower-case hex, the form that --pin takes. */
void fingerprint_encode(const struct fingerprint *fp,
			char out[static FINGERPRINT_TEXT_BYTES]);

/*
 * Read LEN bytes of TEXT: 64 hex digits in either case, with or without
 * colons between pairs, after `sha256:`, `sha256=` or openssl's `sha256
 * Fingerprint=`, in either case, or after none. ERR_USAGE with the reason
 * otherwise; a digest of another algorithm, a hash in base64, a path and
 * a certificate are called so.
 */
MUST_CHECK enum err fingerprint_parse(const char *text, size_t len,
				      struct fingerprint *out,
				      struct failure *f);

#endif
