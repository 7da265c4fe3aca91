/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The URL of a proxy, as an operator writes it into HTTPS_PROXY. Pure. Quotes
 * nothing of it in a message, because a password may stand anywhere.
 */
#ifndef PROBE_PROXY_URL_H
#define PROBE_PROXY_URL_H

#include "common/error.h"
#include "probe/connect/route.h"

/*
 * Read URL, "[http://][user[:password]@]host[:port][/...]", into OUT: host,
 * port (default 80) and authorization, percent-decoded as RFC 3986 and
 * encoded as RFC 7617. Fails with ERR_PROXY; OUT is then undefined.
 */
MUST_CHECK enum err proxy_url_parse(const char *url, struct route *out,
				    struct failure *f);

#endif
