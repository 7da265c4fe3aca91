/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands for an operator to paste: `docker run ...` with the mounts in use
 * where this run is in the image, `dtr-trust ...` elsewhere. Installer only.
 */
#ifndef INSTALLER_REPORT_COMMAND_H
#define INSTALLER_REPORT_COMMAND_H

#include <stdio.h>

#include "common/bytes.h"
#include "installer/options/options.h"

/* One command; the fields of options that matter go into it by themselves. */
struct command {
	const struct options *options;
	bool sees_host_pool;	/* /etc/ssl/certs is mounted */
	const char *certs_dir;	/* where it is to work; NULL: in all of them */
	const char *option;	/* such as "--on-change replace"; or NULL */
	const char *ca_file;	/* for --ca-file; or NULL */
	const char *reference;	/* the registry, or NULL for REGISTRY */
	const char *pin_option; /* before each pin: "--pin ", "--pin HOST=" */
	size_t pin_count;
	const struct bytes *pins; /* DER of what is to be pinned; else NULL */
};

/* Where a host has what is mounted at CERTS_DIR: in its own layout at the same
 * place, else it is taken for Docker's. */
const char *command_host_path(const char *certs_dir);

/*
 * Print C over as many lines as it needs, each a backslash before its end, none
 * wider than a terminal's 80 columns where a path allows it, no fingerprint
 * broken. What a shell would read otherwise is quoted. A proxy is passed on by
 * its name alone: its value may hold a password.
 */
void command_print(FILE *to, const struct command *c);

#endif
