/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The members of a JSON object (RFC 8259), each behind a comma. Installer only.
 */
#ifndef INSTALLER_REPORT_JSON_VALUE_H
#define INSTALLER_REPORT_JSON_VALUE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "common/bytes.h"

/* Print TEXT as a string. Bytes that are no UTF-8 become U+FFFD: a path may
 * hold any, a JSON text none. */
void json_string(FILE *to, struct bytes text);

/* Print `,"KEY":`. */
void json_key(FILE *to, const char *key);

/* Print a member; null for a TEXT that is NULL or empty. */
void json_text(FILE *to, const char *key, const char *text);
void json_bytes(FILE *to, const char *key, struct bytes text);
void json_bool(FILE *to, const char *key, bool value);

/* Print SECONDS since 1970 as RFC 3339 has them. */
void json_time(FILE *to, const char *key, int64_t seconds);

#endif
