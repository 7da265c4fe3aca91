/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every number that bounds a TLS handshake, with its unit and reason; included
 * by limits.h.
 */
#ifndef COMMON_LIMITS_TLS_H
#define COMMON_LIMITS_TLS_H

/* All that a server may send us: the chain, the rest of the handshake, and an
 * answer; endless alerts and records end here. */
#define HANDSHAKE_BYTES_MAX (512 * 1024)

/* A handshake message but for Certificate (CHAIN_BYTES_MAX), and records in a
 * row that carry no handshake (warnings, ChangeCipherSpec): Go's limits. */
#define HANDSHAKE_MESSAGE_MAX (64 * 1024)
#define USELESS_RECORDS_MAX   16

/* TLS 1.2, what a ServerKeyExchange signs: type of curve, group, point. */
#define PARAMETERS_12_MAX (1 + 2 + 1 + 255)

/* Our ClientHello: with the longest name, about 900 octets. */
#define HELLO_BYTES_MAX 1536

/* What waits to be sent in one write: the ClientHello; or Certificate,
 * ClientKeyExchange, Finished and the request. */
#define RECORDS_OUT_MAX 2048

/* Go's words for a failed handshake, with their NUL: the longest is a signature
 * error with the advice about small RSA keys. */
#define REFUSAL_CHARS_MAX 192

#endif
