/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages of the handshake of which nothing but their form matters: Go's
 * client parses each before it asks whether it waits for it. Probe process,
 * sealed. Pure.
 */
#ifndef PROBE_FORMS_H
#define PROBE_FORMS_H

#include <stdbool.h>

#include "common/bytes.h"
#include "probe/verdict/x509/go_release.h"

/*
 * Does Go parse a message of TYPE with BODY: HelloRequest, ServerHelloDone,
 * EndOfEarlyData (empty), KeyUpdate, NewSessionTicket, CertificateRequest,
 * CertificateStatus? True of every other type: those are read elsewhere.
 */
bool form_is_right(uint8_t type, struct bytes body, bool is13,
		   struct go_release go);

/*
 * Does Go parse EXTENSIONS, without their length, of an entry of TLS 1.3's
 * Certificate? Of the leaf's it reads staple and timestamps.
 */
bool form_of_entry_is_right(struct bytes extensions, bool is_leaf);

#endif
