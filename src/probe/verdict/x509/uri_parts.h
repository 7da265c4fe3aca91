/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parts of uri.c: characters and escapes, and the authority. Probe process.
 * Pure.
 */
#ifndef VERDICT_URI_PARTS_H
#define VERDICT_URI_PARTS_H

#include "probe/verdict/x509/uri.h"

/* How much of the characters a part of a URI may have unescaped. */
enum uri_part { URI_FREE, URI_HOST, URI_ZONE };

/* The index of the first or last C in B; B.len if there is none. */
size_t uri_find(struct bytes b, char c);
size_t uri_find_last(struct bytes b, char c);

/* A letter or digit of ASCII? */
bool uri_is_alpha(uint8_t c);
bool uri_is_digit(uint8_t c);

/* Does B begin with "%25", the escape of the escape? */
bool uri_is_percent_25(struct bytes b);

/* The scheme's length; 0: none. False: an empty one before a colon. */
bool uri_find_scheme(struct bytes b, size_t *len);

/*
 * Check an escaped part and, if OUT is not NULL, append it unescaped. False:
 * WHY says what Go says.
 */
bool uri_unescape(struct bytes b, enum uri_part part, struct text *out,
		  struct text *why);

/* Append MESSAGE, or BEFORE, QUOTED by Go's %q and AFTER. False. */
bool uri_refuse(struct text *why, const char *message);
bool uri_refuse_quoting(struct text *why, const char *before,
			struct bytes quoted, const char *after);

/*
 * Read the authority B of a URI of SCHEME: HOST gets its host with port,
 * unescaped. False: WHY says what Go says.
 */
bool uri_parse_authority(struct bytes scheme, struct bytes b,
			 struct go_release release, struct text *host,
			 struct text *why);

#endif
