/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The certificates of a report for people, and how they were got. Installer
 * only.
 */
#ifndef INSTALLER_REPORT_CHAIN_H
#define INSTALLER_REPORT_CHAIN_H

#include <stdbool.h>
#include <stdio.h>

#include "common/wire.h"

/* Print each certificate of O that has all of FLAGS (enum
 * wire_certificate_flag). */
void chain_print(FILE *to, const char *label, const struct outcome *o,
		 unsigned flags);

struct report;

/* Print the anchors of R: those that were or are to be installed, which
 * IS_OFFER says; where nothing is written because others hold, those. */
void chain_print_anchors(FILE *to, const struct report *r, bool is_offer);

/* Print all that the server sent, in its order, with all that is known. */
void chain_print_whole(FILE *to, const struct outcome *o);

/* Print who answered, by which TLS, and what was not completed. */
void chain_print_connection(FILE *to, const struct outcome *o);

#endif
