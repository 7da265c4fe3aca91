/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A walk through one JSON document (RFC 8259) that builds nothing: the caller
 * takes value after value. Probe process, sealed. Pure.
 */
#ifndef PROBE_JSON_H
#define PROBE_JSON_H

#include <stdbool.h>

#include "common/bytes.h"
#include "common/limits.h"

enum json_kind {
	JSON_OBJECT, /* its brace is taken; its members are the caller's */
	JSON_ARRAY,  /* likewise */
	JSON_STRING, /* in the walk's text */
	JSON_NUMBER,
	JSON_BOOLEAN,
	JSON_NULL
};

struct json_value {
	enum json_kind kind;
	bool is_true;
};

/* A string with its escapes resolved. One that is longer, or holds what is no
 * ASCII, is cut: it is no name of a member and no registry. */
struct json_text {
	bool is_cut;
	size_t len;
	char data[REGISTRY_CHARS_MAX + sizeof("https://")];
};

struct json_walk {
	struct bytes left;
	struct json_text text; /* the last string that was taken */
};

/* Take C, behind blanks. False, and it is not taken, where it is not next. */
bool json_take(struct json_walk *w, char c);

/* Take a string and the colon behind it. */
bool json_take_name(struct json_walk *w);

/* Take the next value, or the beginning of an object or an array. False where
 * there is none. Not checked: that a number has the form of one; how deep it
 * lies. */
bool json_next(struct json_walk *w, struct json_value *out);

/* Is nothing left but blanks? */
bool json_at_end(struct json_walk *w);

bool json_text_is(const struct json_text *text, const char *word);

#endif
