/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A value as operators hand it over: with the line end of a secret's file, the
 * quotes of an env file, the hyphens of a YAML list, the byte order mark of an
 * editor. Installer only; pure.
 */
#ifndef INSTALLER_OPTIONS_ITEMS_H
#define INSTALLER_OPTIONS_ITEMS_H

#include <stdbool.h>
#include <stddef.h>

/* A view of an operator's text; it need not end in NUL. */
struct item {
	const char *text;
	size_t len;
};

/* TEXT up to its NUL. */
struct item item_of(const char *text);

/*
 * ITEM without the white space at its ends, ASCII or Unicode (a pasted no-break
 * space, a byte order mark), and without one pair of like quotes around the
 * rest. White space inside the quotes goes too.
 */
struct item item_clean(struct item item);

/* Does ITEM hold exactly WORD: in either case; letter for letter? */
bool item_is(struct item item, const char *word);
bool item_equals(struct item item, const char *word);

/*
 * Take the next item off REST: items stand between white space and commas, and
 * are clean. The hyphens of a list by lines (`- a`) and empty items are passed
 * over. False at the end.
 */
bool item_next(struct item *rest, struct item *item);

#endif
