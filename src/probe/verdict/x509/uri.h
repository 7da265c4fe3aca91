/* SPDX-License-Identifier: Apache-2.0 */
/*
 * URIs in certificates, read as strictly as Go's net/url. Probe process. Pure.
 */
#ifndef VERDICT_URI_H
#define VERDICT_URI_H

#include "probe/verdict/x509/go_release.h"
#include "probe/verdict/x509/text.h"

/* A URI in its parts, as they stand: escaped, views. */
struct uri {
	struct bytes scheme, opaque, user, path, query, fragment;
	bool has_authority, has_user, has_query;
};

/*
 * Would url.Parse take TEXT? OUT gets its parts, HOST (an open text) its host
 * with port, and brackets, unescaped; a host that does not fit is cut there.
 * False: WHY says what Go says (`parse "http://a b/": invalid character " " in
 * host name`).
 */
bool uri_parse(struct bytes text, struct go_release release, struct uri *out,
	       struct text *host, struct text *why);

/*
 * Append TEXT, which uri_parse took, as Go's URL.String prints it. A host or a
 * path of more than NAME_PART_CHARS_MAX is cut.
 */
void uri_print(struct text *t, struct bytes text, struct go_release release);

#endif
