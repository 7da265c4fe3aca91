/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which TLS 1.2 cipher suites Docker offers. It has two paths: the classic one
 * (docker login always; pull and push with a graphdriver store) has a list of
 * its own (docker/go-connections, tlsconfig); containerd's takes Go's. Probe
 * process. Pure.
 */
#ifndef PROBE_OFFER_H
#define PROBE_OFFER_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Does the classic path of the release DOCKER ("29.7"; NULL: the newest) offer
 * SUITE, a number of the IANA registry? TLS 1.3 suites always; of TLS 1.2
 * ECDHE with AES-GCM always, with AES-CBC-SHA before 29.0, with ChaCha20 from
 * 29.5 on.
 */
bool suites_offers(const char *docker, uint16_t suite);

#endif
