/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of a judgement, for judge.c, choose.c and reach.c alone. Probe
 * process, sealed. Pure.
 */
#ifndef PROBE_JUDGING_H
#define PROBE_JUDGING_H

#include "probe/judge/judge.h"
#include "probe/judge/material.h"

struct judging {
	const struct job *job;
	const struct capture *capture; /* or NULL: nobody was asked */
	struct judge_room *room;
	struct outcome *out;
	struct arena arena;
	struct material material;
	struct go_release release;
	bool is_full; /* there is more to report than fits */
};

/* What was sent, to be judged against COUNT certificates of POOL. */
struct verdict_query judging_ask(struct judging *j, const struct bytes *pool,
				 size_t count);

/* Does the server chain to a certificate of POOL that is valid now? */
bool judging_chains_to(struct judging *j, const struct pool *pool);

/* Put the certificates of POOL into the report, with FLAGS. */
void judging_report_pool(struct judging *j, const struct pool *pool,
			 unsigned flags);

/* Flag the anchors to install in the report (choose.c). */
void judging_choose(struct judging *j);

/* Ask the host's own pool (reach.c). */
void judging_check_host(struct judging *j);

/* Fill the report's verdict for each act (reach.c); false where the arena is
 * full. */
bool judging_reach(struct judging *j);

#endif
