/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What became of a probe: its report, or why there is none. Installer only.
 */
#ifndef INSTALLER_RESULT_H
#define INSTALLER_RESULT_H

#include "common/job.h"
#include "common/wire.h"
#include "installer/report/report.h"
#include "installer/supervise.h"

/*
 * What RESULT of a probe of KIND says: ERR_OK when the probe ended as it
 * should, its frame is whole and it captured a chain; OUT then views the frame.
 * Otherwise OUT holds nothing but, where the probe said so,
 * OUTCOME_UNCOMPLETED, and REPORT's failure is the probe's own (is_probes) or
 * what became of it.
 */
MUST_CHECK enum err result_read(const struct supervise_result *result,
				enum job_kind kind, struct outcome *out,
				struct report *report);

#endif
