/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The records of a probe's report, for its encoder and its decoder only: one
 * byte type, four bytes length (big-endian), content.
 */
#ifndef COMMON_WIRE_RECORD_H
#define COMMON_WIRE_RECORD_H

enum record {
	RECORD_PHASE = 1,
	RECORD_FAILURE,
	RECORD_CONNECTION,
	RECORD_SERVICE,
	RECORD_VERDICT,
	RECORD_CERTIFICATE,
	RECORD_END,
	RECORD_SETTINGS,
	RECORD_NAME, /* one of the settings' */
	RECORD_COUNT_
};

#define RECORD_LENGTH_BYTES 4

#endif
