/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words in which Go's TLS client, and so Docker, says why a handshake
 * failed. Probe process. Pure.
 */
#ifndef PROBE_REFUSAL_H
#define PROBE_REFUSAL_H

#include "common/limits.h"

/*
 * Write to OUT what Go prints for the alert DESCRIPTION of the peer: "remote
 * error: tls: handshake failure"; "remote error: tls: alert(7)" for one that
 * has no name.
 */
void refusal_of_alert(int description, char out[static REFUSAL_CHARS_MAX]);

#endif
