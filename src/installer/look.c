/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looking at token services; see look.h.
 */
#include "installer/look.h"

#include "installer/audience.h"
#include "installer/service.h"
#include "installer/warn.h"

/* see look.h */
void look_at_service(const struct outcome *o, struct report *report)
{
	report->verdict = o->verdict[WIRE_KEEP];
	report->is_unproven = !(o->flags & OUTCOME_POSSESSION);
	report->state = wire_accepts(&report->verdict) && !report->is_unproven
				? REPORT_SERVICE_FINE
				: REPORT_SERVICE_LEFT;
}

/* see look.h */
bool look_holds(const struct report *report)
{
	return wire_accepts(&report->verdict) && !report->is_unproven;
}

/* Will a report on its token service follow? That one then says what each
 * reader does. */
static bool is_followed(const struct round *round, const struct task *task,
			const struct turn *turn, const struct report *report)
{
	struct bytes name = round->outcome.service;
	struct registry service;

	return !task->is_service &&
	       (look_holds(report) ||
		service_is_followed(round->options, turn, name)) &&
	       service_parse(task->registry, name, &service);
}

/* see look.h */
void look_heed(const struct round *round, struct task *task,
	       const struct turn *turn, struct report *report)
{
	if (round->options->mode == OPTIONS_SHOW ||
	    options_looks_only(round->options))
		return;
	if (task->is_service)
		audience_heed_service(&round->outcome, report,
				      &task->consumers);
	else if (report->state != REPORT_FAILED)
		audience_gather(turn, round->options, &round->daemon,
				&round->outcome, report, &task->consumers);
	if (!task->is_service)
		warn_of_daemon(&task->consumers, report);
	if (report->state != REPORT_FAILED &&
	    !is_followed(round, task, turn, report))
		report->consumers = &task->consumers;
}
