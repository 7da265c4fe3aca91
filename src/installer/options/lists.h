/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists of registries and of pins, by white space of any kind or by comma.
 * Installer only; pure.
 */
#ifndef INSTALLER_OPTIONS_LISTS_H
#define INSTALLER_OPTIONS_LISTS_H

#include "common/error.h"
#include "installer/options/items.h"
#include "installer/options/options.h"

/*
 * Append the registries of VALUE to O's; one that is there already is passed
 * over. ERR_USAGE where VALUE has none, one is none (reference.h), or there are
 * more than REGISTRIES_MAX.
 */
MUST_CHECK enum err list_registries(struct item value, struct options *o,
				    struct failure *f);

/* The same for one; *ADDED is where it stands among O's. */
MUST_CHECK enum err list_add_registry(struct item item, struct options *o,
				      const struct registry **added,
				      struct failure *f);

/*
 * Append the pins of VALUE to O's: `sha256:HEX` in any form of
 * fingerprint_parse, which speaks for REGISTRY or, where that is NULL, for all;
 * or `REGISTRY=sha256:HEX` for one. ERR_USAGE where VALUE has none, one is
 * none, or there are more than PINS_ALL_MAX for all, PINS_ONE_MAX for one or
 * PINS_LISTED_MAX together.
 */
MUST_CHECK enum err list_pins(struct item value,
			      const struct registry *registry,
			      struct options *o, struct failure *f);

#endif
