/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Our own words in a report for people: lines under the one that says how a
 * registry ended, each with its label, none wider than a terminal's 80 columns.
 * Words of others are quote.h's. Installer only.
 */
#ifndef INSTALLER_REPORT_DETAIL_H
#define INSTALLER_REPORT_DETAIL_H

#include <stdio.h>

#include "common/bytes.h"

/* Print TEXT behind LABEL, broken at blanks where it is longer than a line; a
 * word that is longer than that stays whole. */
void detail_print(FILE *to, const char *label, const char *text);

/* Print the fingerprint of DER in a line of its own: with a label it would not
 * fit one, and it is copied whole. */
void detail_fingerprint(FILE *to, struct bytes der);

#endif
