/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a verdict means, what to do, and who can do it. Probe process. Pure:
 * sentences in a table.
 */
#ifndef VERDICT_REMEDY_H
#define VERDICT_REMEDY_H

#include "probe/verdict/verdict.h"

/* Cases that a verdict alone does not tell apart. */
enum remedy_case {
	REMEDY_PLAIN,		/* the verdict's own sentence */
	REMEDY_BLANK_DOMAIN,	/* a registry whose domain name was never set */
	REMEDY_NO_INTERMEDIATE, /* the server sends its own certificate only */
	REMEDY_WRONG_ORDER,	/* the host's certificate is sent, not first */
	REMEDY_ROOT_NOT_SENT,	/* accepted: says why that is fine */
	REMEDY_CASES_COUNT_
};

/* Who can do what the remedy says. */
enum remedy_actor {
	REMEDY_NOBODY, /* nothing to do */
	REMEDY_REGISTRY_ADMIN,
	REMEDY_CA_ADMIN,
	REMEDY_HOST_ADMIN,
};

struct remedy {
	enum remedy_actor actor;
	const char *cause;  /* one sentence, with a full stop; "" if none */
	const char *action; /* one sentence, with a full stop; "" if none */
};

/*
 * Look closer at what was sent for a verdict that V is on Q. REMEDY_PLAIN
 * where nothing more can be said.
 */
enum remedy_case remedy_look(const struct verdict_query *q,
			     const struct verdict *v);

/* The sentences. Never NULL; for REMEDY_PLAIN those of CODE. */
const struct remedy *remedy_find(enum verdict_code code,
				 enum remedy_case found);

/* "the registry's administrator", ...; "" for nobody. */
const char *remedy_actor_name(enum remedy_actor actor);

#endif
