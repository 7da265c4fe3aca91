/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of the facts, for facts.c and facts_files.c alone. Pure.
 */
#ifndef INSTALLER_FACTS_PARTS_H
#define INSTALLER_FACTS_PARTS_H

#include "installer/facts.h"

/* Add to OUT what the files of TURN hold: void_files, ca_is_void,
 * needs_reading, policy.installed. KNOWN is facts_gather's READING. */
void facts_look_at_files(const struct turn *turn, const struct outcome *o,
			 const struct facts_reading *known, struct facts *out);

#endif
