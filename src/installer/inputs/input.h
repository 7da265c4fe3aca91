/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file that an option names, or standard input, as bytes. Installer only.
 */
#ifndef INSTALLER_INPUTS_INPUT_H
#define INSTALLER_INPUTS_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/error.h"

/* Whose file it is, for messages. */
struct input {
	const char *option; /* the flag that names it */
	const char *path;   /* "-" is standard input */
	bool in_image;	    /* advice is to be for a container */
	int stop_fd;	    /* readable: nothing more is waited for; 0: none */
};

/*
 * Read all of IN into BUFFER of SIZE bytes and store the length in *LEN; what
 * is as long as BUFFER is too large. ERR_USAGE with the reason and what to do
 * about it where it cannot be opened or read, is empty or too large.
 * ERR_STOPPED when a pipe or terminal had not come to its end by then.
 */
MUST_CHECK enum err input_read(const struct input *in, void *buffer,
			       size_t size, size_t *len, struct failure *f);

/* Is IN standard input? */
bool input_is_stdin(const struct input *in);

/* Fill F with `OPTION PATH: WHY`, ERR_USAGE. */
enum err input_fail(const struct input *in, const char *why, struct failure *f);

/* Put something that takes all in the place of whichever of 0, 1 and 2 the
 * process has been started without: nothing that is opened later is then taken
 * for one of them. */
void input_complete(void);

#endif
