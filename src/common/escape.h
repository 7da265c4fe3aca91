/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Foreign text as printable ASCII. Both processes. Pure.
 */
#ifndef COMMON_ESCAPE_H
#define COMMON_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>

/* Is C in 0x20..0x7e, what every terminal prints as it is? */
bool escape_is_plain(unsigned char c);

/*
 * Copy LEN bytes of TEXT to OUT as printable ASCII: bytes outside 0x20..0x7e
 * and the backslash become \xNN. Always ends OUT with a NUL; what does not
 * fit in SIZE is cut at a whole escape. Returns the length without the NUL.
 */
size_t escape_text(char *out, size_t size, const void *text, size_t len);

/*
 * The same with what is secret in a URL, or in a reference with user
 * information, as ***: all before the last @, but for the scheme. The @ of an
 * image's digest hides nothing.
 */
size_t escape_masked(char *out, size_t size, const void *text, size_t len);

/*
 * Write TEXT, without a NUL in it, as one word of a POSIX shell: in single
 * quotes where it would be read as anything else. Not checked: that a terminal
 * prints it as it is. Cut where it does not fit in SIZE.
 */
void escape_shell(char *out, size_t size, const char *text);

/* The offset of the @ behind which the LEN bytes at TEXT may be shown; LEN
 * where nothing in them is secret. */
size_t escape_secret_end(const char *text, size_t len);

#endif
