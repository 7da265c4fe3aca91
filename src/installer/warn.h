/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What deserves a warning whatever is decided. Installer only. Pure.
 */
#ifndef INSTALLER_WARN_H
#define INSTALLER_WARN_H

#include "installer/facts.h"
#include "installer/report/report.h"

/* Add to REPORT what O, a captured chain, and FACTS give reason for. */
void warn_about(const struct turn *turn, const struct outcome *o,
		const struct facts *facts, struct report *report);

/* Warn of what daemon.json, of which FACTS are, does to what is installed. */
void warn_of_daemon(const struct consumer_facts *facts, struct report *report);

/* Warn where the trust that REPORT states ends within OPTIONS's expiry. */
void warn_of_end(const struct options *options, const struct turn *turn,
		 const struct outcome *o, struct report *report);

/* Is the server's own certificate the anchor? It works until it is renewed. */
bool warn_pins_a_leaf(const struct outcome *o);

#endif
