/* SPDX-License-Identifier: Apache-2.0 */
/*
 * WWW-Authenticate (RFC 9110 11.6.1) and the places that a registry's answer
 * names. Probe process, sealed. Pure.
 */
#ifndef PROBE_CHALLENGE_H
#define PROBE_CHALLENGE_H

#include "probe/judge/answer.h"

/* Does VALUE begin with SCHEME, in any case, as a whole word? */
bool challenge_is(struct bytes value, const char *scheme);

/* Put where the realm of VALUE, a Bearer challenge, is into OUT; not known if
 * it has none that can be read. */
void challenge_realm(struct bytes value, struct answer_place *out);

/*
 * Put where URL is into OUT: https and http with host and port (443 and 80
 * where none stands there); with RELATIVE also a path, which is here. Not
 * known: other schemes, user information, what registry_parse refuses.
 */
void challenge_place(struct bytes url, bool relative, struct answer_place *out);

#endif
