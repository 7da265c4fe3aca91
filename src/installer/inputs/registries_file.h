/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The list of registries that --registries names: a fleet's whole state in one
 * file, as a ConfigMap or a Swarm config brings it. Installer only.
 */
#ifndef INSTALLER_INPUTS_REGISTRIES_FILE_H
#define INSTALLER_INPUTS_REGISTRIES_FILE_H

#include "common/error.h"
#include "installer/options/options.h"

/*
 * Read the file at O's registries_file ("-": standard input) and make its
 * registries and pins those of O besides the ones that options named, in the
 * file's order and each once. What an earlier reading brought is forgotten
 * first, so that a run which stays follows a file that changes.
 *
 * A line is `host[:port] [sha256:HEX]... [# comment]`, in the forms that
 * list_add_registry and list_pins take; empty lines, CRLF and a byte order mark
 * are passed over. A registry on two lines has the pins of both.
 *
 * ERR_USAGE where the file cannot be read, a line is none of these (its number
 * and the reason; how many more there are), it names no registry, or there are
 * too many; O then has no registry. ERR_STOPPED where STOP_FD (0: none) became
 * readable before standard input had come to its end. ERR_MEMORY.
 */
MUST_CHECK enum err registries_file_read(struct options *o, int stop_fd,
					 struct failure *f);

#endif
