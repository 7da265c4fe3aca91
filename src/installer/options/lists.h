/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists of registries, of pins and of directories, by white space of any kind
 * or by comma. Installer only; pure.
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
 * PINS_LISTED_MAX together. ERR_MEMORY.
 */
MUST_CHECK enum err list_pins(struct item value,
			      const struct registry *registry,
			      struct options *o, struct failure *f);

/*
 * Append VALUE, a path that value_check_path has taken, to O's certs_dirs; one
 * that is there already is passed over. ERR_USAGE where there are more than
 * CERTS_DIRS_MAX. ERR_MEMORY.
 */
MUST_CHECK enum err list_add_directory(struct item value, struct options *o,
				       struct failure *f);

/* The same for the directories of VALUE, the text of the variable NAME, which
 * may also be written as containerd and a PATH have them, by colon. */
MUST_CHECK enum err list_directories(const char *name, struct item value,
				     struct options *o, struct failure *f);

#endif
