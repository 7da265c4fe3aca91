/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a probe is told about one registry, from what is installed and what the
 * operator said. Installer only. Calls no other process and touches no file;
 * certificates are opaque bytes here.
 */
#ifndef INSTALLER_JOB_H
#define INSTALLER_JOB_H

#include "common/job.h"
#include "installer/certs_d/survey.h"
#include "installer/inputs/operator_file.h"
#include "installer/options/options.h"

/* One registry's turn. */
struct turn {
	/* The registry whose directory it is; job.target is whom to ask, the
	 * same or its token service. */
	const struct registry *registry;
	struct job job;
	struct survey survey;
	char others[CRT_BYTES_MAX]; /* ca.crt without our section */
};

/*
 * Fill TURN's job from its registry, its survey, OPTIONS and the operator's
 * FILE (NULL without one) and the host's own CA bundle; TARGET is whom to ask,
 * NOW in seconds since 1970.
 */
void job_prepare(struct turn *turn, const struct options *options,
		 const struct operator_file *file, struct bytes host_pool,
		 const struct registry *target, int64_t now);

/* The ca.crt of TURN's registry; empty where there is none. */
struct bytes job_ca_file(const struct turn *turn);

#endif
