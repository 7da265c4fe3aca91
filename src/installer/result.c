/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/result.h"

static enum err explain_timeout(const struct supervise_result *result,
				struct failure *f)
{
	static const char *const waiting[WIRE_PHASE_COUNT_] = {
		[WIRE_PHASE_START] = "its process to start, or to read files",
		[WIRE_PHASE_RESOLVE] = "DNS",
		[WIRE_PHASE_HANDSHAKE] = "the TLS handshake",
		[WIRE_PHASE_JUDGE] = "the chain to be judged",
	};

	return failure_set(f, ERR_TIMEOUT, "still waiting for %s",
			   waiting[wire_last_phase(result->frame)]);
}

static enum err explain_end(const struct supervise_result *result,
			    struct failure *f)
{
	if (result->code == ERR_TIMEOUT)
		return explain_timeout(result, f);
	if (result->code == ERR_LIMIT)
		return failure_set(f, ERR_PROBE, "its report is too long");
	if (result->signal)
		return failure_set(f, ERR_PROBE, "it was killed by signal %d",
				   result->signal);
	return failure_set(f, ERR_PROBE, "it ended without a report");
}

/* A captured chain comes with all its verdicts. */
static bool is_whole(const struct outcome *o)
{
	for (int act = 0; act < WIRE_ACTS_; act++)
		if (!o->verdict[act].reached)
			return false;
	return o->cert_count > 0;
}

/* see result.h */
enum err result_read(const struct supervise_result *result, enum job_kind kind,
		     struct outcome *out, struct report *report)
{
	bool is_reader = kind == JOB_READ || kind == JOB_SETTINGS;
	unsigned failures =
		is_reader ? WIRE_FAILURES_READ : WIRE_FAILURES_CAPTURE;
	struct failure *f = &report->failure;
	unsigned kept = 0;
	enum err err = result->code == ERR_OK
			       ? wire_decode(result->frame, failures, out, f)
			       : explain_end(result, f);

	report->is_probes = err == ERR_OK && out->failure.code != ERR_OK;
	if (report->is_probes) {
		*f = out->failure;
		err = f->code;
		kept = out->flags & OUTCOME_UNCOMPLETED;
	}
	if (err == ERR_OK && !is_reader && !is_whole(out))
		err = failure_set(f, ERR_PROBE, "its report is incomplete");
	if (err != ERR_OK) {
		wire_clear(out);
		out->flags = kept;
	}
	return err;
}
