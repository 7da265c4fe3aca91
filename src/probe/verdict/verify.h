/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two halves of a verdict, for those who judge one chain against several
 * pools. Probe process. No heap of ours.
 */
#ifndef VERDICT_VERIFY_H
#define VERDICT_VERIFY_H

#include "probe/verdict/path/pool.h"
#include "probe/verdict/verdict.h"

/*
 * What crypto/tls does with each certificate that Q says was sent before it
 * verifies: parse it, and bound its key. SENT has room for them and gets them,
 * leaf first. On anything but VERDICT_ACCEPTED Go's words are appended to T.
 */
enum verdict_code verify_parse(const struct verdict_query *q, struct pool *sent,
			       struct text *t);

/*
 * What it does then, with POOL for roots: x509's Verify, and a look at the
 * leaf's key. T as above; q->pool is not looked at.
 */
enum verdict_code verify_pool(const struct verdict_query *q,
			      const struct pool *pool, const struct pool *sent,
			      struct text *t);

#endif
