/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One row of the table with what was said for it: into struct options.
 * Installer only; pure.
 */
#ifndef INSTALLER_OPTIONS_SETTING_H
#define INSTALLER_OPTIONS_SETTING_H

#include "common/error.h"
#include "installer/options/options.h"
#include "installer/options/table.h"

/*
 * Read VALUE for OPTION into OUT. NAME is the flag or the variable, whichever
 * said it; VALUE is NULL for a flag without argument. ERR_USAGE with one
 * sentence where it is not understood. ERR_MEMORY.
 */
MUST_CHECK enum err setting_read(const struct option *option, const char *name,
				 const char *value, struct options *out,
				 struct failure *f);

#endif
