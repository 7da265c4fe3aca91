/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A point in time of a certificate, read and printed as Go does (zone kept).
 * Probe process. Pure.
 */
#ifndef VERDICT_MOMENT_H
#define VERDICT_MOMENT_H

#include "probe/verdict/x509/der.h"
#include "probe/verdict/x509/text.h"

struct moment {
	int64_t seconds;      /* since 1970-01-01 UTC */
	int16_t zone_minutes; /* the offset it was written with */
};

/*
 * Read a UTCTime or GeneralizedTime in the forms that Go's cryptobyte takes:
 * YYMMDDhhmm[ss] and YYYYMMDDhhmmss, each with Z or +hhmm; no fractions.
 * ZONE_BOUNDED: zone hours above 24 are refused (Go 1.23 on). False: WHY says
 * what Go says ("x509: malformed UTCTime", ...).
 */
bool moment_read(struct bytes *in, bool zone_bounded, struct moment *out,
		 struct text *why);

/* Append M as Go's time.RFC3339: 2034-01-01T00:00:00Z or with +hh:mm. */
void moment_print(struct text *t, struct moment m);

#endif
