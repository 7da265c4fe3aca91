/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is the header of an HTTP answer one that Go's client takes? Every reader of
 * certs.d has that client, and ends with "malformed MIME header line" and the
 * like where curl is content. Probe process, sealed. Pure.
 */
#ifndef PROBE_HEADER_H
#define PROBE_HEADER_H

#include "common/bytes.h"

enum header_state {
	HEADER_TAKEN,
	/* Every release of Go refuses it: no status line, a first field that
	 * begins with a blank, a field without a colon, a Content-Length that
	 * is no number or two that differ, a Transfer-Encoding that is not
	 * chunked. */
	HEADER_REFUSED,
	/* Releases differ (odd octets in a name or a value, more than five
	 * interim answers), the status line is odd, fields are promised behind
	 * a chunked body, or the end of it has not come. */
	HEADER_UNKNOWN
};

/*
 * Check TEXT, what came of an answer: interim ones (1xx), then the final one up
 * to the line that ends its header. A line ends with LF, with or without CR.
 * Not checked: the body, and what the fields say beside those two.
 */
enum header_state header_check(struct bytes text);

#endif
