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

enum job_kind {
	JOB_CAPTURE, /* ask TARGET over the network */
	/* the same with the wider offer, where Docker's was refused: see
	 * capture.h */
	JOB_CAPTURE_WIDER,
	JOB_READ,    /* read files only, the operator's and those that are
		      * installed; no network at all */
	JOB_SETTINGS /* read daemon.json only; no network either */
};

struct job {
	enum job_kind kind;
	const struct registry *target;
	int64_t timeout_ms;	 /* from the fork to the report */
	int64_t now;		 /* seconds since 1970, UTC */
	bool all_addresses;	 /* ask every address of the name */
	const char *docker;	 /* release to judge by, "29.7"; NULL: newest */
	const char *https_proxy; /* or NULL */
	const char *no_proxy;	 /* or NULL */
	/* The .crt files that Docker reads, in its order, as they are now; and
	 * what would be left of each without the certificates that dtr-trust
	 * wrote itself. */
	size_t installed_count;
	struct bytes installed[CRT_FILES_MAX];
	struct bytes others[CRT_FILES_MAX];
	/* The host's own CA bundle, PEM; empty where there is none to see. */
	struct bytes host_pool;
	/* What the operator vouches for: fingerprints, or the certificates of
	 * a file (CERTIFICATE blocks, or one DER if BLOCK_COUNT is 0). */
	size_t pin_count;
	struct fingerprint pins[PINS_MAX];
	size_t block_count;
	struct bytes operator_file;
	/* The host's daemon.json, for JOB_SETTINGS alone: it may hold a
	 * secret, and no probe that has met a server is to know one. */
	struct bytes daemon_json;
};

#endif
