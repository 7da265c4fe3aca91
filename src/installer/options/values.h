/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Readers of single values, flag or variable. Installer only; pure. Each takes
 * the option's NAME for its message and the VALUE as item_clean leaves it, and
 * fails with ERR_USAGE.
 */
#ifndef INSTALLER_OPTIONS_VALUES_H
#define INSTALLER_OPTIONS_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/error.h"
#include "installer/options/items.h"

/* A whole number and its unit, ms, s, m, h or d, as milliseconds up to MS_MAX.
 * A bare 0 needs no unit. */
MUST_CHECK enum err value_duration(const char *name, struct item value,
				   int64_t ms_max, int64_t *ms,
				   struct failure *f);

/* A variable that switches, in either case: 1, true, yes, on; 0, false, no,
 * off. */
MUST_CHECK enum err value_switch(const char *name, struct item value, bool *on,
				 struct failure *f);

/* One of COUNT words; its index goes to *INDEX. */
MUST_CHECK enum err value_word(const char *name, struct item value,
			       const char *const words[], size_t count,
			       size_t *index, struct failure *f);

/* A path: something, and shorter than PATH_BYTES_MAX. Not checked: that it is
 * there. */
MUST_CHECK enum err value_check_path(const char *name, struct item value,
				     struct failure *f);

/* A release: digits and dots, such as 29.7. What a distribution puts behind a
 * plus or a hyphen (20.10.24+dfsg1) is cut off VALUE. */
MUST_CHECK enum err value_cut_release(const char *name, struct item *value,
				      struct failure *f);

#endif
