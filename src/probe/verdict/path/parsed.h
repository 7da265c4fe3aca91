/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates that were parsed before, for those who judge the same ones by
 * the rules of many releases. Probe process. Memory from the arena.
 */
#ifndef VERDICT_PARSED_H
#define VERDICT_PARSED_H

#include "probe/verdict/path/arena.h"
#include "probe/verdict/x509/certificate.h"

struct parsed_entry {
	struct bytes der;
	uint64_t rules; /* of those that a parser asks for */
	struct certificate certificate;
};

/* Start with {0}: nothing is kept. The octets must stay where they are. */
struct parsed {
	struct parsed_entry *entry;
	size_t len, room;
	struct go_release release; /* of RULES, the last that were asked for */
	uint64_t rules;
};

/* Make room for ROOM certificates, or for none if the arena is full. */
void parsed_open(struct parsed *p, size_t room, struct arena *arena);

/* certificate_parse, or what it gave before for the same octets (the same place
 * in memory) and the same rules. P may be NULL. */
MUST_CHECK enum err parsed_read(struct parsed *p, struct bytes der,
				struct go_release release,
				struct certificate *out, struct failure *why);

#endif
