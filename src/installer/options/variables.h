/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The environment: the only file that looks at it. Installer only.
 */
#ifndef INSTALLER_OPTIONS_VARIABLES_H
#define INSTALLER_OPTIONS_VARIABLES_H

#include "common/error.h"
#include "installer/options/options.h"

/* What is not for us alone: proxies, as Go's net/http reads them, NO_COLOR, and
 * whether this is the image. */
void variables_read_host(struct options *out);

/* Does a variable ask for JSON? Before all else: errors are JSON then. */
bool variables_ask_json(void);

/*
 * Read into OUT the variables of all options that are not SET by a flag, and
 * DTR_DOMAIN_NAME where OUT has no registry. An empty one is none. ERR_USAGE
 * with one sentence where one is not understood. ERR_MEMORY.
 */
MUST_CHECK enum err variables_read(const bool set[], struct options *out,
				   struct failure *f);

/*
 * Look for variables that were meant to be ours. ERR_USAGE where one may be a
 * misspelt DTR_PIN or DTR_REQUIRE_PIN, which would leave a registry to a first
 * use, or asks by variable for what is a flag only (DTR_CHECK); of the others a
 * notice in OUT. What orchestrators inject for a service named dtr
 * (DTR_PORT_443_TCP, DTR_SERVICE_HOST) is passed over.
 */
MUST_CHECK enum err variables_check(struct options *out, struct failure *f);

#endif
