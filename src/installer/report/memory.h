/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a run that stays has said of each registry, so that it says only what
 * changed after its first round. Installer only.
 */
#ifndef INSTALLER_REPORT_MEMORY_H
#define INSTALLER_REPORT_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include "installer/report/report.h"

struct memory_entry;

struct memory {
	struct memory_entry *list;
	size_t count, room;
};

/*
 * Does R say of its registry, of that one's token service or of where it leads,
 * what was not said the last time: another state, cause, warning, end, anchor
 * or name of that host? R is remembered, in place of what was said of it
 * before. True as well where memory is short.
 */
bool memory_is_news(struct memory *m, const struct report *r);

/* Free what M owns. */
void memory_free(struct memory *m);

#endif
