/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a Location leads from https://host/v2/ (RFC 9110 10.2.2, RFC 3986 5.2),
 * as Go's client takes it. Probe process, sealed. Pure.
 */
#ifndef PROBE_LOCATION_H
#define PROBE_LOCATION_H

#include "probe/judge/answer.h"

/*
 * Put where VALUE leads into OUT. Not known: an empty one, which Go's client
 * takes for none, and another scheme than http and https, with which it fails.
 * A host that is no name of a registry (an underscore, user information) leaves
 * OUT's registry empty: Docker goes there all the same, and nobody else does.
 *
 * Not done: dot segments are not removed, so that /./v2/ counts as another
 * path.
 */
void location_read(struct bytes value, struct answer_place *out);

#endif
