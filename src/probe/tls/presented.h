/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The certificates that a server presents, raw: as they were sent, whoever can
 * read them. No code.
 */
#ifndef PROBE_PRESENTED_H
#define PROBE_PRESENTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/limits.h"

/* Leaf first; views into storage, which holds the whole message, and behind it
 * each later message of the handshake in turn. */
struct presented {
	size_t count;
	struct bytes certs[CHAIN_CERTS_MAX];
	bool cut; /* there were more than there is room for */
	uint8_t storage[CHAIN_BYTES_MAX + HANDSHAKE_MESSAGE_MAX];
};

#endif
