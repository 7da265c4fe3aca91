/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only file that prints what happened: what was done and what Docker will
 * now do on standard output, warnings and errors on standard error. Installer
 * only. Decides nothing; every text it gets is printable already.
 */
#ifndef INSTALLER_REPORT_H
#define INSTALLER_REPORT_H

#include "common/error.h"
#include "common/registry.h"
#include "common/wire.h"
#include "installer/policy.h"
#include "installer/survey.h"

/* Documented exit codes; the highest of all registries is the run's. */
enum report_exit {
	REPORT_EXIT_TRUSTED = 0,
	REPORT_EXIT_UNREACHED = 1,
	REPORT_EXIT_USAGE = 2,
	REPORT_EXIT_REFUSED = 3,
	REPORT_EXIT_STORE = 4
};

/* All that is known of one registry when its turn is over. */
struct report {
	const struct registry *registry;
	const char *certs_dir;
	const struct survey *survey;
	/* What the probe reported; certs and flags only if failure is ERR_OK
	 * or ERR_STORE, or the decision is a refusal. */
	const struct outcome *outcome;
	enum policy_decision decision; /* when failure.code is ERR_OK */
	enum policy_vouch vouch;
	struct failure failure;
};

/* Print R. Returns the exit code that it stands for. */
enum report_exit report_registry(const struct report *r);

/* Print a failure that concerns no single registry. Returns its exit code. */
enum report_exit report_failure(const struct failure *f);

/* Print the versions of everything that is linked in. */
void report_version(void);

#endif
