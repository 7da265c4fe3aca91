/* SPDX-License-Identifier: Apache-2.0 */
/*
 * WWW-Authenticate (RFC 9110 11.6.1), and the hosts that a registry's answer
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
 * Take the host and port off the front of URL, which begins behind its slashes,
 * and put them into OUT (443, with IS_PLAIN 80, where no port stands there).
 * Not known: user information, and what registry_parse refuses.
 */
void challenge_host(struct bytes *url, bool is_plain, struct answer_place *out);

/* The same for an absolute URL of https or http; its path is left in URL. False
 * where it is none. */
bool challenge_place(struct bytes *url, struct answer_place *out);

#endif
