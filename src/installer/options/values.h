/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Readers of option values, flag or variable. Installer only; pure. Each takes
 * the option's NAME for its message and fails with ERR_USAGE.
 */
#ifndef INSTALLER_VALUES_H
#define INSTALLER_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/error.h"
#include "common/pin.h"
#include "common/registry.h"

/* A whole number and its unit, ms, s, m, h or d, as milliseconds up to MS_MAX.
 * A bare 0 needs no unit. */
MUST_CHECK enum err value_duration(const char *name, const char *value,
				   int64_t ms_max, int64_t *ms,
				   struct failure *f);

/* A variable that switches: 1, true, yes, on; 0, false, no, off. */
MUST_CHECK enum err value_switch(const char *name, const char *value, bool *on,
				 struct failure *f);

/* One of COUNT words; its index goes to *INDEX. */
MUST_CHECK enum err value_word(const char *name, const char *value,
			       const char *const words[], size_t count,
			       size_t *index, struct failure *f);

/*
 * Pins, several by space or comma, appended to PINS (*COUNT of PINS_MAX are
 * taken): `sha256:HEX` in any form of fingerprint_parse, or
 * `REGISTRY=sha256:HEX` for one registry.
 */
MUST_CHECK enum err value_pins(const char *value, struct pin pins[PINS_MAX],
			       size_t *count, struct failure *f);

/*
 * Registries, several by any character of SEPARATORS, appended to REGISTRIES
 * (*COUNT of REGISTRIES_MAX are taken); one that is there already is passed
 * over.
 */
MUST_CHECK enum err value_registries(const char *value, const char *separators,
				     struct registry *registries, size_t *count,
				     struct failure *f);

#endif
