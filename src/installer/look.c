/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looking at the hosts that registries name; see look.h.
 */
#include "installer/look.h"

#include "installer/audience.h"
#include "installer/doubt.h"
#include "installer/service.h"
#include "installer/warn.h"

/* Does Docker get on with what was asked, with what is installed? */
static bool holds(const struct report *report)
{
	return wire_accepts(&report->verdict) && !report->is_unproven;
}

/* see look.h */
void look_conclude(const struct turn *turn, const struct options *options,
		   const struct outcome *o, struct report *report)
{
	report->verdict = o->verdict[WIRE_KEEP];
	report->is_unproven = !(o->flags & OUTCOME_POSSESSION);
	doubt_unseen(turn, options, o, report);
	if (holds(report))
		report->state = report->is_redirect ? REPORT_REDIRECT_FINE
						    : REPORT_SERVICE_FINE;
	else if (!report->is_redirect)
		report->state = REPORT_SERVICE_LEFT;
	else
		report->state = report->verdict.code == VERDICT_UNCHECKED
					? REPORT_REDIRECT_UNSEEN
					: REPORT_REDIRECT_LEFT;
}

/* see look.h */
void look_give_up(struct report *report)
{
	report->state = report->is_redirect ? REPORT_REDIRECT_UNSEEN
					    : REPORT_SERVICE_UNSEEN;
}

/* Whom to ask after TASK, in NEXT; false where that is nobody. */
static bool find_next(const struct round *round, const struct task *task,
		      const struct turn *turn, const struct report *report,
		      struct task *next)
{
	const struct outcome *o = &round->outcome;
	bool is_away = wire_leads_away(o->reply);

	if (round->options->mode == OPTIONS_SHOW ||
	    report->state == REPORT_FAILED ||
	    /* Alone in the directory, it would be what others are held to. */
	    report->state == REPORT_REFUSED_USELESS ||
	    report_exit_of(report) == REPORT_EXIT_REFUSED ||
	    (task->is_service && (!task->is_redirect || is_away)))
		return false;
	*next = (struct task){
		.registry = task->registry,
		.certs_dir = task->certs_dir,
		.is_service = true,
		.is_redirect = is_away,
		.is_look =
			is_away || task->is_redirect ||
			!service_is_followed(round->options, turn, o->service),
		.is_due = true,
	};
	return (!next->is_look || holds(report)) &&
	       service_parse(task->registry, o->service, &next->service);
}

/* see look.h */
void look_heed(const struct round *round, struct task *task,
	       const struct turn *turn, struct report *report)
{
	struct task next;

	if (round->options->mode == OPTIONS_SHOW ||
	    options_looks_only(round->options))
		return;
	if (task->is_redirect)
		audience_heed_redirect(task->registry, &round->outcome, report,
				       &task->consumers);
	else if (task->is_service)
		audience_heed_service(&round->outcome, report,
				      &task->consumers);
	else if (report->state != REPORT_FAILED)
		audience_gather(turn, round->options, &round->daemon,
				&round->outcome, report, &task->consumers);
	if (!task->is_service)
		warn_of_daemon(&task->consumers, report);
	if (report->state != REPORT_FAILED &&
	    !find_next(round, task, turn, report, &next))
		report->consumers = &task->consumers;
}

/* see look.h */
void look_follow(struct round *round, const struct task *task,
		 const struct turn *turn, const struct report *report)
{
	struct task *next = &round->tasks[round->task_count];

	if (report->consumers || !find_next(round, task, turn, report, next))
		return;
	next->consumers = task->consumers;
	round->task_count++;
}
