/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which known word a misspelt one was meant to be. Installer only; pure.
 */
#ifndef INSTALLER_OPTIONS_NEAR_H
#define INSTALLER_OPTIONS_NEAR_H

#include <stddef.h>

#include "common/limits.h"

/* Words that are further apart than NEAR_MAX are not alike. */
#define NEAR_FAR (NEAR_MAX + 1)

/*
 * How many letters must be inserted, left out, replaced or exchanged with
 * their neighbour to make WORD of the LEN bytes at TEXT, in either case (the
 * restricted Damerau-Levenshtein distance); NEAR_FAR if more than NEAR_MAX or
 * if either is longer than NEAR_CHARS_MAX.
 */
size_t near_distance(const char *text, size_t len, const char *word);

#endif
