/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ASCII form of a host with other letters (xn--, RFC 3492 and 3490), for a
 * message that names it. Installer only; pure.
 */
#ifndef INSTALLER_OPTIONS_PUNYCODE_H
#define INSTALLER_OPTIONS_PUNYCODE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Write the LEN bytes at HOST, UTF-8, to OUT of SIZE bytes with each label that
 * is not ASCII in its xn-- form. False where that is no UTF-8, where a label
 * gets longer than 63 characters, and where it does not fit.
 *
 * Not done: IDNA's mapping (UTS #46). ASCII letters of such a label are
 * lower-cased and nothing else, so a capital beyond ASCII, a half-width letter
 * or an ideographic full stop gives a name that browsers would not use.
 */
bool punycode_host(const char *host, size_t len, char *out, size_t size);

#endif
