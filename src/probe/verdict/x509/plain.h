/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates of such plain form that every parser that Go ever had reads
 * them alike. Probe process. Pure.
 */
#ifndef VERDICT_PLAIN_H
#define VERDICT_PLAIN_H

#include "probe/verdict/x509/certificate.h"

/*
 * Is C, which was parsed, of plain form? Version 3 with the extensions that
 * CAs use (not name constraints) and nothing behind their values, or version 1
 * without any; DNS names and addresses, names of printable, IA5 or UTF-8 text,
 * a known key and algorithm, whole octets. What has other forms may be as good;
 * only nothing is known of it.
 */
bool plain_is(const struct certificate *c);

/* A part of it: [3] with its header, and nothing after it. */
bool plain_are_extensions(struct bytes extensions);

#endif
