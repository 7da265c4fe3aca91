/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line. Installer only; pure.
 */
#ifndef INSTALLER_OPTIONS_ARGUMENTS_H
#define INSTALLER_OPTIONS_ARGUMENTS_H

#include "common/error.h"
#include "installer/options/options.h"

/* Does a flag ask for JSON? Before all else: errors are JSON then. */
bool arguments_ask_json(int argc, char *const argv[]);

/*
 * Read ARGV (ARGC strings, the first is the program) into OUT, and into SET, by
 * row of the table, which flags were there. ERR_USAGE with one sentence, which
 * names the nearest flag where one is misspelt. ERR_MEMORY.
 */
MUST_CHECK enum err arguments_read(int argc, char *const argv[], bool set[],
				   struct options *out, struct failure *f);

#endif
