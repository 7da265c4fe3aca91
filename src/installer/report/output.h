/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way to standard output and standard error. Whoever reads there may be
 * slow, a pager or a terminal that is halted: SIGTERM and SIGINT, which the
 * process blocks (signals.h), end the wait for him. Installer only.
 */
#ifndef INSTALLER_REPORT_OUTPUT_H
#define INSTALLER_REPORT_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*
 * Write the LEN bytes of TEXT, to standard error where IS_ERROR. What a reader
 * does not take before one of the signals is pending is lost, and so is what
 * cannot be written: what was done to certs.d, and the exit code that says it,
 * hold all the same.
 */
void output_text(bool is_error, const char *text, size_t len);

/* A text in the making; on the stack of whoever makes it. */
struct output {
	FILE *to; /* NULL where memory is short */
	char *text;
	size_t len;
	bool is_error;
};

/* Begin a text; what is printed to the stream goes out with output_end. Where
 * memory is short it goes out at once, however slow the reader is. */
FILE *output_begin(struct output *out, bool is_error);
void output_end(struct output *out);

#endif
