/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cases that a verdict alone does not tell apart. Probe process. Pure.
 */
#ifndef VERDICT_REMARK_H
#define VERDICT_REMARK_H

#include "probe/verdict/verdict.h"

/*
 * Look closer at what was sent for a verdict that V is on Q. REMARK_NONE where
 * nothing more can be said. The sentences are the installer's.
 */
enum verdict_remark remark_find(const struct verdict_query *q,
				const struct verdict *v);

#endif
