/* SPDX-License-Identifier: Apache-2.0 */
#include "installer/remove.h"

#include <string.h>

/* The same registry under its other reference. */
static bool find_alias(const struct registry *registry, struct registry *alias)
{
	char other[REGISTRY_CHARS_MAX + 8];
	struct failure ignored;

	return registry_other_reference(registry, other) &&
	       registry_parse(other, strlen(other), alias, &ignored) == ERR_OK;
}

/*
 * Take back what is installed for the registry of REPORT: one that is LISTED
 * under its other reference too. The other reference of one that is not in the
 * list is not in it either, and has a turn of its own.
 */
static void take_back(int root, struct store_room *room, struct report *report,
		      bool is_listed)
{
	struct failure *f = &report->failure;
	struct registry *alias = &room->alias;
	struct store_result removed, also = {.changed = false};
	enum err err = store_remove(root, report->registry, room, &removed, f);

	memcpy(report->aside, removed.aside, sizeof(report->aside));
	if (err != ERR_OK)
		return;
	if (is_listed && find_alias(report->registry, alias))
		err = store_remove(root, alias, room, &also, f);
	/* What is left there, without what has gone. */
	if (err == ERR_OK)
		err = survey_take(root, report->registry, &room->survey, f);
	if (err != ERR_OK && (removed.changed || also.changed))
		f->is_late = true;
	if (err != ERR_OK)
		return;
	report->warnings = report_survey_warnings(&room->survey) |
			   report_store_warnings(&removed) |
			   report_store_warnings(&also);
	/* A ca.crt that is left is another hand's. */
	if (room->survey.file_count)
		report->warnings |= REPORT_WARN_OTHER_CRT;
	if (!is_listed)
		report->warnings &= ~(unsigned)REPORT_WARN_SPELLING;
	report->state = !removed.changed && !also.changed ? REPORT_ABSENT
			: is_listed			  ? REPORT_REMOVED
							  : REPORT_PRUNED;
	if (also.changed)
		report->removed[0] = alias;
	if (!removed.changed)
		memcpy(report->aside, also.aside, sizeof(report->aside));
	if (removed.changed && also.changed)
		report->removed[1] = report->registry;
}

/* see remove.h */
void remove_registry(int root, struct store_room *room, struct report *report)
{
	take_back(root, room, report, true);
}

/* see remove.h */
void remove_unlisted(int root, struct store_room *room, struct report *report)
{
	take_back(root, room, report, false);
}
