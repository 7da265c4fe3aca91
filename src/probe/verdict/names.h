/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is a certificate for this host? As Go's VerifyHostname. Probe process. Pure.
 */
#ifndef VERDICT_NAMES_H
#define VERDICT_NAMES_H

#include "probe/verdict/x509/certificate.h"

enum names_result {
	NAMES_MATCH,
	NAMES_ONLY_CN, /* the common name would match; Go wants a SAN */
	NAMES_NONE,    /* no name of the kind that the host is */
	NAMES_OTHER,   /* names, but others */
};

/*
 * HOST is what Docker connects to, without port: a name, an IPv4 address, or
 * an IPv6 address with or without brackets. On anything but NAMES_MATCH, and
 * with WHY not NULL, Go's text is appended.
 */
enum names_result names_check(const struct certificate *c, struct bytes host,
			      struct go_release release, struct text *why);

#endif
