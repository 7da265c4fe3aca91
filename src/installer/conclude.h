/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end of one registry's turn: read the probe's report, decide, write if
 * that is the decision, and say how it ended. Installer only.
 */
#ifndef INSTALLER_CONCLUDE_H
#define INSTALLER_CONCLUDE_H

#include "installer/certs_d/store.h"
#include "installer/report/report.h"
#include "installer/supervise.h"
#include "installer/turn.h"

/* Make OUT the outcome of a probe that never ran. */
void conclude_nothing(struct outcome *out);

/*
 * What RESULT of a probe of KIND says: ERR_OK when the probe ended as it
 * should, its frame is whole and it captured a chain; OUT then views the frame.
 * Otherwise OUT holds nothing but, where the probe said so, OUTCOME_FALLBACK,
 * and F the probe's own failure (*IS_PROBES) or what became of it.
 */
MUST_CHECK enum err conclude_read(const struct supervise_result *result,
				  enum job_kind kind, struct outcome *out,
				  struct failure *f, bool *is_probes);

/*
 * Do what OPTIONS's mode asks with O, a captured chain, for TURN's registry
 * below ROOT (certs.d), and fill REPORT's state, warnings, failure. Writes
 * only in mode OPTIONS_TRUST.
 */
void conclude(const struct options *options, int root, const struct turn *turn,
	      const struct outcome *o, struct store_room *room,
	      struct report *report);

/* Is the token SERVICE that a registry names asked too? Its name is text from a
 * server; only where the operator speaks for it. */
bool conclude_follows_service(const struct options *options,
			      const struct turn *turn, struct bytes service);

/* Pins and files are about the registry; they may or may not reach as far as
 * its token service. Where nobody asked for that, REPORT is no failure. */
void conclude_service(const struct options *options, struct report *report);

/* Remove what dtr-trust wrote for REPORT's registry below ROOT, also under its
 * other reference: `host` and `host:443` are two directories, one registry. */
void conclude_remove(int root, struct store_room *room, struct report *report);

#endif
