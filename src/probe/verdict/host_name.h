/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Host names and the patterns in certificates, as Go compares them. Probe
 * process. Pure.
 */
#ifndef VERDICT_HOST_NAME_H
#define VERDICT_HOST_NAME_H

#include "probe/verdict/x509/go_release.h"

/* Go's validHostname; a PATTERN may begin with the label "*". */
bool host_name_is_valid(struct bytes host, bool pattern,
			struct go_release release);

/* Label by label; a first label "*" of PATTERN stands for any one. */
bool host_name_matches(struct bytes pattern, struct bytes host);

/* Is NAME, a dNSName, for HOST? What is no host name must be equal. */
bool host_name_is_for(struct bytes name, struct bytes host,
		      struct go_release release);

#endif
