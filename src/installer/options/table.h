/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything about an option in one row, for its parser and for the help text.
 * Installer only.
 */
#ifndef INSTALLER_OPTIONS_TABLE_H
#define INSTALLER_OPTIONS_TABLE_H

#include <stddef.h>
#include <stdint.h>

enum option_kind {
	KIND_MODE,     /* choice is the enum options_mode */
	KIND_SWITCH,   /* a bool at field */
	KIND_DURATION, /* milliseconds at field, up to choice */
	KIND_FILE,     /* a string at field */
	KIND_RELEASE,  /* a string at field: digits and dots */
	KIND_PINS,
	KIND_ON_CHANGE,
	KIND_OUTPUT,
	KIND_STORE,
	KIND_CERTS_DIR
};

struct option {
	const char *flag;     /* with its two hyphens */
	const char *variable; /* or NULL */
	const char *argument; /* its name in the help; NULL: takes none */
	const char *help;     /* one line; NULL: on the next row's */
	enum option_kind kind;
	size_t field; /* offset in struct options */
	int64_t choice;
};

/* In the order of the help text; the last has no flag. The long form of each is
 * in docs/options.txt: the manual is made of both (scripts/manual). */
extern const struct option options_table[];

/* The row of the flag that the LEN bytes at TEXT are, or NULL. */
const struct option *table_find(const char *text, size_t len);

#endif
