/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/job.h"

#include <string.h>

#include "installer/certs_d/edit.h"

/* A token service has the pins of its registry, and those of its own name. */
static void add_service_pins(struct job *job, const struct options *options)
{
	for (size_t i = 0; i < options->pin_count; i++)
		if (!strcmp(options->pins[i].reference, job->target->reference))
			job->pins[job->pin_count++] =
				options->pins[i].fingerprint;
}

/* see job.h */
struct bytes job_ca_file(const struct turn *turn)
{
	return survey_find(&turn->survey, SURVEY_CA_FILE);
}

/* What other hands have in FILE, which is ca.crt or none of ours. */
static struct bytes others_of(struct turn *turn, struct bytes file)
{
	struct edit_result left;
	struct failure ignored;

	if (!file.len || file.data != job_ca_file(turn).data ||
	    edit_remove(file, turn->others, sizeof(turn->others), &left,
			&ignored) != ERR_OK)
		return file;
	return left.content;
}

/* see job.h */
void job_prepare(struct turn *turn, const struct options *options,
		 const struct operator_file *file, struct bytes host_pool,
		 const struct registry *target, int64_t now)
{
	struct job *job = &turn->job;

	/* Nothing of the last turn in this slot is left: the one before all of
	 * them had daemon.json. */
	*job = (struct job){
		.kind = options->offline ? JOB_READ : JOB_CAPTURE,
		.target = target,
		.timeout_ms = options->timeout_ms,
		.now = now,
		.all_addresses = options->all_addresses,
		.docker = options->docker,
		.https_proxy = options->https_proxy,
		.no_proxy = options->no_proxy,
		.installed_count = turn->survey.file_count,
		.host_pool = host_pool,
	};
	if (file) {
		job->operator_file = file->content;
		job->block_count = file->block_count;
	}
	for (size_t i = 0; i < job->installed_count; i++) {
		job->installed[i] = turn->survey.files[i].content;
		job->others[i] = others_of(turn, job->installed[i]);
	}
	job->pin_count = options_pins_for(options, turn->registry, job->pins);
	if (strcmp(target->reference, turn->registry->reference) != 0)
		add_service_pins(job, options);
}
