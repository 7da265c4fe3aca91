/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Randomness from getrandom(2), the only source of the probe. mbedTLS left to
 * itself opens /dev/random on musl, which the sealed probe cannot.
 */
#ifndef PROBE_ENTROPY_H
#define PROBE_ENTROPY_H

#include <stddef.h>

/* mbedTLS's f_rng: fill LEN bytes of OUT, blocking until the kernel's pool is
 * seeded. CONTEXT is not used. Returns 0, or an mbedTLS error. */
int entropy_fill(void *context, unsigned char *out, size_t len);

#endif
