/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of an HTTP header, for those who read one: its form (header.h), its
 * fields (answer.h), its challenges (challenge.h). Probe process, sealed. Pure.
 */
#ifndef PROBE_LINE_H
#define PROBE_LINE_H

#include "common/bytes.h"

/* Cut the next line off TEXT, into LINE without its end: LF or CRLF, as Go's
 * net/textproto takes both. False, with both as they were, when no whole one
 * is left. */
bool line_next(struct bytes *text, struct bytes *line);

/*
 * The status in LINE, the first of an answer, as Go's net/http reads it: three
 * digits up to a blank or the end, behind HTTP/x.y and blanks. LINE_REFUSED
 * where every release ends with "malformed HTTP response" or the like; 0 where
 * they differ (a version of more digits), and for the status 000 and "+20".
 */
#define LINE_REFUSED (-1)
int line_status(struct bytes line);

/* May C stand in a token (RFC 9110 5.6.2): a field's name, a scheme, a
 * parameter's value without quotes? */
bool line_is_token(uint8_t c);

/* Optional white space (RFC 9110 5.6.3): a space or a tab. */
bool line_is_blank(uint8_t c);

/* TEXT without such at its ends. */
struct bytes line_trim(struct bytes text);

#endif
