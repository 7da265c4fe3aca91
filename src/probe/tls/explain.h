/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why a TLS handshake brought no certificate, in the operator's words. Probe
 * process, sealed. Judges only what the stream and the last alert show.
 */
#ifndef PROBE_EXPLAIN_H
#define PROBE_EXPLAIN_H

#include "common/error.h"
#include "probe/tls/stream.h"

/* No fatal alert was received. */
#define EXPLAIN_NO_ALERT (-1)

/*
 * Fill F and return its class: ERR_TIMEOUT, ERR_LIMIT or ERR_CONNECT for what
 * befell S, else ERR_TLS. ALERT is the description of the fatal alert that the
 * server sent, or EXPLAIN_NO_ALERT; OTHERWISE says what went wrong where
 * neither of them does. Docker's own words for an alert are given as well; for
 * handshake_failure with what it offers and we do not.
 */
enum err explain_handshake(const struct stream *s, int alert,
			   const char *otherwise, struct failure *f);

#endif
