/* SPDX-License-Identifier: Apache-2.0 */
/*
 * URIs in certificates, read as strictly as Go's net/url. Probe process. Pure.
 */
#ifndef VERDICT_URI_H
#define VERDICT_URI_H

#include "probe/verdict/x509/go_release.h"
#include "probe/verdict/x509/text.h"

/*
 * Would url.Parse take URI? HOST (an open text) gets its host with port, and
 * brackets, unescaped; a host that does not fit is cut there. False: WHY says
 * what Go says (`parse "http://a b/": invalid character " " in host name`).
 */
bool uri_parse(struct bytes uri, struct go_release release, struct text *host,
	       struct text *why);

/*
 * Append URI as Go's URL.String prints it, as far as: scheme in lower case, an
 * "@" in the user as %40, the rest as it stands.
 */
void uri_print(struct text *t, struct bytes uri);

#endif
