/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The URL of a proxy, as an operator writes it into HTTPS_PROXY. Pure. Quotes
 * nothing of it in a message, because a password may stand anywhere.
 */
#ifndef PROBE_PROXYURL_H
#define PROBE_PROXYURL_H

#include "common/error.h"
#include "probe/route.h"

/*
 * Read URL, "[http://][user[:password]@]host[:port][/...]", into OUT: host,
 * port (default 80) and authorization, percent-decoded as RFC 3986 and
 * encoded as RFC 7617. Fails with ERR_USAGE; OUT is then undefined.
 */
MUST_CHECK enum err proxyurl_parse(const char *url, struct route *out,
				   struct failure *f);

#endif
