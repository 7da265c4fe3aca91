/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The types of the records of wire.h, for its encoder and its decoder only.
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
