/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One record of the record layer, for records.c alone. Probe process, sealed.
 */
#ifndef PROBE_RECORD_ONE_H
#define PROBE_RECORD_ONE_H

#include "probe/tls/records.h"

/* Note FORMAT, printf's, as Go's words for what ended R. Always false. */
bool record_fault(struct records *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Note that a message came which Go does not expect here. Always false. */
bool record_unexpected(struct records *r);

/* Read the next record into R, opened where it is protected; its type in
 * *TYPE. False: R's stream, alert or fault says why. */
bool record_read(struct records *r, uint8_t *type);

#endif
