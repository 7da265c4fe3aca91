/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What bounds the way to a server, and what is read of it before and after
 * TLS: names, addresses, proxies and the header of an answer. A part of
 * limits.h.
 */
#ifndef COMMON_LIMITS_NETWORK_H
#define COMMON_LIMITS_NETWORK_H

/* Addresses kept and tried per name: one socket each, all begun within 8 s
 * at the stagger below. DNS load balancers answer with a handful. */
#define ADDRESSES_MAX 32

/* RFC 8305 section 8: the delay before the next address is tried as well. */
#define DIAL_STAGGER_MS 250

/* User name and password of a proxy; room for a token as the password. */
#define PROXY_CREDENTIALS_MAX 1024

/* A proxy's reply up to the blank line: what servers allow a request's
 * header (8 KiB, with Kerberos 16), the other way round. */
#define PROXY_REPLY_MAX (16 * 1024)

/* Header of the answer to GET /v2/: Go's default is 1 MiB, real ones have
 * less than 1 KiB. */
#define HTTP_HEADER_BYTES_MAX (16 * 1024)

/* Interim answers (1xx) before the one that counts: Go before 1.23 gives up
 * at the sixth. */
#define HEADER_INTERIM_MAX 5

/* Digits of a Content-Length that no release of Go finds too large. */
#define HEADER_LENGTH_DIGITS 18

/* Of a proxy's status line as much as an operator wants to read. */
#define PROXY_STATUS_CHARS_MAX 120

/* DNS servers that libc asks (MAXNS of both musl and glibc). */
#define NAMESERVERS_MAX 3

/* Of /etc/resolv.conf and /etc/hosts: a container's have a few lines, but with
 * the network of its machine it has that one's, and lists of hosts to block
 * come with hundreds of KiB; and a line of the first, as musl reads it. */
#define NETFILE_BYTES_MAX (1024 * 1024)
#define RESOLV_LINE_MAX	  254

/* More dots than any name that is looked up below a domain first, as in Go. */
#define NDOTS_MAX 15

/* How long DNS servers are asked once more, for a reason to report: more
 * than a round trip, less than anybody minds after a failure. */
#define DNS_CAUSE_MS 1000

#endif
