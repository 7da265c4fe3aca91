/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules of Go's net/http and net/textproto; see header.h.
 */
#include "probe/judge/header.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "common/limits.h"
#include "probe/judge/line.h"

/* What has been met in one header. */
struct reading {
	enum header_state state;
	/* Of Content-Length, which does not count beside a coding. */
	enum header_state length_state;
	bool has_length;
	struct bytes length;
	bool has_coding, has_trailer;
	bool is_first; /* no field yet */
};

/* The worse of the two stays: what is refused by all is not in doubt. */
static void heed(enum header_state *kept, enum header_state state)
{
	if (*kept != HEADER_REFUSED)
		*kept = state;
}

static bool is_token(struct bytes name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!line_is_token(name.data[i]))
			return false;
	return name.len != 0;
}

static bool is_text(struct bytes value)
{
	for (size_t i = 0; i < value.len; i++)
		if ((value.data[i] < ' ' && value.data[i] != '\t') ||
		    value.data[i] == 0x7f)
			return false;
	return true;
}

/* Without a digit releases differ, and where it is too large for them. */
static void heed_length(struct reading *r, struct bytes value)
{
	if (!value.len || value.len > HEADER_LENGTH_DIGITS)
		heed(&r->length_state, HEADER_UNKNOWN);
	for (size_t i = 0; i < value.len; i++)
		if (value.data[i] < '0' || value.data[i] > '9')
			heed(&r->length_state, HEADER_REFUSED);
	if (r->has_length && !bytes_equal(r->length, value))
		heed(&r->length_state, HEADER_REFUSED);
	r->has_length = true;
	r->length = value;
}

/* "identity" was taken before Go 1.15, and any in HTTP/1.0. */
static void heed_coding(struct reading *r, struct bytes value, bool is_old)
{
	if (bytes_are_alike(value, "identity") || is_old)
		heed(&r->state, HEADER_UNKNOWN);
	else if (r->has_coding || !bytes_are_alike(value, "chunked"))
		heed(&r->state, HEADER_REFUSED);
	r->has_coding = true;
}

static void heed_field(struct reading *r, struct bytes line, bool is_old)
{
	const uint8_t *colon = memchr(line.data, ':', line.len);
	struct bytes name, value;

	/* Behind another field it goes on with that one's value. */
	if (line_is_blank(*line.data) && !r->is_first) {
		if (!is_text(line))
			heed(&r->state, HEADER_UNKNOWN);
		return;
	}
	if (!colon || line_is_blank(*line.data)) {
		heed(&r->state, HEADER_REFUSED);
		return;
	}
	r->is_first = false;
	name = (struct bytes){line.data, (size_t)(colon - line.data)};
	value = line_trim((struct bytes){colon + 1, line.len - name.len - 1});
	if (!is_token(name) || !is_text(value))
		heed(&r->state, HEADER_UNKNOWN);
	if (bytes_are_alike(name, "Content-Length"))
		heed_length(r, value);
	else if (bytes_are_alike(name, "Transfer-Encoding"))
		heed_coding(r, value, is_old);
	else if (bytes_are_alike(name, "Trailer"))
		r->has_trailer = true;
}

/* May TEXT, which has no whole line yet, become an answer? */
static bool could_begin(struct bytes text)
{
	static const char first[] = "HTTP/";
	size_t len =
		text.len < sizeof(first) - 1 ? text.len : sizeof(first) - 1;

	return !len || !memcmp(text.data, first, len);
}

/* Read one header off TEXT. Where its end has not come, what is refused is
 * refused all the same. */
static enum header_state read_one(struct bytes *text, int *status)
{
	struct reading r = {.state = HEADER_TAKEN,
			    .length_state = HEADER_TAKEN,
			    .is_first = true};
	struct bytes line;
	bool is_old;

	if (!line_next(text, &line)) {
		*status = 0;
		return could_begin(*text) ? HEADER_UNKNOWN : HEADER_REFUSED;
	}
	*status = line_status(line);
	if (*status <= 0)
		return *status ? HEADER_REFUSED : HEADER_UNKNOWN;
	is_old = line.data[5] == '0' || line.data[7] == '0';
	while (line_next(text, &line) && line.len)
		heed_field(&r, line, is_old);
	if (line.len)
		heed(&r.state, HEADER_UNKNOWN);
	/* Go refuses some names in it. */
	if (r.has_coding && r.has_trailer)
		heed(&r.state, HEADER_UNKNOWN);
	if (!r.has_coding && r.length_state != HEADER_TAKEN)
		heed(&r.state, r.length_state);
	return r.state;
}

/* see header.h */
enum header_state header_check(struct bytes text)
{
	enum header_state state;
	int status;

	for (int interim = 0; interim <= HEADER_INTERIM_MAX; interim++) {
		state = read_one(&text, &status);
		/* 101 is a final answer to it, of another protocol. */
		if (state != HEADER_TAKEN || status / 100 != 1 || status == 101)
			return state;
	}
	return HEADER_UNKNOWN;
}
