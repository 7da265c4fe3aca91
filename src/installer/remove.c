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

/* see remove.h */
void remove_registry(int root, struct store_room *room, struct report *report)
{
	struct failure *f = &report->failure;
	struct registry *alias = &room->alias;
	struct store_result removed, also = {.changed = false};
	enum err err = store_remove(root, report->registry, room, &removed, f);

	memcpy(report->aside, removed.aside, sizeof(report->aside));
	if (err != ERR_OK)
		return;
	if (find_alias(report->registry, alias))
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
	report->state = removed.changed || also.changed ? REPORT_REMOVED
							: REPORT_ABSENT;
	if (also.changed)
		report->removed[0] = alias;
	if (!removed.changed)
		memcpy(report->aside, also.aside, sizeof(report->aside));
	if (removed.changed && also.changed)
		report->removed[1] = report->registry;
}

/* see remove.h */
void remove_unlisted(int root, struct store_room *room, struct report *report)
{
	struct store_result removed;
	enum err err = store_remove(root, report->registry, room, &removed,
				    &report->failure);

	memcpy(report->aside, removed.aside, sizeof(report->aside));
	if (err != ERR_OK)
		return;
	/* Its other reference is not in the list either. */
	report->warnings = (report_survey_warnings(&room->survey) &
			    ~(unsigned)REPORT_WARN_SPELLING) |
			   report_store_warnings(&removed);
	report->state = removed.changed ? REPORT_PRUNED : REPORT_ABSENT;
}
