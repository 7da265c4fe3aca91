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

/* Where a text is printed: what must be escaped there differs. */
enum uri_place { URI_IN_USER, URI_IN_HOST, URI_IN_PATH, URI_IN_FRAGMENT };

/* The index of the first or last C in B; B.len if there is none. */
size_t uri_find(struct bytes b, char c);
size_t uri_find_last(struct bytes b, char c);

/* A letter or digit of ASCII? */
bool uri_is_alpha(uint8_t c);
bool uri_is_digit(uint8_t c);

/* Does B begin with "%25", the escape of the escape? */
bool uri_is_percent_25(struct bytes b);

/*
 * Check an escaped part and, if OUT is not NULL, append it unescaped. False:
 * WHY says what Go says.
 */
bool uri_unescape(struct bytes b, enum uri_part part, struct text *out,
		  struct text *why);

/* Append B, which is not escaped, with what PLACE needs escaped (Go's escape).
 */
void uri_escape(struct text *t, struct bytes b, enum uri_place place);

/*
 * Append B, which is escaped, as Go's EscapedPath: as it stands if its
 * characters may all stand in PLACE, else resolved and escaped anew.
 */
void uri_escape_again(struct text *t, struct bytes b, enum uri_place place);

/* Append BEFORE, QUOTED by Go's %q and AFTER. False. */
bool uri_refuse_quoting(struct text *why, const char *before,
			struct bytes quoted, const char *after);

/*
 * Read the authority B of OUT, whose scheme is known: HOST gets its host with
 * port, unescaped. False: WHY says what Go says.
 */
bool uri_parse_authority(struct uri *out, struct bytes b,
			 struct go_release release, struct text *host,
			 struct text *why);

#endif
