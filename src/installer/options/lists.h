/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists of registries and of pins, by white space of any kind or by comma.
 * Installer only; pure.
 */
#ifndef INSTALLER_OPTIONS_LISTS_H
#define INSTALLER_OPTIONS_LISTS_H

#include "common/error.h"
#include "common/pin.h"
#include "common/registry.h"
#include "installer/options/items.h"

/*
 * Append the registries of VALUE to REGISTRIES (*COUNT of REGISTRIES_MAX are
 * taken); one that is there already is passed over. ERR_USAGE where there is
 * none, one is none (reference.h), or there are too many.
 */
MUST_CHECK enum err list_registries(struct item value,
				    struct registry *registries, size_t *count,
				    struct failure *f);

/*
 * Append the pins of VALUE to PINS (*COUNT of PINS_MAX are taken): `sha256:HEX`
 * in any form of fingerprint_parse, or `REGISTRY=sha256:HEX` for one registry.
 * ERR_USAGE where there is none, one is none, or there are too many.
 */
MUST_CHECK enum err list_pins(struct item value, struct pin pins[PINS_MAX],
			      size_t *count, struct failure *f);

#endif
