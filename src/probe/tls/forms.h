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
 * Does Go parse a message of TYPE with BODY? True of those of which it takes
 * the body as it is (ServerKeyExchange, ClientKeyExchange, Finished), of
 * message_hash and of those that it does not know; of a ClientHello the
 * extensions are not looked into. VERSION is 0 before the ServerHello.
 */
bool form_is_right(uint8_t type, struct bytes body, uint16_t version,
		   struct go_release go);

/*
 * Does Go parse EXTENSIONS, without their length, of an entry of TLS 1.3's
 * Certificate? Of the leaf's it reads staple and timestamps.
 */
bool form_of_entry_is_right(struct bytes extensions, bool is_leaf);

#endif
