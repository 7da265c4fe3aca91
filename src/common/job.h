/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a probe is told before the fork; afterwards it learns nothing more from
 * the installer. Views of the installer's memory, of which the child has its
 * own copy. No code.
 */
#ifndef COMMON_JOB_H
#define COMMON_JOB_H

#include "common/bytes.h"
#include "common/fingerprint.h"
#include "common/limits.h"
#include "common/registry.h"

struct job {
	const struct registry *registry;
	int64_t timeout_ms; /* from the fork to the report */
	int64_t now;	    /* seconds since 1970, UTC */
	/* The .crt files that Docker reads, in its order, as they are now. */
	size_t installed_count;
	struct bytes installed[CRT_FILES_MAX];
	size_t pin_count;
	struct fingerprint pins[PINS_MAX];
	const char *https_proxy; /* or NULL */
	const char *no_proxy;	 /* or NULL */
};

#endif
