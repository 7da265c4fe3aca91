/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a verdict means, what to do, and who can do it: sentences in a table,
 * by the code that the probe reports. Installer only, so that no probe words
 * them. Pure.
 */
#ifndef INSTALLER_REPORT_REMEDY_H
#define INSTALLER_REPORT_REMEDY_H

#include "common/limits.h"
#include "common/verdict.h"

/* Who can do what the remedy says. */
enum remedy_actor {
	REMEDY_NOBODY, /* nothing to do */
	REMEDY_REGISTRY_ADMIN,
	REMEDY_CA_ADMIN,
	REMEDY_HOST_ADMIN,
};

struct remedy {
	const char *word; /* stable, for programs */
	enum remedy_actor actor;
	const char *cause;  /* one sentence, with a full stop; "" if none */
	const char *action; /* one sentence, with a full stop; "" if none */
};

/* The sentences. Never NULL; for REMARK_NONE those of CODE. */
const struct remedy *remedy_find(enum verdict_code code,
				 enum verdict_remark remark);

/* "the registry's administrator", ...; "" for nobody. */
const char *remedy_actor_name(enum remedy_actor actor);

/* Copy TEXT, of the table, to OUT, with WHOM wherever it speaks of the
 * registry: a verdict may be about its token service. */
void remedy_write(const char *text, const char *whom,
		  char out[static SENTENCE_CHARS_MAX]);

#endif
